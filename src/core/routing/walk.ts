import { OrxError } from '../../errors.ts';
import type { RoutingWishes } from '../../apis/completion.ts';
import { routedName } from '../model-id/direct-name.ts';
import { backoffMs } from '../pipeline/backoff.ts';
import { failureKindOf } from './failure-kind.ts';
import type { FailureAction } from './failure.ts';
import type { PlannedGroup, RoutePlan, Router } from './router.ts';
import type { Target, TargetGroup } from './target.ts';

/** The next target, after a wait. */
export interface NextTarget {
  target: Target;
  group: TargetGroup;
  waitMs: number;
}

/** Most attempts that one request makes at a target within this time. */
const BURST = 4;
const BURST_MS = 3000;
/** Retries at a target without a configured number: fewer if another one can answer. */
const RETRIES_ALONE = 2;
const RETRIES_BESIDE_OTHERS = 1;

/** The order in which one request tries its targets: which is next, and whether a failed one is retried. */
export class TargetWalk {
  readonly #plan: RoutePlan;
  readonly #router: Router;
  readonly #wishes: RoutingWishes;
  #groups: readonly PlannedGroup[];
  /** Ids of targets that this request does not try again. */
  readonly #spent = new Set<string>();
  /** Start times of the attempts at each target. */
  readonly #starts = new Map<string, number[]>();
  #attempts = 0;

  constructor(plan: RoutePlan, router: Router, wishes: RoutingWishes) {
    this.#plan = plan;
    this.#router = router;
    this.#wishes = wishes;
    this.#groups = plan.groups;
  }

  /** Returns the next target; undefined if there is none. If all targets pause, it is the one that will be ready first. */
  next(now: number): NextTarget | undefined {
    if (this.#attempts >= this.#plan.table.retries.attempts) return undefined;
    const left = this.#left();
    const ready = left.find(({ target }) => this.#isReady(target, now));
    if (ready !== undefined) return { target: ready.target, group: ready.group, waitMs: 0 };
    const pausing = left
      .filter(({ target }) => this.#router.stateOf(target).usedShare(now, target.rates) < 1)
      .map((one) => {
        const { circuit } = this.#router.stateOf(one.target);
        const limitMs = this.#router.limitOf(one.target)?.expectedMs() ?? 0;
        return { ...one, circuit, limitMs, readyAt: Math.max(circuit.openUntil ?? 0, limitMs === 0 ? 0 : now + limitMs) };
      })
      .toSorted((one, other) => one.readyAt - other.readyAt);
    const { longestWaitBesideOthersMs } = this.#plan.table.retries;
    const first = pausing.find(
      ({ circuit, limitMs }) => this.#attempts === 0 || (!circuit.isAskedToWait(now) && limitMs <= longestWaitBesideOthersMs),
    );
    if (first === undefined) return undefined;
    const askedMs = first.circuit.isAskedToWait(now) ? first.circuit.openUntil! - now : 0;
    const waitMs = askedMs <= this.#plan.table.retries.longestWaitMs ? askedMs : 0;
    return { target: first.target, group: first.group, waitMs };
  }

  /** Returns whether another target could be tried now. */
  hasOther({ id }: Target, now: number): boolean {
    return this.#left().some(({ target }) => target.id !== id && this.#isReady(target, now));
  }

  /** Returns the wait until the limits of one of the targets permit another request; undefined if that is not known. */
  limitedMs(now: number): number | undefined {
    const waits = this.#plan.groups
      .flatMap(({ targets }) => targets)
      .map((target) =>
        Math.max(this.#router.limitOf(target)?.expectedMs() ?? 0, this.#router.stateOf(target).freeInMs(now, target.rates)),
      )
      .filter((ms) => ms > 0);
    return waits.length === 0 ? undefined : Math.min(...waits);
  }

  began({ id }: Target, now: number): void {
    this.#attempts += 1;
    this.#starts.set(id, [...(this.#starts.get(id) ?? []), now]);
  }

  /** Returns the wait before the target of a failed attempt is tried again; undefined if it is not. */
  retryMs(
    { target, group }: NextTarget,
    error: unknown,
    action: FailureAction,
    now: number,
    random: () => number,
  ): number | undefined {
    const failureKind = action === 'stop' ? undefined : failureKindOf(error);
    const configured = failureKind === undefined ? undefined : group.retriesByKind?.[failureKind];
    if (configured === undefined && action !== 'retry') return undefined;
    const facts = error instanceof OrxError ? error : undefined;
    // Another target of the name is better than waiting for a limit, or than repeating what time alone will not fix.
    if ((facts?.kind === 'rate-limit' || action !== 'retry') && this.#hasTwin(target, group, now)) return undefined;
    return this.#retryWait(target, facts, configured, now, random);
  }

  /** The target of a failed attempt is not tried again. */
  gaveUp({ target, group }: NextTarget, action: FailureAction): void {
    this.#spent.add(target.id);
    if (action === 'next-model') {
      const slug = slugOfTarget(target);
      for (const { target: other } of this.#left()) if (slugOfTarget(other) === slug) this.#spent.add(other.id);
      if (group.contextFallbacks !== undefined) this.#groups = this.#plan.also(group.contextFallbacks);
    }
    if (action === 'policy') this.#groups = this.#plan.also(group.policyFallbacks ?? []);
  }

  /** The target lost or started a hedge and is not tried again. */
  spend({ id }: Target): void {
    this.#spent.add(id);
  }

  #retryWait(
    target: Target,
    facts: OrxError | undefined,
    configured: number | undefined,
    now: number,
    random: () => number,
  ): number | undefined {
    const { retries: rules } = this.#plan.table;
    const starts = this.#starts.get(target.id) ?? [];
    const hasOther = this.hasOther(target, now);
    const allowed =
      configured ??
      this.#wishes.retries ??
      target.retries ??
      rules.perTarget ??
      (hasOther ? RETRIES_BESIDE_OTHERS : RETRIES_ALONE);
    if (starts.length > allowed || this.#attempts >= rules.attempts) return undefined;
    const waitMs = facts?.retryAfterMs ?? backoffMs(starts.length, random);
    if (waitMs > (hasOther ? rules.longestWaitBesideOthersMs : rules.longestWaitMs)) return undefined;
    const burst = starts.at(-BURST);
    return burst === undefined ? waitMs : Math.max(waitMs, burst + BURST_MS - now);
  }

  #hasTwin({ id }: Target, group: TargetGroup, now: number): boolean {
    return this.#left().some((one) => one.group === group && one.target.id !== id && this.#isReady(one.target, now));
  }

  #isReady(target: Target, now: number): boolean {
    const state = this.#router.stateOf(target);
    if (state.circuit.state(now) === 'open' || state.usedShare(now, target.rates) >= 1) return false;
    return (this.#router.limitOf(target)?.expectedMs() ?? 0) === 0;
  }

  #left(): { target: Target; group: TargetGroup }[] {
    const left: { target: Target; group: TargetGroup }[] = [];
    for (const { group, targets } of this.#groups)
      for (const target of targets) if (!this.#spent.has(target.id)) left.push({ target, group });
    return left;
  }
}

/** Returns the part of the name that targets with the same model have in common. */
function slugOfTarget({ model }: Target): string {
  return routedName(model).split('/').at(-1)!.toLowerCase();
}
