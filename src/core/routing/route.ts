import type { ChatRequest, CompletionEvent, StreamCompletion, StreamOptions } from '../../apis/completion.ts';
import { OrxError } from '../../errors.ts';
import { isBilled } from '../pipeline/billed.ts';
import { type AllAttempts, allAttempts } from '../pipeline/all-attempts.ts';
import { AttemptStarter, type AttemptStarterOptions } from './attempt-starter.ts';
import { actionAfter } from './failure.ts';
import type { WaitClock } from './limited-stream.ts';
import { RouteFailures } from './route-failures.ts';
import type { RoutePlan, Router } from './router.ts';
import type { Milestone, Runner } from './runner.ts';
import type { Target } from './target.ts';
import { type NextTarget, TargetWalk } from './walk.ts';

export interface RouteClock extends WaitClock {
  /** From 0 to 1. */
  random: () => number;
}

/**
 * Returns the same stream over the targets that `router` chooses: until the first token of an answer, failed attempts are retried and other
 * targets are tried. A non-streaming request has no such point: it is retried until an answer is complete. Changes yield `retry` and `fallback`
 * events; if all targets fail, the first failure is thrown. Costs and times are those of all attempts.
 */
export function route(stream: StreamCompletion, router: Router, clock: RouteClock): StreamCompletion {
  return async function* routedStream(request, options = {}) {
    const plan = await router.plan(request, options.caller?.tags);
    const walk = new TargetWalk(plan, router, request.wishes ?? {});
    yield* routedEvents({ stream, router, clock, plan, walk, request, options });
  };
}

/** What routing a request needs. */
export interface Routed extends AttemptStarterOptions {
  clock: RouteClock;
}

/** An attempt that failed before its answer began. */
export interface FailedAttempt extends Pick<Runner, 'candidate' | 'held' | 'startedAt'> {
  error: unknown;
}

/** Yields the events of a routed request. `failed` is its first attempt if push-route.ts has made it. */
export async function* routedEvents(routed: Routed, failed?: FailedAttempt): AsyncGenerator<CompletionEvent, void, undefined> {
  const request = new RoutedRequest(routed, failed);
  try {
    yield* request.events();
  } finally {
    await request.close();
  }
}

class RoutedRequest {
  readonly #clock: RouteClock;
  readonly #plan: RoutePlan;
  readonly #request: ChatRequest;
  readonly #options: StreamOptions;
  readonly #walk: TargetWalk;
  readonly #attempts: AllAttempts;
  readonly #failures = new RouteFailures();
  readonly #starter: AttemptStarter;
  /** Attempts in progress: one, or two while the second is a hedge. */
  readonly #runners: Runner[] = [];
  /** Resolved when the losing hedges are settled. */
  readonly #losers: Promise<void>[] = [];
  readonly #failed: FailedAttempt | undefined;
  #retries = 0;
  #mayHedge = true;

  constructor(routed: Routed, failed: FailedAttempt | undefined) {
    const { clock, plan, walk, request, options } = routed;
    this.#clock = clock;
    this.#plan = plan;
    this.#request = request;
    this.#options = options;
    this.#walk = walk;
    this.#failed = failed;
    this.#attempts = allAttempts(clock.monotonic, failed?.startedAt);
    this.#starter = new AttemptStarter(routed, this.#failures);
  }

  async *events(): AsyncGenerator<CompletionEvent, void, undefined> {
    if (this.#failed === undefined) await this.#startNext();
    else yield* this.#afterFailure(this.#failed, this.#failed.error);
    for (;;) {
      const runner = yield* this.#firstAnswer();
      this.#attempts.begin(runner.startedAt);
      let usage: CompletionEvent | undefined;
      try {
        for (const event of runner.held.splice(0)) yield this.#attempts.see(event);
        for await (const event of runner.rest()) {
          if (event.type === 'usage') usage = event;
          yield this.#attempts.see(event);
        }
        return;
      } catch (error) {
        // Output that was already yielded stays, unless the client allows a restart.
        if (this.#request.wishes?.restart !== true || actionAfter(error, this.#options.signal) === 'stop') {
          const billed = this.#attempts.unseenUsage();
          if (billed !== undefined) yield { type: 'usage', usage: billed };
          throw error;
        }
        if (usage !== undefined) runner.held.push(usage);
        yield* this.#afterFailure(runner, error);
      }
    }
  }

  /** Ends all attempts in progress: the consumer has left, or an answer is complete. */
  async close(): Promise<void> {
    await Promise.all([...this.#runners.map((runner) => runner.close()), ...this.#losers]);
  }

  /** Returns the first attempt that answers. Throws if none does. */
  async *#firstAnswer(): AsyncGenerator<CompletionEvent, Runner, undefined> {
    for (;;) {
      const { runner, milestone } = await this.#nextMilestone();
      if (milestone.type === 'alive') {
        yield milestone.event;
      } else if (milestone.type === 'answers') {
        for (const other of this.#runners.splice(0)) {
          if (other !== runner) this.#losers.push(this.#endLoser(other));
        }
        this.#runners.push(runner);
        return runner;
      } else {
        yield* this.#afterFailure(runner, milestone.error);
      }
    }
  }

  async #nextMilestone(): Promise<{ runner: Runner; milestone: Milestone }> {
    const waiting = this.#runners.map(async (runner) => ({ runner, milestone: await runner.milestone() }));
    const [only] = this.#runners;
    const hedgeMs = this.#mayHedge && this.#runners.length === 1 ? only!.candidate.group.hedgeMs : undefined;
    const over = new AbortController();
    if (hedgeMs !== undefined && this.#walk.hasOther(only!.candidate.target, this.#clock.monotonic())) {
      const leftMs = Math.max(0, hedgeMs - (this.#clock.monotonic() - only!.startedAt));
      const isLate = this.#clock.sleep(leftMs, over.signal).then(
        () => true,
        () => false,
      );
      const first = await Promise.race([...waiting, isLate]);
      over.abort();
      if (typeof first !== 'boolean') {
        first.runner.taken();
        return first;
      }
      await this.#startHedge(only!.candidate.target);
      return this.#nextMilestone();
    }
    const first = await Promise.race(waiting);
    first.runner.taken();
    return first;
  }

  async #endLoser(loser: Runner): Promise<void> {
    await loser.close();
    this.#options.onHedge?.({ type: 'lost', cost: loser.cost });
  }

  async #startHedge(slow: Target): Promise<void> {
    this.#mayHedge = false;
    this.#walk.spend(slow);
    const next = this.#walk.next(this.#clock.monotonic());
    const hedge = next === undefined || next.waitMs > 0 ? undefined : await this.#starter.tryStart(next, 0);
    if (hedge === undefined) return;
    this.#runners.push(hedge);
    this.#options.onHedge?.({ type: 'sent' });
  }

  async *#afterFailure(
    runner: Pick<Runner, 'candidate' | 'held'>,
    error: unknown,
  ): AsyncGenerator<CompletionEvent, void, undefined> {
    const { candidate } = runner;
    const at = this.#runners.findIndex((one) => one === runner);
    if (at >= 0) this.#runners.splice(at, 1);
    const action = actionAfter(error, this.#options.signal);
    const now = this.#clock.monotonic();
    this.#failures.add(candidate.target.model, error);
    // A target that has charged for the attempt is not asked to do the same again.
    const waitMs = runner.held.some(isBilled) ? undefined : this.#walk.retryMs(candidate, error, action, now, this.#clock.random);
    const hasPolicyFallback = action === 'policy' && candidate.group.policyFallbacks !== undefined;
    if (action === 'stop' || (action === 'policy' && !hasPolicyFallback && waitMs === undefined))
      return yield* this.#giveUp(runner, error, action === 'stop');
    if (waitMs === undefined) this.#walk.gaveUp(candidate, action);
    // The hedge is still in progress and may answer.
    if (this.#runners.length > 0) return this.#attempts.endFailed(runner.held.map(this.#attempts.see));
    const next = waitMs === undefined ? this.#walk.next(now) : undefined;
    if (waitMs === undefined && next === undefined) return yield* this.#giveUp(runner, error, false);
    this.#attempts.endFailed(runner.held.map(this.#attempts.see));
    if (waitMs !== undefined) {
      this.#retries += 1;
      yield { type: 'retry', attempt: this.#retries, error, waitMs };
      await this.#clock.sleep(waitMs, this.#options.signal);
    }
    const started = await this.#begin(waitMs === undefined ? next! : { ...candidate, waitMs: 0 });
    if (started === undefined) return yield* this.#giveUp({ held: [] }, error, false);
    const { target } = started.candidate;
    if (target.id !== candidate.target.id) yield { type: 'fallback', model: candidate.target.model, next: target.model, error };
  }

  /** Yields the usage of the attempts before it throws the error. */
  async *#giveUp(
    runner: Pick<Runner, 'held'>,
    error: unknown,
    isOver: boolean,
  ): AsyncGenerator<CompletionEvent, void, undefined> {
    for (const event of runner.held.splice(0)) yield this.#attempts.see(event);
    const billed = this.#attempts.unseenUsage();
    if (billed !== undefined) yield { type: 'usage', usage: billed };
    throw isOver ? error : this.#failures.errorOfAll(error);
  }

  /** No event reports that a request waits for a target: a client that has received nothing can still get status 429. */
  async #startNext(): Promise<void> {
    const next = this.#walk.next(this.#clock.monotonic());
    if (next === undefined || (await this.#begin(next)) === undefined)
      throw allBusy(this.#plan.first.name, this.#walk.limitedMs(this.#clock.monotonic()));
  }

  /** Starts an attempt at this target, or at the next one that permits it. Returns undefined if none does. */
  async #begin(first: NextTarget): Promise<Runner | undefined> {
    const runner = await this.#starter.begin(first);
    if (runner !== undefined) this.#runners.push(runner);
    return runner;
  }
}

function allBusy(name: string, retryAfterMs = 10_000): OrxError {
  return new OrxError(`every target of ${name} has reached its limit of requests or tokens`, {
    kind: 'rate-limit',
    code: 'rate_limit_exceeded',
    status: 429,
    isRetryable: true,
    retryAfterMs,
  });
}
