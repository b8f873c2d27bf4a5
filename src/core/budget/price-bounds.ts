import { decimal, type Decimal, isZero } from '../../decimal.ts';
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
export function priceBounds(asked: readonly AskedModel[], promptTokens: number, at: Date): PriceBounds | undefined {
  const known = constant.get(asked);
  if (known !== undefined) return known;
  const found = boundsOf(asked, promptTokens, at);
  if (found !== undefined && asked.every(hasOnePrice)) constant.set(asked, found);
  return found;
}

interface PriceBounds {
  bounds: readonly PriceBound[];
  isComplete: boolean;
}

/** Bounds that depend neither on the prompt nor on the time. A server gets the same list for many requests. */
const constant = new WeakMap<readonly AskedModel[], PriceBounds>();

function hasOnePrice({ model, endpoints = [] }: AskedModel): boolean {
  return model?.pricing.overrides.length === 0 && endpoints.every(({ pricing }) => pricing.overrides.length === 0);
}

function boundsOf(asked: readonly AskedModel[], promptTokens: number, at: Date): PriceBounds | undefined {
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

const ZERO = decimal(0);

/** Undefined if one of the prices depends on where a router sends the request. */
function highest(...prices: readonly (Price | undefined)[]): Decimal | undefined {
  let most = ZERO;
  for (const price of prices) {
    if (price === 'varies') return undefined;
    if (price !== undefined && price.gt(most)) most = price;
  }
  return most;
}

/** Returns the maximum cost of a prompt and an answer of these sizes at one endpoint. The endpoint's own limit applies to the answer. */
export function costAt(bound: PriceBound, promptTokens: number, outputTokens: number, extra: ExtraCosts = NO_EXTRA): Decimal {
  const output = Math.min(outputTokens, bound.mostOutput ?? outputTokens);
  let cost = bound.prompt.times(promptTokens * extra.rounds + extra.addedTokens);
  // A server calculates this several times for each request, and most requests have neither fees nor searches.
  if (output > 0) cost = cost.plus(bound.completion.times(output).times(extra.rounds));
  if (!isZero(bound.fee)) cost = cost.plus(bound.fee.times(extra.rounds));
  return extra.searches === 0 ? cost : cost.plus(searchCost(extra, bound.search));
}
