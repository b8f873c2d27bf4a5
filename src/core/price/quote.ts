import { decimal, type Decimal } from '../../decimal.ts';
import type { Model, Price, Pricing, UnitPrices } from '../../apis/catalogue.ts';
import { effectivePricing } from './effective.ts';
import { isUnpriced, priceKind, type Unpriced } from './kind.ts';
import { cacheWritePrice, ownPrice } from './own-price.ts';

/** The size of one request. */
export interface Workload {
  /** Tokens of the prompt's text, including cached ones. */
  promptTokens: number;
  /** Tokens of the answer, including reasoning. */
  completionTokens: number;
  /** Part of promptTokens that is read from a cache. Default 0. */
  cachedTokens?: number | undefined;
  /** Another part of promptTokens, written to a cache that lasts some minutes. Default 0. */
  cacheWriteTokens?: number | undefined;
  /** Part of completionTokens. Default 0. */
  reasoningTokens?: number | undefined;
  /** Images in the prompt, and the tokens that they add to promptTokens. Default 0. */
  images?: number | undefined;
  imageTokens?: number | undefined;
  /** Web searches. Default 0. */
  searches?: number | undefined;
}

/** Exact USD. The total is the sum of the parts. */
export interface QuoteParts {
  /** Text of the prompt that is neither read from nor written to a cache. */
  input: Decimal;
  cacheRead: Decimal;
  cacheWrite: Decimal;
  /** Images in the prompt. */
  images: Decimal;
  /** The answer without its reasoning. */
  output: Decimal;
  reasoning: Decimal;
  /** Fee per request. */
  request: Decimal;
  search: Decimal;
}

/** The parts in display order. */
export const QUOTE_PARTS = [
  'input',
  'cacheRead',
  'cacheWrite',
  'images',
  'output',
  'reasoning',
  'request',
  'search',
] as const satisfies readonly (keyof QuoteParts)[];

export interface Amount {
  total: Decimal;
  parts: QuoteParts;
}

/** What a workload costs on a model, before it is sent. */
export type Quote = ({ kind: 'amount' } & Amount) | { kind: Unpriced };

/**
 * An image price of at least this many times a token's price is for the whole image; a lower one is for each token of the image. The catalogue
 * uses one name for both: 258 to 4,456 times the token's price in 2025, 1 and 2.25 times since 2026.
 */
const WHOLE_PICTURE = 100;

/** Returns the cost of a workload at the catalogue's prices for its size and this moment. Exact: nothing is rounded. */
export function quote(model: Model, workload: Workload, at: Date): Quote {
  return quotePricing(model, model.pricing, workload, at);
}

/** Returns the cost of a workload at other prices than the model's own: those of one of its endpoints. */
export function quotePricing(model: Model, pricing: Pricing, workload: Workload, at: Date): Quote {
  const kind = priceKind({ ...model, pricing });
  if (isUnpriced(kind)) return { kind };
  const parts = partsOf(effectivePricing(pricing, { promptTokens: quotedPromptSize(workload), at }), workload);
  if (parts === undefined) return { kind: 'varies' };
  return { kind: 'amount', total: QUOTE_PARTS.reduce((sum, part) => sum.plus(parts[part]), decimal(0)), parts };
}

/** Returns the tokens of the whole prompt, to which price tiers and limits apply. */
export function quotedPromptSize({ promptTokens, imageTokens = 0 }: Workload): number {
  return promptTokens + imageTokens;
}

/** Returns undefined if a price that is needed varies. */
function partsOf(prices: UnitPrices, workload: Workload): QuoteParts | undefined {
  const { cachedTokens = 0, cacheWriteTokens = 0, reasoningTokens = 0, searches = 0 } = workload;
  const { prompt, completion } = prices;
  const parts = {
    input: times(prompt, workload.promptTokens - cachedTokens - cacheWriteTokens),
    cacheRead: times(ownPrice(prices.cacheRead) ?? prompt, cachedTokens),
    cacheWrite: times(cacheWritePrice(prices), cacheWriteTokens),
    images: imageCost(prices, workload),
    output: times(completion, workload.completionTokens - reasoningTokens),
    reasoning: times(ownPrice(prices.internalReasoning) ?? completion, reasoningTokens),
    request: times(prices.request, 1),
    search: times(prices.webSearch, searches),
  };
  return Object.values(parts).includes('varies') ? undefined : (parts as QuoteParts);
}

/** Returns the cost of the images: by the image if they are priced so, otherwise by their tokens. */
function imageCost({ prompt, image, imageToken }: UnitPrices, { images = 0, imageTokens = 0 }: Workload): Price {
  const whole = ownPrice(image);
  if (images === 0 && imageTokens === 0) return decimal(0);
  if (whole === undefined || whole === 'varies') return times(ownPrice(imageToken) ?? whole ?? prompt, imageTokens);
  const isWhole = typeof prompt !== 'object' || whole.gte(prompt.times(WHOLE_PICTURE));
  return isWhole ? whole.times(images) : times(ownPrice(imageToken) ?? whole, imageTokens);
}

/** A varying price matters only if the workload uses it; the fee per request always applies. */
function times(price: Price | undefined, count: number): Price {
  if (price === undefined || count === 0) return decimal(0);
  return price === 'varies' ? price : price.times(count);
}
