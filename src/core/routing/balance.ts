import type { Decimal } from '../../decimal.ts';
import type { Strategy, Target } from './target.ts';
import type { TargetState } from './target-state.ts';

/** The data that the strategies use. */
export interface BalanceFacts {
  stateOf: (target: Target) => TargetState;
  /** USD for a typical request; undefined if no price is known. */
  costOf: (target: Target) => Decimal | undefined;
  /** From 0 to 1. */
  random: () => number;
  /** Monotonic, in milliseconds. */
  now: number;
}

/** Averages that differ by less than this share count as equal: otherwise the fastest target alone would get all requests. */
const SAME_SHARE = 0.1;

/** Returns the targets in the order in which they are tried: lower `order` first, then by the strategy. */
export function balance(targets: readonly Target[], strategy: Strategy, facts: BalanceFacts): Target[] {
  if (targets.length < 2) return [...targets];
  const tiers = new Map<number, Target[]>();
  for (const target of targets) {
    const tier = tiers.get(target.order);
    if (tier === undefined) tiers.set(target.order, [target]);
    else tier.push(target);
  }
  return [...tiers].toSorted(([one], [other]) => one - other).flatMap(([, tier]) => orderTier(tier, strategy, facts));
}

function orderTier(tier: Target[], strategy: Strategy, { stateOf, costOf, random, now }: BalanceFacts): Target[] {
  switch (strategy) {
    case 'order':
      return tier;
    case 'weight':
      return shuffle(tier, random);
    case 'least-busy':
      return sortBy(shuffle(tier, random), (target) => stateOf(target).inFlight / Math.max(target.weight, 1e-9));
    case 'usage':
      return sortBy(shuffle(tier, random), (target) => {
        const share = stateOf(target).usedShare(now, target.rates);
        return share > 0 ? share : stateOf(target).load(now).tokens / 1e12;
      });
    case 'latency':
      return quickest(tier, (target) => stateOf(target).timeToFirstTokenMs, random);
    case 'throughput':
      return quickest(tier, (target) => inverse(stateOf(target).tokensPerSecond), random);
    case 'cost':
      return tier
        .map((target) => ({ target, cost: costOf(target) }))
        .toSorted(({ cost: one }, { cost: other }) => {
          if (one === undefined || other === undefined) return Number(one === undefined) - Number(other === undefined);
          return one.cmp(other);
        })
        .map(({ target }) => target);
  }
}

/**
 * Sorts the fastest targets first. A target without measurements comes first, because otherwise it would never be measured; about equal ones
 * take turns.
 */
function quickest(tier: readonly Target[], measure: (target: Target) => number | undefined, random: () => number): Target[] {
  const measured = tier.map(measure).filter((value) => value !== undefined);
  const best = Math.min(...measured);
  return sortBy(shuffle(tier, random), (target) => {
    const value = measure(target);
    if (value === undefined) return 0;
    return value <= best * (1 + SAME_SHARE) ? best : value;
  });
}

function inverse(value: number | undefined): number | undefined {
  return value === undefined ? undefined : 1 / value;
}

/** Returns a random order in which each target comes first as often as its weight says (Efraimidis and Spirakis). Weight 0 comes last. */
function shuffle(targets: readonly Target[], random: () => number): Target[] {
  return sortBy(targets, ({ weight }) => (weight <= 0 ? Infinity : -Math.log(1 - random()) / weight));
}

/** Stable. */
function sortBy(targets: readonly Target[], key: (target: Target) => number): Target[] {
  return targets
    .map((target) => ({ target, key: key(target) }))
    .toSorted((one, other) => (one.key === other.key ? 0 : one.key - other.key))
    .map(({ target }) => target);
}
