import { decimal, type Decimal } from '../../decimal.ts';
import type { Distribution, Report, ReportDimension, Sums, TimeDistributions } from '../../storage/ledger/reports/report.ts';
import { compareText } from '../text/compare-text.ts';
import { joinDistributions, percentiles } from './percentile.ts';

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

/** Returns the dimension by which the ledger must split a report for this grouping. */
export function dimensionOf(by: UsageGrouping): ReportDimension | undefined {
  return isTimeGrouping(by) ? undefined : by;
}

/** Returns the rows of a report that was split by this grouping's dimension; for groups of time, of one without a dimension. */
export function usageReport({ days, groups, times, timesError }: Report, by: UsageGrouping): UsageReport {
  const rows = isTimeGrouping(by)
    ? usageRows(groupBy(days, ({ day }) => timeGroup(day, by)))
    : usageRows(groupBy(groups, ({ group }) => group));
  rows.sort(isTimeGrouping(by) ? byGroup : dearestFirst);
  return { by, rows, total: usageRow('', days, [times]), timesError };
}

/** Returns the models of a report that includes them, most expensive first. */
export function modelCharts({ models }: Report): ModelChart[] {
  return models
    .map(({ group, requests, complete, failed, cost, times }) => ({
      group,
      requests,
      cost: decimal(cost),
      successRate: successRate(complete, failed),
      durationMs: spread([times.durationMs]),
    }))
    .sort(dearestFirst);
}

/** Returns the name of the day, week or month that contains a local day (counted since 1970-01-01). */
export function timeGroup(day: number, by: TimeGrouping): string {
  // 1970-01-01 was a Thursday.
  const first = by === 'week' ? day - ((((day + 3) % 7) + 7) % 7) : day;
  return new Date(first * 86_400_000).toISOString().slice(0, by === 'month' ? 7 : 10);
}

function groupBy<T, Key>(all: readonly T[], groupOf: (one: T) => Key): Map<Key, T[]> {
  const groups = new Map<Key, T[]>();
  for (const one of all) {
    const group = groupOf(one);
    const known = groups.get(group);
    if (known === undefined) groups.set(group, [one]);
    else known.push(one);
  }
  return groups;
}

function usageRows(sums: ReadonlyMap<string, readonly (Sums & { times?: TimeDistributions | undefined })[]>): UsageRow[] {
  return [...sums].map(([group, own]) =>
    usageRow(
      group,
      own,
      own.flatMap(({ times }) => times ?? []),
    ),
  );
}

function usageRow(group: string, parts: readonly Sums[], times: readonly TimeDistributions[]): UsageRow {
  const sum = (key: Exclude<keyof Sums, 'cost' | 'upstreamCost'>): number => parts.reduce((total, part) => total + part[key], 0);
  const [complete, failed, promptTokens, cachedTokens] = [
    sum('complete'),
    sum('failed'),
    sum('promptTokens'),
    sum('cachedTokens'),
  ];
  return {
    group,
    requests: sum('requests'),
    complete,
    stopped: sum('stopped'),
    failed,
    promptTokens,
    cachedTokens,
    cacheWriteTokens: sum('cacheWriteTokens'),
    completionTokens: sum('completionTokens'),
    reasoningTokens: sum('reasoningTokens'),
    cost: parts.reduce((total, { cost }) => total.plus(cost), decimal(0)),
    upstreamCost: parts.reduce((total, { upstreamCost }) => total.plus(upstreamCost), decimal(0)),
    estimated: sum('estimated'),
    computed: sum('computed'),
    unknown: sum('unknown'),
    successRate: successRate(complete, failed),
    cachedShare: promptTokens === 0 ? undefined : cachedTokens / promptTokens,
    durationMs: spread(times.map(({ durationMs }) => durationMs)),
    timeToFirstTokenMs: spread(times.map(({ timeToFirstTokenMs }) => timeToFirstTokenMs)),
    throughput: percentiles(joinDistributions(times.map(({ throughput }) => throughput)), 0.5)[0],
  };
}

/** Stopped requests do not count. */
function successRate(complete: number, failed: number): number | undefined {
  return complete + failed === 0 ? undefined : complete / (complete + failed);
}

function spread(all: readonly Distribution[]): { p50: number; p95: number } | undefined {
  const [p50, p95] = percentiles(joinDistributions(all), 0.5, 0.95);
  return p50 === undefined || p95 === undefined ? undefined : { p50, p95 };
}

function dearestFirst(a: ModelChart, b: ModelChart): number {
  return b.cost.cmp(a.cost) || b.requests - a.requests || byGroup(a, b);
}

function byGroup(a: ModelChart, b: ModelChart): number {
  return compareText(a.group, b.group);
}
