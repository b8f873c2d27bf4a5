import type { Model } from '../../apis/catalogue.ts';
import type { CompletionEvent, StreamCompletion } from '../../apis/completion.ts';
import { usageCost } from '../price/usage-cost.ts';

export interface PriceStageOptions {
  /** Returns the model of this name with its prices; undefined if they are not known. Never rejects. */
  findModel: (name: string) => Promise<Model | undefined>;
  now: () => number;
}

/**
 * Returns the same stream, and adds a cost to each `usage` event of an API that reports none: its counts at the model's list prices, marked
 * `isComputed`. A reported cost stays. If a price is not known, the cost stays unknown: it is never 0.
 */
export function price(stream: StreamCompletion, options: PriceStageOptions): StreamCompletion {
  return async function* pricedStream(request, streamOptions) {
    const pricing = new AnswerPricing(request.model, options);
    for await (const event of stream(request, streamOptions)) {
      const priced = pricing.see(event);
      yield priced instanceof Promise ? await priced : priced;
    }
  };
}

/** Computes the cost of one answer. */
export class AnswerPricing {
  readonly #asked: string;
  readonly #findModel: PriceStageOptions['findModel'];
  readonly #at: Date;
  #served: string | undefined;

  constructor(asked: string, { findModel, now }: PriceStageOptions) {
    this.#asked = asked;
    this.#findModel = findModel;
    this.#at = new Date(now());
  }

  /** Returns the event, or a promise of the event with its cost. */
  see(event: CompletionEvent): CompletionEvent | Promise<CompletionEvent> {
    if (event.type === 'response-start' && event.model !== '') this.#served = event.model;
    const hasCost = event.type !== 'usage' || event.usage.cost !== undefined || event.usage.isByok === true;
    return hasCost ? event : this.#withCost(event);
  }

  async #withCost(event: Extract<CompletionEvent, { type: 'usage' }>): Promise<CompletionEvent> {
    const { usage } = event;
    // A vendor may answer with a dated name that it does not list, or whose price is not known.
    const cost =
      (this.#served === undefined ? undefined : usageCost(usage, await this.#findModel(this.#served), this.#at)) ??
      usageCost(usage, await this.#findModel(this.#asked), this.#at);
    return cost === undefined ? event : { ...event, usage: { ...usage, cost, isComputed: true } };
  }
}
