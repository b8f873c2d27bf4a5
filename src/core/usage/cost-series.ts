import { decimal, type Decimal } from '../../decimal.ts';
import type { DayCost } from '../../storage/ledger/reports/report.ts';
import { localDay } from '../time/periods.ts';
import { TIME_GROUPINGS, timeGroup, type TimeGrouping } from './usage-report.ts';
import type { UsagePeriod } from './parse-period.ts';

export interface CostPoint {
  /** `2026-11-03`, the Monday of the week, or `2026-11`. */
  time: string;
  cost: Decimal;
  requests: number;
}

/** Cost over time, without gaps, oldest first. */
export interface CostSeries {
  unit: TimeGrouping;
  points: readonly CostPoint[];
}

/** Longest series in days. A period without limits is as long as its data. */
const MOST_DAYS = 36_600;

/**
 * Returns the cost by `unit`, or by the finest unit that gives at most `most` points. Covers the period from its beginning, or from the first
 * day with a cost, to its end or now; nothing is omitted.
 */
export function costSeries(
  costs: readonly DayCost[],
  { since, until }: UsagePeriod,
  now: number,
  fit: TimeGrouping | { most: number },
): CostSeries {
  const days = costs.map(({ day }) => day);
  const last = days.reduce((a, b) => Math.max(a, b), localDay(Math.min(now, (until ?? Infinity) - 1)));
  const first = days.reduce((a, b) => Math.min(a, b), since === undefined ? last : localDay(since));
  const from = Math.max(first, last - MOST_DAYS);
  const all = TIME_GROUPINGS.map((unit) => ({ unit, times: timesOf(from, last, unit) }));
  const wanted =
    typeof fit === 'string' ? all.find(({ unit }) => unit === fit) : all.find(({ times }) => times.length <= fit.most);
  const { unit, times } = wanted ?? all.at(-1)!;
  const points = new Map(times.map((time) => [time, { time, cost: decimal(0), requests: 0 }]));
  for (const { day, cost, requests } of costs) {
    const point = points.get(timeGroup(day, unit));
    if (point === undefined) continue;
    point.cost = point.cost.plus(cost);
    point.requests += requests;
  }
  return { unit, points: [...points.values()] };
}

function timesOf(first: number, last: number, unit: TimeGrouping): string[] {
  return [...new Set(Array.from({ length: last - first + 1 }, (_, index) => timeGroup(first + index, unit)))];
}
