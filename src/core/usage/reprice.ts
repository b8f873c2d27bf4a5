import { decimal, type Decimal } from '../../decimal.ts';
import type { Model } from '../../apis/catalogue.ts';
import type { PastWorkload, WorkloadCut } from '../../storage/ledger/reports/report.ts';
import { effectivePricing } from '../price/effective.ts';
import { isUnpriced, priceKind, type Unpriced } from '../price/kind.ts';
import { type TokenCounts, tokensCost } from '../price/tokens-cost.ts';

const DAY_MINUTES = 24 * 60;
const MINUTE_MS = 60_000;
const DAY_MS = DAY_MINUTES * MINUTE_MS;

/** The catalogue entry of a model from a moment on. */
export interface Listing {
  from: number;
  model: Model;
}

/** Exact USD, or why no amount can be calculated. */
export type Repriced = { kind: 'amount'; cost: Decimal } | { kind: Unpriced };

/** Returns where the prices of these models change: by prompt size, time of day and day of the week, and at the given moments. */
export function cutFor(models: readonly Model[], moments: readonly number[] = []): WorkloadCut {
  const overrides = models.flatMap(({ pricing }) => pricing.overrides);
  const minutes = overrides.flatMap(({ utcStartMinute, utcEndMinute }) => [utcStartMinute ?? 0, utcEndMinute ?? 0]);
  return {
    sizes: distinct(overrides.flatMap(({ minPromptTokens }) => minPromptTokens ?? [])),
    minutes: distinct(minutes.filter((minute) => minute % DAY_MINUTES !== 0)),
    isByWeekday: overrides.some(({ utcDays }) => utcDays !== undefined),
    moments: distinct(moments),
  };
}

/** Returns a number for the part of the price list that applies to a prompt of this size at this moment. `moments` do not count. */
export function pieceOf({ sizes, minutes, isByWeekday }: WorkloadCut, promptTokens: number, at: number): number {
  let [size, clock] = [0, 0];
  for (const limit of sizes) if (promptTokens > limit) size += 1;
  for (const minute of minutes) if (at % DAY_MS >= minute * MINUTE_MS) clock += 1;
  const weekday = isByWeekday ? Math.floor(at / DAY_MS) % 7 : 0;
  return (size * (minutes.length + 1) + clock) * 7 + weekday;
}

/**
 * Returns what past work would cost with these catalogue entries (ascending; the first also applies before its time): every token at the price
 * of its kind for a prompt of that size at that time, plus the fee of each request. Exact, and linear in the tokens.
 */
export function reprice(
  listings: readonly Listing[],
  workloads: Iterable<PastWorkload>,
  { sizes }: Pick<WorkloadCut, 'sizes'>,
): Repriced {
  let cost = decimal(0);
  for (const workload of workloads) {
    const { model } = listings.findLast(({ from }) => from <= workload.at) ?? listings[0]!;
    const promptTokens = workload.tier === 0 ? 0 : sizes[workload.tier - 1]! + 1;
    const prices = effectivePricing(model.pricing, { promptTokens, at: new Date(workload.at) });
    const kind = priceKind(model);
    const amount = isUnpriced(kind) ? kind : tokensCost(prices, workload);
    if (typeof amount === 'string') return { kind: amount };
    cost = cost.plus(amount);
  }
  return { kind: 'amount', cost };
}

/** Merges the workloads into one, for models whose price depends on neither size nor time. */
export function joinWorkloads(workloads: readonly PastWorkload[]): PastWorkload[] {
  const [first, ...others] = workloads;
  if (first === undefined) return [];
  const joined = { ...first, tier: 0 };
  for (const workload of others) addTokens(joined, workload);
  return [joined];
}

function addTokens(to: TokenCounts, from: TokenCounts): void {
  to.requests += from.requests;
  to.promptTokens += from.promptTokens;
  to.cachedTokens += from.cachedTokens;
  to.cacheWriteTokens += from.cacheWriteTokens;
  to.completionTokens += from.completionTokens;
  to.reasoningTokens += from.reasoningTokens;
}

function distinct(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}
