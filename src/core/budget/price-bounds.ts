import { decimal, type Decimal } from '../../decimal.ts';
import type { Endpoint, Model, Price, Pricing } from '../../apis/catalogue.ts';
import { effectivePricing } from '../price/effective.ts';
import { isUnpriced, priceKind } from '../price/kind.ts';
import { type ExtraCosts, NO_EXTRA, searchCost } from './extra-costs.ts';

/** The maximum prices at one endpoint that may answer. USD, per token and per request. */
export interface PriceBound {
  prompt: Decimal;
  completion: Decimal;
  fee: Decimal;
  /** Price of a web search; undefined if it is not known. */
  search?: Decimal | undefined;
  /** Longest possible answer in tokens; undefined if it is not known. */
  mostOutput?: number | undefined;
}

/** A model that may answer, and what is known of it. */
export interface AskedModel {
  /** Undefined: it is not in the catalogue, or there is no catalogue. */
  model: Model | undefined;
  /** Undefined: not available. */
  endpoints: readonly Endpoint[] | undefined;
}

/**
 * Returns the prices of all endpoints that may answer, each at its highest for this prompt: cache writes and reasoning may cost more than plain
 * tokens. Undefined if the price of one of the models is not known in advance. `isComplete`: no endpoint can be more expensive than those in the
 * list.
 */
export function priceBounds(
  asked: readonly AskedModel[],
  promptTokens: number,
  at: Date,
): { bounds: readonly PriceBound[]; isComplete: boolean } | undefined {
  const bounds: PriceBound[] = [];
  let isComplete = true;
  for (const { model, endpoints } of asked) {
    if (model === undefined || isUnpriced(priceKind(model))) return undefined;
    const places = endpoints === undefined || endpoints.length === 0 ? [model] : endpoints;
    if (places[0] === model) isComplete = false;
    for (const place of places) {
      const bound = boundAt(place.pricing, promptTokens, at);
      if (bound === undefined) return undefined;
      bounds.push({ ...bound, mostOutput: place.maxCompletionTokens ?? model.maxCompletionTokens ?? model.contextLength });
    }
  }
  return { bounds, isComplete };
}

function boundAt(pricing: Pricing, promptTokens: number, at: Date): Omit<PriceBound, 'mostOutput'> | undefined {
  const prices = effectivePricing(pricing, { promptTokens, at });
  const prompt = highest(prices.prompt, prices.cacheWrite);
  const completion = highest(prices.completion, prices.internalReasoning, prices.imageOutput);
  const fee = highest(prices.request);
  if (prompt === undefined || completion === undefined || fee === undefined) return undefined;
  return { prompt, completion, fee, search: typeof prices.webSearch === 'object' ? prices.webSearch : undefined };
}

/** Undefined if one of the prices depends on where a router sends the request. */
function highest(...prices: readonly (Price | undefined)[]): Decimal | undefined {
  let most = decimal(0);
  for (const price of prices) {
    if (price === 'varies') return undefined;
    if (price !== undefined && price.gt(most)) most = price;
  }
  return most;
}

/** Returns the maximum cost of a prompt and an answer of these sizes at one endpoint. The endpoint's own limit applies to the answer. */
export function costAt(bound: PriceBound, promptTokens: number, outputTokens: number, extra: ExtraCosts = NO_EXTRA): Decimal {
  const output = Math.min(outputTokens, bound.mostOutput ?? outputTokens);
  return bound.prompt
    .times(promptTokens * extra.rounds + extra.addedTokens)
    .plus(bound.completion.times(output).times(extra.rounds))
    .plus(bound.fee.times(extra.rounds))
    .plus(searchCost(extra, bound.search));
}
