import { OrxError } from '../../../errors.ts';

export interface AttemptWatchOptions {
  /** How long a request may take with all of its attempts and waits, in milliseconds. */
  patienceMs: number;
  /** Milliseconds. */
  monotonic: () => number;
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** The running attempts of a run. Ends those whose time is up. */
export class AttemptWatch {
  readonly #options: AttemptWatchOptions;
  /** The time at which each running attempt must end, on the monotonic clock. */
  readonly #running = new Map<AbortController, number>();
  /** Of attempts that have ended by themselves. On Node 20, each new signal has a hidden class of its own, so access to it is slow. */
  readonly #unused: AbortController[] = [];
  /** One wait for the earliest of these times: a timer of its own for each attempt would cost more than sending it. */
  #wait: { until: number; stop: AbortController } | undefined;

  constructor(options: AttemptWatchOptions) {
    this.#options = options;
  }

  /** Number of attempts that run at this moment. */
  get running(): number {
    return this.#running.size;
  }

  /** Begins an attempt that must end at this time. Returns what aborts it. */
  begin(end: number): AbortController {
    const attempt = this.#unused.pop() ?? new AbortController();
    this.#running.set(attempt, end);
    if (this.#wait === undefined || end < this.#wait.until) this.#waitUntil(end);
    return attempt;
  }

  /** An attempt has ended. */
  end(attempt: AbortController): void {
    this.#running.delete(attempt);
    if (!attempt.signal.aborted) this.#unused.push(attempt);
    if (this.#running.size === 0) this.#endWait();
  }

  /** Aborts all running attempts. */
  cancel(): void {
    for (const attempt of this.#running.keys()) attempt.abort(new OrxError('stopped', { kind: 'interrupted' }));
  }

  #waitUntil(until: number): void {
    const { sleep, monotonic } = this.#options;
    this.#endWait();
    const stop = new AbortController();
    this.#wait = { until, stop };
    const atEnd = (): void => {
      if (this.#wait?.stop !== stop) return;
      this.#wait = undefined;
      this.#endLate(until);
    };
    void sleep(Math.max(0, until - monotonic()), stop.signal).then(atEnd, () => undefined);
  }

  /** Ends the attempts whose time is up, and waits for the next one. */
  #endLate(now: number): void {
    let next = Infinity;
    for (const [attempt, end] of this.#running) {
      if (end <= now) attempt.abort(timedOut(this.#options.patienceMs));
      else next = Math.min(next, end);
    }
    if (next < Infinity) this.#waitUntil(next);
  }

  #endWait(): void {
    this.#wait?.stop.abort(new Error('watched'));
    this.#wait = undefined;
  }
}

function timedOut(patienceMs: number): OrxError {
  return new OrxError(`no complete answer within ${Math.round(patienceMs / 1000)} s`, { kind: 'network', code: 'cell-timeout' });
}
