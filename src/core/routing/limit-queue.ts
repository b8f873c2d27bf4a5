import type { RequestHeadroom } from '../../apis/completion.ts';
import type { ModelLimit } from '../../storage/limits/shared-limits.ts';
import { PacedAttempt, type PacedOptions } from '../pipeline/paced-attempt.ts';

interface Turn {
  /** Ends the wait of a request, if it waits. */
  wake: () => void;
  /** The shared limit has told it to wait, and counts it. */
  isCounted: boolean;
}

/** How long a request may wait for those before it that only ask, in milliseconds. */
const ASKING_MS = 500;

/** An attempt that a shared limit counts. One of the methods that end it is called, once. The file of the limit is written later. */
export interface SharedAttempt {
  /** The reply leaves few requests. */
  note: (headroom: RequestHeadroom) => void;
  succeed: () => void;
  /** `running`: the attempts that ran at the target when this one failed. */
  fail: (error: unknown, running: number) => void;
  end: () => void;
}

/**
 * The requests of this process for one key and model, in the order in which they came. Only the first one asks the limit that all processes share, so
 * the number of requests that wait costs neither time nor space in its file.
 */
export class LimitQueue {
  readonly #limit: ModelLimit;
  readonly #clock: PacedOptions;
  readonly #turns: Turn[] = [];

  constructor(limit: ModelLimit, clock: PacedOptions) {
    this.#limit = limit;
    this.#clock = clock;
  }

  /** Returns whether the server has stated a limit that still applies. */
  get isLimited(): boolean {
    return this.#limit.expect(0) !== undefined;
  }

  /** Returns how long a request would have to wait that came now, in milliseconds, as far as that is known; 0: it could start. */
  expectedMs(): number {
    const isFirstCounted = this.#turns[0]?.isCounted === true;
    return this.#limit.expect(this.#turns.length - (isFirstCounted ? 1 : 0)) ?? 0;
  }

  /** Returns an attempt that starts now: as long as nothing is known, nobody waits. */
  unlimited(): SharedAttempt {
    return this.#shared(new PacedAttempt(this.#limit, this.#clock, undefined));
  }

  /**
   * Waits until a request may start, and returns its attempt, whose end must be reported. Returns undefined if that would take longer than
   * `longestMs`. Throws the signal's reason.
   */
  async take(longestMs: number, signal: AbortSignal | undefined): Promise<SharedAttempt | undefined> {
    if (this.#turns.length === 0 && !this.isLimited) return this.unlimited();
    if (this.expectedMs() > longestMs) return undefined;
    const until = this.#clock.monotonic() + longestMs;
    const turn: Turn = { wake: () => undefined, isCounted: false };
    this.#turns.push(turn);
    try {
      while (this.#turns[0] !== turn) {
        const leftMs = until + ASKING_MS - this.#clock.monotonic();
        if (leftMs <= 0) return undefined;
        await this.#pause(turn, leftMs, signal);
      }
      return await this.#ask(turn, until, signal);
    } finally {
      this.#turns.splice(this.#turns.indexOf(turn), 1);
      this.#wakeFirst();
    }
  }

  /** After a turn or an attempt has ended, the first request may have to wait no longer. */
  readonly #wakeFirst = (): void => this.#turns[0]?.wake();

  #shared(attempt: PacedAttempt): SharedAttempt {
    return {
      note: attempt.note,
      succeed: () => void attempt.succeed().then(this.#wakeFirst),
      fail: (error, running) => void this.#endFailed(attempt, error, running),
      end: () => void attempt.end().then(this.#wakeFirst),
    };
  }

  async #endFailed(attempt: PacedAttempt, error: unknown, running: number): Promise<void> {
    await attempt.fail(error, running);
    await attempt.end();
    this.#wakeFirst();
  }

  async #ask(turn: Turn, until: number, signal: AbortSignal | undefined): Promise<SharedAttempt | undefined> {
    const attempt = new PacedAttempt(this.#limit, this.#clock, signal);
    let isAdmitted = false;
    try {
      for (;;) {
        const waitMs = await attempt.ask();
        signal?.throwIfAborted();
        isAdmitted = waitMs === 0;
        if (isAdmitted) return this.#shared(attempt);
        if (this.#clock.monotonic() + waitMs > until) return undefined;
        turn.isCounted = true;
        await this.#pause(turn, waitMs, signal);
      }
    } finally {
      if (!isAdmitted) await attempt.end();
    }
  }

  /** Waits until the time is over or the turn is woken. Throws the signal's reason. */
  async #pause(turn: Turn, ms: number, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    const over = new AbortController();
    const stop = (): void => over.abort();
    turn.wake = stop;
    signal?.addEventListener('abort', stop, { once: true });
    try {
      await this.#clock.sleep(ms, over.signal);
    } catch {
      signal?.throwIfAborted();
    } finally {
      turn.wake = () => undefined;
      signal?.removeEventListener('abort', stop);
    }
  }
}
