import { decimal, type Decimal } from '../../decimal.ts';
import type { Distribution, GroupSums, PeriodOf, Report, ReportDimension, Sums } from '../../storage/ledger/reports/report.ts';
import { compareText } from '../text/compare-text.ts';
import { percentiles } from './percentile.ts';

export const TIME_GROUPINGS = ['day', 'week', 'month'] as const;
export type TimeGrouping = (typeof TIME_GROUPINGS)[number];
export type UsageGrouping = TimeGrouping | ReportDimension;
/** In display order. */
export const USAGE_GROUPINGS = [
  'model',
  'provider',
  'vendor',
  'command',
  'project',
  'profile',
  'key',
  'tag',
  'day',
  'week',
  'month',
] as const satisfies readonly UsageGrouping[];

/** Sums of a group, and figures derived from them. Times are milliseconds, of complete requests. */
export interface UsageRow extends Omit<Sums, 'cost' | 'upstreamCost'> {
  /** The dimension's value; for time `2026-11-03`, the Monday of the week, or `2026-11`. */
  group: string;
  cost: Decimal;
  /** Part of the cost that was paid directly to providers, with the user's own keys. */
  upstreamCost: Decimal;
  /** Share of complete requests among complete and failed ones, 0 to 1; stopped requests do not count. Undefined if there are none. */
  successRate: number | undefined;
  /** Share of the prompt tokens, 0 to 1. */
  cachedShare: number | undefined;
  durationMs: { p50: number; p95: number } | undefined;
  timeToFirstTokenMs: { p50: number; p95: number } | undefined;
  /** Median, tokens per second. */
  throughput: number | undefined;
}

/** The data of charts by model. */
export type ModelChart = Pick<UsageRow, 'group' | 'requests' | 'cost' | 'successRate' | 'durationMs'>;

export interface UsageReport {
  by: UsageGrouping;
  /** Most expensive first; groups of time in chronological order. */
  rows: readonly UsageRow[];
  total: UsageRow;
  /** The greatest relative error of a time: 0 if all are measured values. */
  timesError: number;
}

export function isTimeGrouping(by: UsageGrouping): by is TimeGrouping {
  return (TIME_GROUPINGS as readonly string[]).includes(by);
}

/** Returns how the ledger must split a report for this grouping. */
export function splitOf(by: UsageGrouping): ReportDimension | PeriodOf {
  return isTimeGrouping(by) ? (day) => timeGroup(day, by) : by;
}

/** Returns the rows of a report that was split for this grouping. */
export function usageReport({ total, groups, times, timesError }: Report, by: UsageGrouping): UsageReport {
  const rows = groups.map(usageRow);
  rows.sort(isTimeGrouping(by) ? byGroup : dearestFirst);
  return { by, rows, total: usageRow({ group: '', ...total, times }), timesError };
}

/** Returns the models of a report that includes them, most expensive first. */
export function modelCharts({ models }: Report): ModelChart[] {
  return models
    .map(({ group, requests, complete, failed, cost, times }) => ({
      group,
      requests,
      cost: decimal(cost),
      successRate: successRate(complete, failed),
      durationMs: spread(times.durationMs),
    }))
    .sort(dearestFirst);
}

/** Returns the name of the day, week or month that contains a local day (counted since 1970-01-01). */
export function timeGroup(day: number, by: TimeGrouping): string {
  // 1970-01-01 was a Thursday.
  const first = by === 'week' ? day - ((((day + 3) % 7) + 7) % 7) : day;
  return new Date(first * 86_400_000).toISOString().slice(0, by === 'month' ? 7 : 10);
}

function usageRow({ times, ...sums }: GroupSums): UsageRow {
  const { complete, failed, promptTokens, cachedTokens } = sums;
  return {
    ...sums,
    cost: decimal(sums.cost),
    upstreamCost: decimal(sums.upstreamCost),
    successRate: successRate(complete, failed),
    cachedShare: promptTokens === 0 ? undefined : cachedTokens / promptTokens,
    durationMs: spread(times.durationMs),
    timeToFirstTokenMs: spread(times.timeToFirstTokenMs),
    throughput: percentiles(times.throughput, 0.5)[0],
  };
}

/** Stopped requests do not count. */
function successRate(complete: number, failed: number): number | undefined {
  return complete + failed === 0 ? undefined : complete / (complete + failed);
}

function spread(values: Distribution): { p50: number; p95: number } | undefined {
  const [p50, p95] = percentiles(values, 0.5, 0.95);
  return p50 === undefined || p95 === undefined ? undefined : { p50, p95 };
}

function dearestFirst(a: ModelChart, b: ModelChart): number {
  return b.cost.cmp(a.cost) || b.requests - a.requests || byGroup(a, b);
}

function byGroup(a: ModelChart, b: ModelChart): number {
  return compareText(a.group, b.group);
}
