import type { Api } from '../../apis/api.ts';
import type { AnswerSink, ChatRequest, CompletionEvent, PushCompletion, StreamOptions } from '../../apis/completion.ts';
import { isDirect } from '../../apis/direct-id.ts';
import { Meter } from './measure.ts';
import { AnswerPricing, type PriceStageOptions } from './price.ts';

/** An entry of the ledger: core/budget/request-record.ts. */
interface AttemptRecord {
  request: ChatRequest;
  see: (event: CompletionEvent) => void;
  fail: (error: unknown) => Promise<void>;
  leave: () => Promise<void>;
}

export interface PushedAttemptOptions extends PriceStageOptions {
  /** Undefined: requests are not recorded. */
  openRecord: ((request: ChatRequest, options: StreamOptions) => Promise<AttemptRecord>) | undefined;
  /** In milliseconds. */
  monotonic: () => number;
}

/** Does for pushed answers what attemptStage does: adds the times, the cost and the ledger entry of one attempt. */
export function pushedAttempt(
  api: Pick<Api, 'endpoints'>,
  push: PushCompletion,
  { openRecord, monotonic, ...pricing }: PushedAttemptOptions,
): PushCompletion {
  return async (request, options, sink) => {
    const record = await openRecord?.(request, options);
    const asked = record?.request ?? request;
    const computes = api.endpoints === undefined || isDirect(asked.model);
    const attempt = new Attempt(
      sink,
      record,
      new Meter(monotonic),
      computes ? new AnswerPricing(asked.model, pricing) : undefined,
    );
    options.onAttempt?.(request.model);
    try {
      await push(asked, options, attempt);
      if (attempt.isPending) await attempt.settled();
    } catch (error) {
      options.onAttemptFailed?.(request.model, error);
      const reason = await attempt.failed(error);
      await record?.fail(reason);
      throw reason;
    } finally {
      // The reader may have left early.
      await record?.leave();
    }
  };
}

class Attempt implements AnswerSink {
  readonly ready: AnswerSink['ready'];
  readonly #sink: AnswerSink;
  readonly #record: AttemptRecord | undefined;
  readonly #meter: Meter;
  readonly #pricing: AnswerPricing | undefined;
  /** Set while a cost is looked up. Later events wait for it. */
  #pending: Promise<void> | undefined;

  constructor(sink: AnswerSink, record: AttemptRecord | undefined, meter: Meter, pricing: AnswerPricing | undefined) {
    this.#sink = sink;
    this.#record = record;
    this.#meter = meter;
    this.#pricing = pricing;
    this.ready = sink.ready === undefined ? undefined : () => sink.ready!();
  }

  see(event: CompletionEvent): void {
    if (this.#pending !== undefined) return this.#wait(this.#pending.then(() => this.#tell(event)));
    const priced = this.#pricing === undefined ? event : this.#pricing.see(event);
    if (priced instanceof Promise) this.#wait(priced.then((one) => this.#tell(one)));
    else this.#tell(priced);
  }

  /** Whether events still wait for a cost. */
  get isPending(): boolean {
    return this.#pending !== undefined;
  }

  /** Resolves when all events have reached the sink. Throws what the sink threw. */
  async settled(): Promise<void> {
    await this.#pending;
  }

  /** Reports the times of a failed attempt. Returns why it failed. */
  async failed(error: unknown): Promise<unknown> {
    try {
      await this.#pending;
      this.#pass({ type: 'metrics', metrics: this.#meter.metrics() });
      return error;
    } catch (second) {
      return second;
    }
  }

  #wait(pending: Promise<void>): void {
    this.#pending = pending;
    // `settled` throws the error.
    pending.catch(() => undefined);
  }

  #tell(event: CompletionEvent): void {
    this.#meter.see(event);
    if (event.type === 'response-end') this.#pass({ type: 'metrics', metrics: this.#meter.metrics() });
    this.#pass(event);
  }

  #pass(event: CompletionEvent): void {
    this.#record?.see(event);
    this.#sink.see(event);
  }
}
