import type { CompletionEvent, RequestHeadroom } from '../../apis/completion.ts';
import { OrxError } from '../../errors.ts';
import type { ModelLimit } from '../../storage/limits/shared-limits.ts';

export interface PacedOptions {
  /** From 0 to 1. */
  random: () => number;
  /** In milliseconds. */
  monotonic: () => number;
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** A wait is reported only if it ends this much later than the last one: the same wait is not reported twice. */
const NEWS_MS = 500;
/** The code of a refusal that no server sent. */
const OWN = 'shared-limit';

/** One attempt under the limits that the server has stated for its key and model; without `limit`, under none. */
export class PacedAttempt {
  readonly #limit: ModelLimit | undefined;
  readonly #options: PacedOptions;
  readonly #signal: AbortSignal | undefined;
  /** Made when the limit has to know the attempt. */
  #name: string | undefined;
  #takenAt: number;
  /** The limit counts this attempt, so it has to know its end. */
  #isCounted = false;
  #hasWaited = false;

  constructor(limit: ModelLimit | undefined, options: PacedOptions, signal: AbortSignal | undefined) {
    this.#limit = limit;
    this.#options = options;
    this.#signal = signal;
    this.#takenAt = options.monotonic();
  }

  get #id(): string {
    return (this.#name ??= this.#options.random().toString(36).slice(2));
  }

  /**
   * Returns how long to wait before asking again, in milliseconds; 0: the attempt may be sent. Whatever happens, `succeed` or `end` must be called.
   */
  async ask(): Promise<number> {
    const waitMs = await this.#limit?.ask(this.#id);
    this.#isCounted = waitMs !== undefined;
    this.#takenAt = this.#options.monotonic();
    this.#hasWaited ||= waitMs !== undefined && waitMs > 0;
    return waitMs ?? 0;
  }

  /**
   * The reply leaves few requests. A server that has none left again for the first request after a wait does not mean a limit: the next request is
   * sent, and a refusal says more.
   */
  readonly note = (headroom: RequestHeadroom): void => {
    if (!this.#hasWaited || headroom.requests > 0) void this.#limit?.note(headroom);
  };

  /**
   * Waits until the attempt may be sent, and yields a `waiting` event for each wait. Throws kind `rate-limit` if the waits would take longer than
   * `longestMs`, or the signal's reason. Whatever happens, `succeed` or `end` must be called.
   */
  async *take(longestMs: number): AsyncGenerator<CompletionEvent, void> {
    const { monotonic, sleep } = this.#options;
    const startedAt = monotonic();
    let reported = Number.NEGATIVE_INFINITY;
    for (;;) {
      const waitMs = await this.ask();
      if (waitMs === 0) return;
      const dueAt = this.#takenAt + waitMs;
      if (dueAt - startedAt > longestMs) throw limitReached(waitMs);
      if (dueAt > reported + NEWS_MS) {
        reported = dueAt;
        yield { type: 'waiting', waitMs };
      }
      await sleep(waitMs, this.#signal);
    }
  }

  /** The attempt was answered and has ended. */
  async succeed(): Promise<void> {
    if (this.#isCounted) await this.#limit?.succeed(this.#id);
    this.#isCounted = false;
  }

  /**
   * Learns from a failed attempt. A quota that a retry cannot meet is not a limit to keep to. `running`: the attempts of this process to the model
   * that ran then, if known.
   */
  async fail(error: unknown, running?: number): Promise<void> {
    if (!(error instanceof OrxError) || error.kind !== 'rate-limit' || !error.isRetryable || error.code === OWN) return;
    const { retryAfterMs, rate } = error;
    await this.#limit?.refuse({ ageMs: this.#options.monotonic() - this.#takenAt, retryAfterMs, rate, running });
  }

  async end(): Promise<void> {
    if (this.#isCounted) await this.#limit?.leave(this.#id);
    this.#isCounted = false;
  }
}

function limitReached(waitMs: number): OrxError {
  return new OrxError('the request limit of this key and model is used up', {
    kind: 'rate-limit',
    code: OWN,
    isRetryable: true,
    why: 'the server stated the limit, and all orx processes on this machine share it',
    retryAfterMs: waitMs,
    hints: ['wait longer: --retry-max-time SECONDS', 'send the request now: --no-pacing'],
  });
}
