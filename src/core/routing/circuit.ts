import { MinuteWindow } from './minute-window.ts';
import type { CooldownRules } from './target.ts';

export type CircuitState = 'closed' | 'open' | 'half-open';

/** Longest pause that a server's own Retry-After gives a target. */
const LONGEST_ASKED_MS = 60_000;

/**
 * Whether a target is asked. `closed`: it is · `open`: it failed and pauses · `half-open`: the pause is over, and one request finds out whether it
 * is well. A good answer closes the circuit, a failed probe opens it for twice as long.
 */
export class Circuit {
  readonly #rules: () => CooldownRules;
  readonly #asked = new MinuteWindow();
  readonly #failed = new MinuteWindow();
  /** Undefined: closed. */
  #openUntil: number | undefined;
  #pauseMs = 0;
  #isProbing = false;
  /** The pause is what the server asked for. */
  #isAsked = false;

  constructor(rules: () => CooldownRules) {
    this.#rules = rules;
  }

  state(now: number): CircuitState {
    if (this.#openUntil === undefined) return 'closed';
    return now < this.#openUntil || this.#isProbing ? 'open' : 'half-open';
  }

  /** When it may be asked again; undefined while it is closed. */
  get openUntil(): number | undefined {
    return this.#openUntil;
  }

  /** Whether a server asked for the pause that lasts at `now`. */
  isAskedToWait(now: number): boolean {
    return this.#isAsked && this.#openUntil !== undefined && now < this.#openUntil;
  }

  /** An attempt begins. True: it is the probe. */
  begin(now: number): boolean {
    this.#asked.add(now, 1);
    if (this.state(now) !== 'half-open') return false;
    this.#isProbing = true;
    return true;
  }

  succeed(isProbe: boolean): void {
    if (isProbe) this.#isProbing = false;
    if (this.#openUntil === undefined) return;
    // An answer that began before the pause says nothing of what comes after it, but a target that answers is well.
    this.#openUntil = undefined;
    this.#pauseMs = 0;
    this.#isAsked = false;
    this.#asked.clear();
    this.#failed.clear();
  }

  /** The attempt ended without saying anything of the target. */
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
    // Requests that began before the pause fail as well: they do not extend it, but what the server asks for does.
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
