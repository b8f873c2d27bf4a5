import { isDirect } from '../../apis/direct-id.ts';
import { OrxError } from '../../errors.ts';
import { Circuit, type CircuitState } from './circuit.ts';
import { type FailureKind, failureKindOf } from './failure-kind.ts';
import { verdictOf } from './failure.ts';
import type { SharedAttempt } from './limit-queue.ts';
import { MinuteWindow } from './minute-window.ts';
import type { CooldownRules, RateLimits, Target } from './target.ts';

/** Weight of the newest measurement in a moving average. */
const NEWEST = 0.3;

/** What the gateway knows of a target from its own requests. */
export interface TargetStatus {
  id: string;
  model: string;
  state: CircuitState;
  /** Requests in progress. */
  inFlight: number;
  /** Moving averages; undefined if nothing was measured. */
  timeToFirstTokenMs?: number | undefined;
  tokensPerSecond?: number | undefined;
  /** Attempts since the start, and those that failed. */
  attempts: number;
  failures: number;
  /** Its API does not know the model, according to the last failure. */
  isUnknown: boolean;
}

/** One attempt at a target. Only the first call that ends it counts. */
export interface TargetAttempt {
  firstToken: (ms: number) => void;
  succeed: (result: { tokens: number; tokensPerSecond?: number | undefined }) => void;
  fail: (error: unknown) => void;
  /** The attempt was canceled, so its result does not concern the target. */
  release: () => void;
}

/** The state of one target: circuit breaker, load and speed. */
export class TargetState {
  readonly circuit: Circuit;
  readonly #rules: () => CooldownRules;
  readonly #requests = new MinuteWindow();
  readonly #tokens = new MinuteWindow();
  #inFlight = 0;
  #firstTokenMs: number | undefined;
  #tokensPerSecond: number | undefined;
  #attempts = 0;
  #failures = 0;
  #isUnknown = false;

  constructor(rules: () => CooldownRules) {
    this.#rules = rules;
    this.circuit = new Circuit(rules);
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get timeToFirstTokenMs(): number | undefined {
    return this.#firstTokenMs;
  }

  get tokensPerSecond(): number | undefined {
    return this.#tokensPerSecond;
  }

  /** Returns the largest used share of any limit; from 1 on, the target gets no more requests for now. */
  usedShare(now: number, { requestsPerMinute, tokensPerMinute, parallelRequests }: RateLimits): number {
    return Math.max(
      requestsPerMinute === undefined ? 0 : shareOf(this.#requests.sum(now), requestsPerMinute),
      tokensPerMinute === undefined ? 0 : shareOf(this.#tokens.sum(now), tokensPerMinute),
      parallelRequests === undefined ? 0 : shareOf(this.#inFlight, parallelRequests),
    );
  }

  /** Returns the wait until its own limits per minute permit another request, in milliseconds. When a running request ends is not known. */
  freeInMs(now: number, { requestsPerMinute, tokensPerMinute }: RateLimits): number {
    return Math.max(
      requestsPerMinute === undefined ? 0 : this.#requests.belowInMs(now, requestsPerMinute),
      tokensPerMinute === undefined ? 0 : this.#tokens.belowInMs(now, tokensPerMinute),
    );
  }

  /** Returns the requests and tokens of the last minute. */
  load(now: number): { requests: number; tokens: number } {
    return { requests: this.#requests.sum(now), tokens: this.#tokens.sum(now) };
  }

  /** Starts an attempt. `now` is monotonic, in milliseconds. `shared` is told how it ends. */
  begin(target: Target, now: () => number, shared?: SharedAttempt): TargetAttempt {
    const isProbe = this.circuit.begin(now());
    this.#requests.add(now(), 1);
    this.#inFlight += 1;
    this.#attempts += 1;
    let isOver = false;
    const end = (work: () => void) => (): void => {
      if (isOver) return;
      isOver = true;
      this.#inFlight -= 1;
      work();
    };
    return {
      firstToken: (ms) => void (this.#firstTokenMs = average(this.#firstTokenMs, ms)),
      succeed: ({ tokens, tokensPerSecond }) =>
        end(() => {
          shared?.succeed();
          this.#isUnknown = false;
          this.#tokens.add(now(), tokens);
          if (tokensPerSecond !== undefined) this.#tokensPerSecond = average(this.#tokensPerSecond, tokensPerSecond);
          this.circuit.succeed(isProbe);
        })(),
      fail: (error) =>
        end(() => {
          shared?.fail(error, this.#inFlight + 1);
          const verdict = verdictOf(error, isDirect(target.model));
          const failureKind = failureKindOf(error);
          // A failure that the request caused counts only if the configuration has a number for its kind.
          if (verdict === 'none' && !this.#hasNumberFor(failureKind)) return this.circuit.release(isProbe);
          this.#failures += 1;
          this.#isUnknown = error instanceof OrxError && error.status === 404;
          const retryAfterMs = error instanceof OrxError ? error.retryAfterMs : undefined;
          this.circuit.fail(now(), isProbe, { atOnce: verdict === 'open', retryAfterMs, failureKind });
        })(),
      release: end(() => {
        shared?.end();
        this.circuit.release(isProbe);
      }),
    };
  }

  #hasNumberFor(failureKind: FailureKind | undefined): boolean {
    return failureKind !== undefined && this.#rules().failuresByKind?.[failureKind] !== undefined;
  }

  status({ id, model }: Target, now: number): TargetStatus {
    return {
      id,
      model,
      state: this.circuit.state(now),
      inFlight: this.#inFlight,
      timeToFirstTokenMs: this.#firstTokenMs,
      tokensPerSecond: this.#tokensPerSecond,
      attempts: this.#attempts,
      failures: this.#failures,
      isUnknown: this.#isUnknown,
    };
  }
}

/** Returns the used share of a limit. One of 0 is always used up. */
function shareOf(used: number, limit: number): number {
  return limit === 0 ? Infinity : used / limit;
}

function average(before: number | undefined, newest: number): number {
  return before === undefined ? newest : before + NEWEST * (newest - before);
}
