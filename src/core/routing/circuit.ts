import type { FailureKind } from './failure-kind.ts';
import { MinuteWindow } from './minute-window.ts';
import type { CooldownRules } from './target.ts';

export type CircuitState = 'closed' | 'open' | 'half-open';

/** A failed attempt. */
export interface CircuitFailure {
  /** The target cannot be used for a while. */
  atOnce: boolean;
  retryAfterMs?: number | undefined;
  /** Its kind, for which the rules may have a number of their own. */
  failureKind?: FailureKind | undefined;
}

/** Longest pause that a server's Retry-After can cause. */
const LONGEST_ASKED_MS = 60_000;

/**
 * A circuit breaker for one target. `closed`: the target gets requests · `open`: it failed and pauses · `half-open`: the pause is over, and one
 * request probes it. A successful answer closes the circuit, a failed probe opens it for twice as long.
 */
export class Circuit {
  readonly #rules: () => CooldownRules;
  readonly #asked = new MinuteWindow();
  readonly #failed = new MinuteWindow();
  /** Failures of the kinds that have a number of their own. */
  readonly #failedByKind = new Map<FailureKind, MinuteWindow>();
  /** Undefined: closed. */
  #openUntil: number | undefined;
  #pauseMs = 0;
  #isProbing = false;
  /** The server asked for the pause. */
  #isAsked = false;

  constructor(rules: () => CooldownRules) {
    this.#rules = rules;
  }

  state(now: number): CircuitState {
    if (this.#openUntil === undefined) return 'closed';
    return now < this.#openUntil || this.#isProbing ? 'open' : 'half-open';
  }

  /** When the target may be used again; undefined while the circuit is closed. */
  get openUntil(): number | undefined {
    return this.#openUntil;
  }

  /** Returns whether a server asked for a pause that includes `now`. */
  isAskedToWait(now: number): boolean {
    return this.#isAsked && this.#openUntil !== undefined && now < this.#openUntil;
  }

  /** Starts an attempt. Returns true if it is the probe. */
  begin(now: number): boolean {
    this.#asked.add(now, 1);
    if (this.state(now) !== 'half-open') return false;
    this.#isProbing = true;
    return true;
  }

  succeed(isProbe: boolean): void {
    if (isProbe) this.#isProbing = false;
    if (this.#openUntil === undefined) return;
    // An answer that began before the pause does not prove that later ones succeed, but it is enough to end the pause.
    this.#openUntil = undefined;
    this.#pauseMs = 0;
    this.#isAsked = false;
    this.#asked.clear();
    this.#failed.clear();
    this.#failedByKind.clear();
  }

  /** The attempt ended without a result that concerns the target. */
  release(isProbe: boolean): void {
    if (isProbe) this.#isProbing = false;
  }

  fail(now: number, isProbe: boolean, { atOnce, retryAfterMs, failureKind }: CircuitFailure): void {
    const rules = this.#rules();
    if (!rules.isEnabled) return this.release(isProbe);
    const own = failureKind === undefined ? undefined : rules.failuresByKind?.[failureKind];
    const counted = own === undefined ? this.#failed : this.#kindWindow(failureKind!);
    counted.add(now, 1);
    if (isProbe) {
      this.#isProbing = false;
      return this.#open(now, Math.min(this.#pauseMs * 2, rules.longestMs), retryAfterMs);
    }
    // Requests that began before the pause fail, too. They do not extend it, but a Retry-After does.
    if (this.#openUntil !== undefined && retryAfterMs === undefined) return;
    const failed = counted.sum(now);
    const isOften = failed >= rules.failures && failed > this.#asked.sum(now) * rules.failureShare;
    if (own === undefined ? atOnce || isOften : failed >= own) this.#open(now, Math.max(this.#pauseMs, rules.ms), retryAfterMs);
  }

  #kindWindow(failureKind: FailureKind): MinuteWindow {
    const known = this.#failedByKind.get(failureKind);
    if (known !== undefined) return known;
    const window = new MinuteWindow();
    this.#failedByKind.set(failureKind, window);
    return window;
  }

  #open(now: number, pauseMs: number, retryAfterMs: number | undefined): void {
    this.#pauseMs = pauseMs;
    this.#isAsked = retryAfterMs !== undefined;
    const until = now + Math.min(retryAfterMs ?? pauseMs, LONGEST_ASKED_MS);
    this.#openUntil = Math.max(until, this.#openUntil ?? 0);
  }
}
