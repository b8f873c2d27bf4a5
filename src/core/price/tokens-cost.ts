import { decimal, type Decimal, isZero } from '../../decimal.ts';
import type { Price, UnitPrices } from '../../apis/catalogue.ts';
import { cacheWritePrice, ownPrice } from './own-price.ts';

/** Token counts by kind. promptTokens includes cached and cache-write tokens; completionTokens includes reasoning. */
export interface TokenCounts {
  requests: number;
  promptTokens: number;
  cachedTokens: number;
  cacheWriteTokens: number;
  /** Part of `cacheWriteTokens` that stays cached for an hour. */
  cacheWrite1hTokens?: number | undefined;
  completionTokens: number;
  reasoningTokens: number;
}

/** The same tokens in disjoint kinds, which add up to the prompt's and the completion's tokens. */
export interface TokenBuckets {
  uncached: number;
  cacheRead: number;
  cacheWrite: number;
  cacheWrite1h: number;
  output: number;
  reasoning: number;
}

/**
 * Splits token counts into disjoint kinds. Some servers send parts that exceed the whole: these are reduced, so that no bucket is negative and
 * no token is counted twice.
 */
export function tokenBuckets(tokens: TokenCounts): TokenBuckets {
  const { promptTokens, completionTokens, cacheWrite1hTokens = 0 } = tokens;
  const cacheRead = Math.min(tokens.cachedTokens, promptTokens);
  const written = Math.min(tokens.cacheWriteTokens, promptTokens - cacheRead);
  const cacheWrite1h = Math.min(cacheWrite1hTokens, written);
  const reasoning = Math.min(tokens.reasoningTokens, completionTokens);
  return {
    uncached: promptTokens - cacheRead - written,
    cacheRead,
    cacheWrite: written - cacheWrite1h,
    cacheWrite1h,
    output: completionTokens - reasoning,
    reasoning,
  };
}

/**
 * Returns the cost of tokens at these prices. A kind without a separate price costs as much as the kind that contains it; the catalogue also
 * writes 0 for cache writes and reasoning without a price.
 */
export function tokensCost(prices: UnitPrices, tokens: TokenCounts): Decimal | 'varies' {
  const buckets = tokenBuckets(tokens);
  const cacheWrite = cacheWritePrice(prices);
  let cost: Decimal | 'varies' = ZERO;
  const add = (price: Price | undefined, count: number): void => {
    if (price === undefined || count === 0 || cost === 'varies') return;
    cost = price === 'varies' ? price : isZero(price) ? cost : cost.plus(price.times(count));
  };
  add(prices.prompt, buckets.uncached);
  add(prices.cacheRead ?? prices.prompt, buckets.cacheRead);
  add(cacheWrite, buckets.cacheWrite);
  add(ownPrice(prices.cacheWrite1h) ?? cacheWrite, buckets.cacheWrite1h);
  add(prices.completion, buckets.output);
  add(ownPrice(prices.internalReasoning) ?? prices.completion, buckets.reasoning);
  add(prices.request, tokens.requests);
  return cost;
}

const ZERO = decimal(0);
