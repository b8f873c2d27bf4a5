import { decimal, type Decimal } from '../../decimal.ts';
import type { Price, UnitPrices } from '../../apis/catalogue.ts';

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

/**
 * What tokens cost at these prices. Kinds without a price of their own cost what their kind is part of; the catalogue also writes 0 for a
 * write or a thought that has none.
 */
export function tokensCost(prices: UnitPrices, tokens: TokenCounts): Decimal | 'varies' {
  const prompt = prices.prompt ?? decimal(0);
  const completion = prices.completion ?? decimal(0);
  const { cacheWrite1hTokens = 0 } = tokens;
  const cacheWrite = ownPrice(prices.cacheWrite) ?? prompt;
  const uncached = tokens.promptTokens - tokens.cachedTokens - tokens.cacheWriteTokens;
  const parts: readonly (readonly [Price, number])[] = [
    [prompt, uncached],
    [prices.cacheRead ?? prompt, tokens.cachedTokens],
    [cacheWrite, tokens.cacheWriteTokens - cacheWrite1hTokens],
    [ownPrice(prices.cacheWrite1h) ?? cacheWrite, cacheWrite1hTokens],
    [completion, tokens.completionTokens - tokens.reasoningTokens],
    [ownPrice(prices.internalReasoning) ?? completion, tokens.reasoningTokens],
    [prices.request ?? decimal(0), tokens.requests],
  ];
  let cost = decimal(0);
  for (const [price, count] of parts) {
    if (count === 0) continue;
    if (price === 'varies') return 'varies';
    cost = cost.plus(price.times(count));
  }
  return cost;
}

function ownPrice(price: Price | undefined): Price | undefined {
  return price !== undefined && price !== 'varies' && price.eq(0) ? undefined : price;
}
