import type { ChatRequest, StreamCompletion, StreamOptions } from '../../apis/completion.ts';
import type { SharedAttempt } from './limit-queue.ts';
import type { WaitClock } from './limited-stream.ts';
import { requestFor } from './request-for.ts';
import type { RouteFailures } from './route-failures.ts';
import type { RoutePlan, Router } from './router.ts';
import { Runner } from './runner.ts';
import { type AttemptLimits, FIRST_TOKEN_BESIDE_OTHERS_MS, type Target } from './target.ts';
import type { NextTarget, TargetWalk } from './walk.ts';

/** What the attempts of a request need. */
export interface AttemptStarterOptions {
  stream: StreamCompletion;
  router: Router;
  clock: WaitClock;
  plan: RoutePlan;
  walk: TargetWalk;
  request: ChatRequest;
  options: StreamOptions;
}

/** Starts the attempts of a routed request, each within the limits of its target. */
export class AttemptStarter {
  readonly #routed: AttemptStarterOptions;
  readonly #failures: RouteFailures;

  constructor(routed: AttemptStarterOptions, failures: RouteFailures) {
    this.#routed = routed;
    this.#failures = failures;
  }

  /**
   * Starts an attempt at this target, after a wait, or at the next one if its limit permits none in time. Returns undefined if no target can be
   * used.
   */
  async begin(first: NextTarget): Promise<Runner | undefined> {
    const { plan, clock, walk, options } = this.#routed;
    let next: NextTarget | undefined = first;
    let leftMs = plan.table.retries.longestWaitMs;
    while (next !== undefined) {
      if (next.waitMs > 0) await clock.sleep(next.waitMs, options.signal);
      const startedAt = clock.monotonic();
      const runner = await this.tryStart(next, Math.min(leftMs, this.#longestWaitMs(next.target)));
      if (runner !== undefined) return runner;
      leftMs = Math.max(0, leftMs - (clock.monotonic() - startedAt));
      walk.spend(next.target);
      next = walk.next(clock.monotonic());
    }
    return undefined;
  }

  /** Returns how long to wait for the limit of a target: not as long if another one can answer, and not longer than an answer may take. */
  #longestWaitMs(target: Target): number {
    const { plan, walk, clock, request } = this.#routed;
    const besideMs = plan.table.retries.longestWaitBesideOthersMs;
    const hasOther = walk.hasOther(target, clock.monotonic());
    const answerMs = request.wishes?.answerMs ?? target.limits.answerMs ?? Infinity;
    return Math.min(hasOther ? besideMs : Infinity, answerMs);
  }

  /** Starts an attempt. Returns undefined if the limit that the target shares with other processes permits none in time. */
  async tryStart(candidate: NextTarget, longestMs: number): Promise<Runner | undefined> {
    const { router, options } = this.#routed;
    const limit = router.limitOf(candidate.target);
    const shared = await limit?.take(longestMs, options.signal);
    return limit !== undefined && shared === undefined ? undefined : this.#start(candidate, shared);
  }

  #start(candidate: NextTarget, shared: SharedAttempt | undefined): Runner {
    const { stream, router, clock, walk, options } = this.#routed;
    const { target } = candidate;
    const now = clock.monotonic();
    const hasOther = walk.hasOther(target, now);
    walk.began(target, now);
    const request = requestFor(this.#withReason(target), candidate, hasOther);
    return new Runner({
      stream,
      request,
      options: shared === undefined ? options : { ...options, onHeadroom: shared.note },
      candidate,
      limits: this.#limits(target, request.stream, hasOther),
      lease: router.begin(target, shared),
      clock,
      isWhole: !this.#routed.request.stream,
    });
  }

  /** Returns the request with the reason for which it goes to a model that is not the first one. */
  #withReason({ model }: Target): ChatRequest {
    const { request } = this.#routed;
    const reason = this.#failures.reasonFor(model);
    if (reason === undefined) return request;
    return { ...request, wishes: { ...request.wishes, fallback: { from: request.model, reason } } };
  }

  #limits({ limits }: Target, isStream: boolean, hasOther: boolean): AttemptLimits {
    const answerMs = this.#routed.request.wishes?.answerMs ?? limits.answerMs;
    if (!isStream) return { ...limits, answerMs, firstTokenMs: undefined, idleMs: undefined };
    const firstTokenMs = limits.firstTokenMs ?? (hasOther ? FIRST_TOKEN_BESIDE_OTHERS_MS : undefined);
    return { ...limits, answerMs, firstTokenMs };
  }
}
