import { decimal, type Decimal } from '../../decimal.ts';
import type { Report, ReportDimension, SpeedSample, Sums } from '../../storage/ledger/ledger.ts';
import { compareText } from '../compare-text.ts';
import { localDay } from '../periods.ts';
import { percentile } from './percentile.ts';

export const TIME_GROUPINGS = ['day', 'week', 'month'] as const;
export type TimeGrouping = (typeof TIME_GROUPINGS)[number];
export type UsageGrouping = TimeGrouping | ReportDimension;
/** In the order in which people see them. */
export const USAGE_GROUPINGS = [
  'model',
  'provider',
  'command',
  'project',
  'profile',
  'day',
  'week',
  'month',
] as const satisfies readonly UsageGrouping[];

/** Sums of a group, and what follows from them. Times are milliseconds, of complete requests. */
export interface UsageRow extends Omit<Sums, 'cost'> {
  /** The dimension's value; for time `2026-11-03`, the Monday of the week, or `2026-11`. */
  group: string;
  cost: Decimal;
  /** Complete of those that were complete or failed, 0 to 1; stopped ones say nothing. Undefined when there are none. */
  successRate: number | undefined;
  /** Of the prompt tokens, 0 to 1. */
  cachedShare: number | undefined;
  durationMs: { p50: number; p95: number } | undefined;
  timeToFirstTokenMs: { p50: number; p95: number } | undefined;
  /** Median, tokens per second. */
  throughput: number | undefined;
}

export interface UsageReport {
  by: UsageGrouping;
  /** The dearest first; time goes forward. */
  rows: readonly UsageRow[];
  total: UsageRow;
  /** Times are of every n-th request. */
  sampledEvery: number;
}

export function isTimeGrouping(by: UsageGrouping): by is TimeGrouping {
  return (TIME_GROUPINGS as readonly string[]).includes(by);
}

/** What a report has to be divided by, so that it can be grouped like this. */
export function dimensionOf(by: UsageGrouping): ReportDimension | undefined {
  return isTimeGrouping(by) ? undefined : by;
}

/** The rows of a report that has this dimension; for time one of any. */
export function usageReport(report: Report, by: UsageGrouping): UsageReport {
  const [cells, speeds] = isTimeGrouping(by)
    ? [groupBy(report.cells, ({ day }) => timeGroup(day, by)), groupBy(report.speeds, ({ at }) => timeGroup(localDay(at), by))]
    : [groupBy(report.cells, ({ group }) => group), groupBy(report.speeds, ({ group }) => group)];
  const rows = [...cells].map(([group, own]) => usageRow(group, own, speeds.get(group) ?? []));
  rows.sort(isTimeGrouping(by) ? byGroup : (a, b) => b.cost.cmp(a.cost) || b.requests - a.requests || byGroup(a, b));
  return { by, rows, total: usageRow('', report.cells, report.speeds), sampledEvery: report.sampledEvery };
}

/** Name of the day, the week or the month that a local day (since 1970-01-01) is in. */
export function timeGroup(day: number, by: TimeGrouping): string {
  // 1970-01-01 was a Thursday.
  const first = by === 'week' ? day - ((((day + 3) % 7) + 7) % 7) : day;
  return new Date(first * 86_400_000).toISOString().slice(0, by === 'month' ? 7 : 10);
}

function groupBy<T>(all: readonly T[], groupOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groupOf(one);
    const known = groups.get(group);
    if (known === undefined) groups.set(group, [one]);
    else known.push(one);
  }
  return groups;
}

function usageRow(group: string, cells: readonly Sums[], speeds: readonly SpeedSample[]): UsageRow {
  const sum = (key: Exclude<keyof Sums, 'cost'>): number => cells.reduce((total, cell) => total + cell[key], 0);
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
    cost: cells.reduce((total, { cost }) => total.plus(cost), decimal(0)),
    estimated: sum('estimated'),
    unknown: sum('unknown'),
    successRate: complete + failed === 0 ? undefined : complete / (complete + failed),
    cachedShare: promptTokens === 0 ? undefined : cachedTokens / promptTokens,
    durationMs: spread(speeds.map(({ durationMs }) => durationMs)),
    timeToFirstTokenMs: spread(speeds.map(({ timeToFirstTokenMs }) => timeToFirstTokenMs)),
    throughput: percentile(
      speeds.map(({ throughput }) => throughput),
      0.5,
    ),
  };
}

function spread(values: readonly (number | undefined)[]): { p50: number; p95: number } | undefined {
  const [p50, p95] = [percentile(values, 0.5), percentile(values, 0.95)];
  return p50 === undefined || p95 === undefined ? undefined : { p50, p95 };
}

function byGroup(a: UsageRow, b: UsageRow): number {
  return compareText(a.group, b.group);
}
