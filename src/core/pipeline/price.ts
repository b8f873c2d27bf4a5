import { copyWith } from '../../copy-with.ts';
import type { Model } from '../../apis/catalogue.ts';
import type { CompletionEvent, StreamCompletion } from '../../apis/completion.ts';
import { usageCost } from '../price/usage-cost.ts';

export interface PriceStageOptions {
  /** Returns the model of this name with its prices; undefined if they are not known. Never rejects. What was found before needs no promise. */
  findModel: (name: string) => Model | undefined | Promise<Model | undefined>;
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

  #withCost(event: UsageEvent): CompletionEvent | Promise<CompletionEvent> {
    // A vendor may answer with a dated name that it does not list, or whose price is not known.
    const served = this.#served === undefined ? undefined : this.#findModel(this.#served);
    return served instanceof Promise ? served.then((model) => this.#pricedBy(event, model)) : this.#pricedBy(event, served);
  }

  #pricedBy(event: UsageEvent, served: Model | undefined): CompletionEvent | Promise<CompletionEvent> {
    const cost = usageCost(event.usage, served, this.#at);
    if (cost !== undefined) return withCost(event, cost);
    const asked = this.#findModel(this.#asked);
    const priced = (model: Model | undefined): CompletionEvent => withCost(event, usageCost(event.usage, model, this.#at));
    return asked instanceof Promise ? asked.then(priced) : priced(asked);
  }
}

type UsageEvent = Extract<CompletionEvent, { type: 'usage' }>;

function withCost(event: UsageEvent, cost: string | undefined): CompletionEvent {
  return cost === undefined ? event : { type: 'usage', usage: copyWith(event.usage, { cost, isComputed: true }) };
}
