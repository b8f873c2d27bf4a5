import { decimal, type Decimal } from '../../decimal.ts';
import type { Report, ReportCell, ReportDimension, SpeedSample, Sums } from '../../storage/ledger/ledger.ts';
import { compareText } from '../compare-text.ts';
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

/**
 * The rows of a report. `speedsOf` gives the times of one group: by default those that the report has for a value of its dimension;
 * a report has none for a day, a week or a month alone.
 */
export function usageReport(
  report: Report,
  by: UsageGrouping,
  speedsOf: (group: string) => readonly SpeedSample[] = speedsByGroup(report.speeds),
): UsageReport {
  const groups = new Map<string, ReportCell[]>();
  for (const cell of report.cells) {
    const group = isTimeGrouping(by) ? timeGroup(cell.day, by) : cell.group;
    const cells = groups.get(group);
    if (cells === undefined) groups.set(group, [cell]);
    else cells.push(cell);
  }
  const rows = [...groups].map(([group, cells]) => usageRow(group, cells, speedsOf(group)));
  rows.sort(isTimeGrouping(by) ? byGroup : (a, b) => b.cost.cmp(a.cost) || b.requests - a.requests || byGroup(a, b));
  return { by, rows, total: usageRow('', report.cells, report.speeds), sampledEvery: report.sampledEvery };
}

/** Name of the day, the week or the month that a local day (since 1970-01-01) is in. */
export function timeGroup(day: number, by: TimeGrouping): string {
  // 1970-01-01 was a Thursday.
  const first = by === 'week' ? day - ((((day + 3) % 7) + 7) % 7) : day;
  return new Date(first * 86_400_000).toISOString().slice(0, by === 'month' ? 7 : 10);
}

function speedsByGroup(speeds: readonly SpeedSample[]): (group: string) => readonly SpeedSample[] {
  const groups = new Map<string, SpeedSample[]>();
  for (const speed of speeds) {
    const known = groups.get(speed.group);
    if (known === undefined) groups.set(speed.group, [speed]);
    else known.push(speed);
  }
  return (group) => groups.get(group) ?? [];
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
