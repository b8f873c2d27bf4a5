import type { Model } from '../../apis/catalogue.ts';
import type { Usage } from '../../apis/completion.ts';
import { decimalText } from '../../decimal.ts';
import { effectivePricing } from './effective.ts';
import { isUnpriced, priceKind } from './kind.ts';
import { tokensCost } from './tokens-cost.ts';

/** Returns the cost of these counts at the model's prices: USD as exact decimal text. Undefined if the model has no price for tokens. */
export function usageCost(usage: Omit<Usage, 'wire' | 'totalTokens'>, model: Model | undefined, at: Date): string | undefined {
  if (model === undefined || isUnpriced(priceKind(model))) return undefined;
  const {
    promptTokens,
    completionTokens,
    cachedTokens = 0,
    cacheWriteTokens = 0,
    cacheWrite1hTokens,
    reasoningTokens = 0,
  } = usage;
  const prices = effectivePricing(model.pricing, { promptTokens, at });
  const cost = tokensCost(prices, {
    requests: 1,
    promptTokens,
    cachedTokens,
    cacheWriteTokens,
    cacheWrite1hTokens,
    completionTokens,
    reasoningTokens,
  });
  return cost === 'varies' ? undefined : decimalText(cost);
}
