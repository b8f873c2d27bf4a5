import { type CompletionEvent, isVisible, type Metrics, type StreamCompletion } from '../../apis/completion.ts';

/**
 * Returns the same stream with a `metrics` event just before `response-end`, or just before an error is thrown. `monotonic` is in milliseconds.
 * The time starts when the first event is requested.
 */
export function measure(stream: StreamCompletion, monotonic: () => number): StreamCompletion {
  return async function* measuredStream(request, options) {
    const meter = new Meter(monotonic);
    options?.onAttempt?.(request.model);
    try {
      for await (const event of stream(request, options)) {
        meter.see(event);
        if (event.type === 'response-end') yield { type: 'metrics', metrics: meter.metrics() };
        yield event;
      }
    } catch (error) {
      options?.onAttemptFailed?.(request.model, error);
      yield { type: 'metrics', metrics: meter.metrics() };
      throw error;
    }
  };
}

/** Measures one attempt, which begins now. */
export class Meter {
  readonly #monotonic: () => number;
  readonly #start: number;
  #firstToken: number | undefined;
  #visible = 0;
  #tokens: number | undefined;
  #loadMs: number | undefined;

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
    this.#start = monotonic();
  }

  see(event: CompletionEvent): void {
    if (isVisible(event)) {
      this.#firstToken ??= this.#monotonic();
      this.#visible += 1;
    } else if (event.type === 'usage') {
      this.#tokens = event.usage.completionTokens;
      this.#loadMs = event.usage.loadMs;
    }
  }

  metrics(): Metrics {
    const end = this.#monotonic();
    const first = this.#firstToken;
    const tokens = this.#tokens ?? 0;
    // A reply in one piece has no throughput: all its tokens arrive at once.
    const hasSpeed = first !== undefined && tokens > 1 && this.#visible > 1 && end > first;
    return {
      // Time for loading the model does not count as latency. The server's clock may differ, so the difference is kept from becoming negative.
      timeToFirstTokenMs: first === undefined ? undefined : Math.max(0, first - this.#start - (this.#loadMs ?? 0)),
      ...(this.#loadMs !== undefined && { loadMs: this.#loadMs }),
      durationMs: end - this.#start,
      throughput: hasSpeed ? (tokens / (end - first)) * 1000 : undefined,
    };
  }
}
