import { decimalText } from '../../decimal.ts';
import type { Model } from '../../apis/catalogue.ts';
import type { StreamCompletion, Usage } from '../../apis/completion.ts';
import { effectivePricing } from '../price/effective.ts';
import { isUnpriced, priceKind } from '../price/kind.ts';
import { tokensCost } from '../price/tokens-cost.ts';

export interface PriceStageOptions {
  /** The model of this name, with its prices; undefined where they are not known. Never rejects. */
  findModel: (name: string) => Promise<Model | undefined>;
  now: () => number;
}

/**
 * The same stream, with a cost in each `usage` of an API that states none: its counts at the listed prices of the model, marked `isComputed`.
 * A stated cost stays. Where a price is not known the cost stays unknown: it is never 0.
 */
export function price(stream: StreamCompletion, { findModel, now }: PriceStageOptions): StreamCompletion {
  return async function* pricedStream(request, options) {
    const at = new Date(now());
    let served: string | undefined;
    for await (const event of stream(request, options)) {
      if (event.type === 'response-start' && event.model !== '') served = event.model;
      if (event.type !== 'usage' || event.usage.cost !== undefined || event.usage.isByok === true) {
        yield event;
        continue;
      }
      // A vendor may answer under a dated name that it does not list, or that nobody knows a price of.
      const cost =
        (served === undefined ? undefined : usageCost(event.usage, await findModel(served), at)) ??
        usageCost(event.usage, await findModel(request.model), at);
      yield cost === undefined ? event : { ...event, usage: { ...event.usage, cost, isComputed: true } };
    }
  };
}

/** What these counts cost at the prices of a model: exact decimal text, in USD. Undefined where it has no price for tokens. */
function usageCost(usage: Usage, model: Model | undefined, at: Date): string | undefined {
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
