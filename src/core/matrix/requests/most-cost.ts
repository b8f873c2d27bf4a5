import { decimal, type Decimal } from '../../../decimal.ts';
import type { ChatRequest } from '../../../apis/completion.ts';
import { extraCosts } from '../../budget/extra-costs.ts';
import { type AskedModel, costAt, priceBounds } from '../../budget/price-bounds.ts';
import { promptSize } from '../../budget/prompt-size.ts';

/**
 * Returns the most that one attempt can cost in USD: its whole prompt and the longest answer that it allows, at the highest price of
 * any endpoint. Undefined if a price or the longest answer is not known.
 */
export function mostCost(request: ChatRequest, asked: readonly AskedModel[], at: Date): Decimal | undefined {
  const { most: promptTokens } = promptSize(request, undefined);
  const prices = priceBounds(asked, promptTokens, at);
  const extra = extraCosts(request);
  if (prices === undefined || extra.unbounded.length > 0) return undefined;
  let most = decimal(0);
  for (const bound of prices.bounds) {
    const tokens = Math.min(request.maxTokens ?? Infinity, bound.mostOutput ?? Infinity);
    if (tokens === Infinity && !bound.completion.eq(0)) return undefined;
    const cost = costAt(bound, promptTokens, tokens === Infinity ? 0 : tokens, extra);
    if (cost.gt(most)) most = cost;
  }
  return most;
}
