import type { Model } from '../../apis/catalogue.ts';
import type { StreamCompletion } from '../../apis/completion.ts';
import { usageCost } from '../price/usage-cost.ts';

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
