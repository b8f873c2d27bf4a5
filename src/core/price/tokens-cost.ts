import { decimal, type Decimal } from '../../decimal.ts';
import type { Price, UnitPrices } from '../../apis/catalogue.ts';
import { cacheWritePrice, ownPrice } from './own-price.ts';

/** Tokens by kind, with cached and written ones among the prompt's, reasoning among the completion's. */
export interface TokenCounts {
  requests: number;
  promptTokens: number;
  cachedTokens: number;
  cacheWriteTokens: number;
  /** Among `cacheWriteTokens`: those that stay cached for an hour. */
  cacheWrite1hTokens?: number | undefined;
  completionTokens: number;
  reasoningTokens: number;
}

/** The same tokens in kinds that have nothing in common: they add up to those of the prompt and of the completion. */
export interface TokenBuckets {
  uncached: number;
  cacheRead: number;
  cacheWrite: number;
  cacheWrite1h: number;
  output: number;
  reasoning: number;
}

/** Counts of a part that exceed the whole, which some server sent, are cut: no bucket is negative, and none is paid twice. */
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
 * What tokens cost at these prices. Kinds without a price of their own cost what their kind is part of; the catalogue also writes 0 for a
 * write or a thought that has none.
 */
export function tokensCost(prices: UnitPrices, tokens: TokenCounts): Decimal | 'varies' {
  const buckets = tokenBuckets(tokens);
  const cacheWrite = cacheWritePrice(prices);
  const parts: readonly (readonly [Price | undefined, number])[] = [
    [prices.prompt, buckets.uncached],
    [prices.cacheRead ?? prices.prompt, buckets.cacheRead],
    [cacheWrite, buckets.cacheWrite],
    [ownPrice(prices.cacheWrite1h) ?? cacheWrite, buckets.cacheWrite1h],
    [prices.completion, buckets.output],
    [ownPrice(prices.internalReasoning) ?? prices.completion, buckets.reasoning],
    [prices.request, tokens.requests],
  ];
  let cost = decimal(0);
  for (const [price, count] of parts) {
    if (price === undefined || count === 0) continue;
    if (price === 'varies') return 'varies';
    cost = cost.plus(price.times(count));
  }
  return cost;
}
