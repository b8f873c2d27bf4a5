import {
  type AnswerSink,
  type CompletionEvent,
  isVisible,
  type PushCompletion,
  type StreamCompletion,
} from '../../apis/completion.ts';
import { pushEvents } from '../../apis/push-events.ts';
import { requestFor } from './request-for.ts';
import { type FailedAttempt, type RouteClock, type Routed, routedEvents } from './route.ts';
import type { Router } from './router.ts';
import { TargetWatch } from './target-watch.ts';
import { type NextTarget, TargetWalk } from './walk.ts';

/**
 * Does for pushed answers what core/routing/route.ts does. If the first target is the only one, and has neither limits nor a
 * hedge, its answer goes straight to the sink. If that attempt fails before its answer begins, route.ts continues from there. All
 * other requests go through route.ts from the start.
 */
export function pushRoute(push: PushCompletion, stream: StreamCompletion, router: Router, clock: RouteClock): PushCompletion {
  return async (request, options, sink) => {
    const plan = await router.plan(request, options.caller?.tags);
    const walk = new TargetWalk(plan, router, request.wishes ?? {});
    const routed: Routed = { stream, router, clock, plan, walk, request, options };
    const candidate = plainCandidate(routed);
    const failed = candidate === undefined ? undefined : await attemptFirst(push, routed, candidate, sink);
    if (candidate === undefined || failed !== undefined) await pushEvents(routedEvents(routed, failed), sink);
  };
}

/** Returns the first target if only the connection limits its attempt and nothing limits the number of its requests, otherwise undefined. */
function plainCandidate({ walk, clock, router, request }: Routed): NextTarget | undefined {
  if (request.wishes?.restart === true || request.wishes?.answerMs !== undefined) return undefined;
  const now = clock.monotonic();
  const next = walk.next(now);
  if (next === undefined || next.waitMs > 0 || next.group.hedgeMs !== undefined) return undefined;
  if (router.limitOf(next.target)?.isLimited === true) return undefined;
  const { firstTokenMs, idleMs, answerMs, connectMs } = next.target.limits;
  const isLimited = (firstTokenMs ?? idleMs ?? answerMs ?? connectMs) !== undefined;
  return isLimited || walk.hasOther(next.target, now) ? undefined : next;
}

/** Returns undefined after a complete answer. Throws if the answer breaks off after it has begun. */
async function attemptFirst(
  push: PushCompletion,
  { walk, clock, router, request, options }: Routed,
  candidate: NextTarget,
  sink: AnswerSink,
): Promise<FailedAttempt | undefined> {
  const { target } = candidate;
  const startedAt = clock.monotonic();
  walk.began(target, startedAt);
  const shared = router.limitOf(target)?.unlimited();
  const lease = router.begin(target, shared);
  const attempt = new FirstAttempt(new TargetWatch(lease, clock.monotonic), sink, !request.stream);
  try {
    const noted = shared === undefined ? options : { ...options, onHeadroom: shared.note };
    await push(requestFor(request, candidate, false), noted, attempt);
    return undefined;
  } catch (error) {
    lease.fail(error);
    if (attempt.hasBegun) throw error;
    return { candidate, held: attempt.held, startedAt, error };
  } finally {
    lease.release();
  }
}

/** Holds the events until the first visible one (without streaming: until the last one), because until then another attempt may answer. */
class FirstAttempt implements AnswerSink {
  readonly ready: AnswerSink['ready'];
  readonly held: CompletionEvent[] = [];
  hasBegun = false;
  readonly #watch: TargetWatch;
  readonly #sink: AnswerSink;
  readonly #isWhole: boolean;

  constructor(watch: TargetWatch, sink: AnswerSink, isWhole: boolean) {
    this.#watch = watch;
    this.#sink = sink;
    this.#isWhole = isWhole;
    this.ready = sink.ready === undefined ? undefined : () => sink.ready!();
  }

  see(event: CompletionEvent): void {
    this.#watch.see(event);
    if (this.hasBegun || event.type === 'heartbeat') return this.#sink.see(event);
    this.held.push(event);
    if (event.type !== 'response-end' && (this.#isWhole || !isVisible(event))) return;
    this.hasBegun = true;
    for (const one of this.held.splice(0)) this.#sink.see(one);
  }
}
