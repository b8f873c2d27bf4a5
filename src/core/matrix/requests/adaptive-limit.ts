/** What limits the requests to one connection. */
export interface LimitOptions {
  /** Requests at once at the start, and at most. */
  start: number;
  most: number;
  /** Milliseconds. */
  monotonic: () => number;
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** From 0 to 1. */
  random: () => number;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Limits how many requests run at once on one connection: one more for each answer until the server refuses a request for its
 * rate, then half as many, and one more for each round of answers. A refusal also pauses the connection, for as long as the server
 * asks, or else for half a second, doubled with each refusal in a row.
 */
export class AdaptiveLimit {
  readonly #options: LimitOptions;
  #limit: number;
  #isFirstRise = true;
  #running = 0;
  #refusals = 0;
  #pausedUntil = 0;
  #loweredAt = Number.NEGATIVE_INFINITY;
  #waiters: { admit: () => void; isRepeated: boolean }[] = [];
  #alarm: AbortController | undefined;

  constructor(options: LimitOptions) {
    this.#options = options;
    this.#limit = Math.min(options.start, options.most);
  }

  get limit(): number {
    return Math.floor(this.#limit);
  }

  get running(): number {
    return this.#running;
  }

  /** Milliseconds until the connection continues; 0 if it is not paused. */
  get pauseMs(): number {
    return Math.max(0, this.#pausedUntil - this.#options.monotonic());
  }

  /**
   * Resolves when a request may start, and counts it as running. Repeated requests come first. Rejects with the signal's reason
   * when it is aborted.
   */
  async enter(signal: AbortSignal, { isRepeated = false } = {}): Promise<void> {
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const waiter = {
        isRepeated,
        admit: () => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      const onAbort = (): void => {
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiters.push(waiter);
      this.#admit();
    });
  }

  /** A request has ended, for whatever reason. */
  leave(): void {
    this.#running -= 1;
    this.#admit();
  }

  /** A request that started at `startedAt` was answered. */
  succeed(): void {
    this.#refusals = 0;
    this.#limit = Math.min(this.#options.most, this.#limit + (this.#isFirstRise ? 1 : 1 / this.#limit));
    this.#admit();
  }

  /** The server refused a request that started at `startedAt`, because it gets too many or is overloaded. */
  refuse(startedAt: number, retryAfterMs: number | undefined): void {
    const { monotonic, random } = this.#options;
    const now = monotonic();
    // Requests that were sent before the last reduction say nothing about the reduced limit.
    if (startedAt >= this.#loweredAt) {
      this.#isFirstRise = false;
      this.#limit = Math.max(1, this.#limit / 2);
      this.#loweredAt = now;
      this.#refusals += 1;
    }
    const backoff = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.#refusals - 1) * (0.5 + random()));
    this.#pausedUntil = Math.max(this.#pausedUntil, now + (retryAfterMs ?? backoff));
    this.#admit();
  }

  /** Ends the pause, so that nothing keeps the process running. */
  close(): void {
    this.#alarm?.abort(new Error('closed'));
  }

  #admit(): void {
    if (this.#waiters.length === 0 || this.#running >= this.limit) return;
    const pauseMs = this.pauseMs;
    if (pauseMs > 0) return this.#wakeIn(pauseMs);
    const at = Math.max(
      0,
      this.#waiters.findIndex(({ isRepeated }) => isRepeated),
    );
    const [next] = this.#waiters.splice(at, 1);
    this.#running += 1;
    next!.admit();
    this.#admit();
  }

  #wakeIn(ms: number): void {
    if (this.#alarm !== undefined) return;
    const alarm = new AbortController();
    this.#alarm = alarm;
    const wake = (): void => {
      this.#alarm = undefined;
      this.#admit();
    };
    void this.#options.sleep(ms, alarm.signal).then(wake, () => undefined);
  }
}
