import { MinuteWindow } from './minute-window.ts';
import type { CooldownRules } from './target.ts';

export type CircuitState = 'closed' | 'open' | 'half-open';

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
  }

  /** The attempt ended without a result that concerns the target. */
  release(isProbe: boolean): void {
    if (isProbe) this.#isProbing = false;
  }

  fail(now: number, isProbe: boolean, { atOnce, retryAfterMs }: { atOnce: boolean; retryAfterMs?: number | undefined }): void {
    const rules = this.#rules();
    this.#failed.add(now, 1);
    if (isProbe) {
      this.#isProbing = false;
      return this.#open(now, Math.min(this.#pauseMs * 2, rules.longestMs), retryAfterMs);
    }
    // Requests that began before the pause fail, too. They do not extend it, but a Retry-After does.
    if (this.#openUntil !== undefined && retryAfterMs === undefined) return;
    const failed = this.#failed.sum(now);
    const isOften = failed >= rules.failures && failed > this.#asked.sum(now) * rules.failureShare;
    if (atOnce || isOften) this.#open(now, Math.max(this.#pauseMs, rules.ms), retryAfterMs);
  }

  #open(now: number, pauseMs: number, retryAfterMs: number | undefined): void {
    this.#pauseMs = pauseMs;
    this.#isAsked = retryAfterMs !== undefined;
    const until = now + Math.min(retryAfterMs ?? pauseMs, LONGEST_ASKED_MS);
    this.#openUntil = Math.max(until, this.#openUntil ?? 0);
  }
}
