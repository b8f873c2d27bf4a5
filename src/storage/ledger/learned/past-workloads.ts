import type { EntryFilter } from '../entry.ts';
import type { PastWorkload, WorkloadCut } from '../reports/report.ts';
import { joinRows, readGroupedRows, type GroupRow } from '../reports/read-pieces.ts';
import { costColumns, type SumName, upstreamOf } from '../reports/sql.ts';
import { spannedRange, needsEntries, rawLimit } from '../reports/reports.ts';
import { collect } from '../rollups/collect.ts';
import { SIZES } from '../rollups/facets.ts';
import { type Grid, TOP } from '../rollups/grid.ts';
import { readState } from '../rollups/stored-spans.ts';
import { type RollupCell, Cells, cellSums, SUM } from '../rollups/tally.ts';
import type { Store } from '../store.ts';
import { cutPiece, stretchPiece } from '../reports/time-pieces.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Range that is summed at once, so that SQLite sorts in memory. */
const STRETCH_MS = 7 * DAY_MS;

const SUMS = [
  'requests',
  'complete',
  'failed',
  'prompt',
  'cached',
  'written',
  'completion',
  'reasoning',
  'nano',
  'rest',
  'upstreamNano',
  'upstreamRest',
  'first',
  'longest',
] as const satisfies readonly SumName[];

export function readPastWorkloads(
  store: Store,
  filter: EntryFilter,
  { byModel = false, ...cut }: WorkloadCut & { byModel?: boolean },
): PastWorkload[] {
  const isOfEntries = needsEntries(store, filter);
  return (isOfEntries ? undefined : collectWorkloads(store, filter, cut, byModel)) ?? entryWorkloads(store, filter, cut, byModel);
}

/** Returns the workloads from rollups; undefined if these do not keep the pieces separate, or if too much of the range has none. */
function collectWorkloads(store: Store, filter: EntryFilter, cut: WorkloadCut, byModel: boolean): PastWorkload[] | undefined {
  const grid = readState(store);
  const level = grid === undefined ? undefined : levelFor(grid, cut);
  const sizes = cut.sizes.map(Math.floor);
  if (level === undefined || sizes.some((size) => !SIZES.includes(size as (typeof SIZES)[number]))) return undefined;
  const moments = cut.moments.map(Math.ceil);
  const { start, end } = spannedRange(store, filter, TOP);
  const edges = [start, ...moments.filter((moment) => moment > start && moment < end), end];
  const minutes = cut.minutes.map((minute) => Math.round(minute * MINUTE_MS));
  const groupOf = (at: number): number => {
    const piece = moments.findLastIndex((moment) => moment <= at) + 1;
    const clock = minutes.filter((minute) => at % DAY_MS >= minute).length;
    const weekday = cut.isByWeekday ? Math.floor(at / DAY_MS) % 7 : 0;
    return (piece * (minutes.length + 1) + clock) * 7 + weekday;
  };
  const all = collect(store, {
    filter,
    ranges: edges.slice(1).map((edge, index) => ({ start: edges[index]!, end: edge })),
    by: [...(byModel ? (['model'] as const) : []), ...(sizes.length > 0 ? (['size'] as const) : [])],
    level,
    withTimes: false,
    rawLimit: rawLimit(store),
    groupOf,
  });
  if (all === undefined) return undefined;
  const cells = new Cells<string>();
  for (const { group, cell } of all) {
    const model = byModel ? cell.values[0]! : 0;
    const tier =
      sizes.length > 0 ? sizes.filter((size) => SIZES.indexOf(size as (typeof SIZES)[number]) < cell.values.at(-1)!).length : 0;
    cells.add(`${group} ${model} ${tier}`, { ...cell, values: [model, tier] });
  }
  return [...cells.entries()].flatMap(([, cell]) => workloadOf(store, cell));
}

/** Returns the highest level whose spans lie within one piece of the day and the week; undefined if even hours do not. */
function levelFor({ phase }: Grid, { minutes, isByWeekday }: WorkloadCut): number | undefined {
  if (minutes.length === 0 && !isByWeekday) return TOP;
  const isHourly = (minute: number): boolean => (minute * MINUTE_MS + phase) % HOUR_MS === 0;
  if (![0, ...minutes].every(isHourly)) return undefined;
  return minutes.length === 0 ? 1 : 0;
}

function workloadOf(store: Store, { values: [model = 0, tier = 0], sums }: RollupCell): PastWorkload[] {
  const requests = sums[SUM.requests]! - sums[SUM.open]!;
  if (requests === 0) return [];
  const {
    complete,
    failed,
    promptTokens,
    cachedTokens,
    cacheWriteTokens,
    completionTokens,
    reasoningTokens,
    cost,
    upstreamCost,
  } = cellSums(sums);
  return [
    {
      at: sums[SUM.first]!,
      tier,
      model: model === 0 ? '' : store.labels.text(model),
      requests,
      complete,
      failed,
      promptTokens,
      cachedTokens,
      cacheWriteTokens,
      completionTokens,
      reasoningTokens,
      longestPrompt: sums[SUM.longest]!,
      cost,
      upstreamCost,
    },
  ];
}

function entryWorkloads(store: Store, filter: EntryFilter, cut: WorkloadCut, byModel: boolean): PastWorkload[] {
  const groups = { ...priceGroups(cut), ...(byModel && { model: 'model' }) };
  const moments = cut.moments.map(Math.ceil);
  const pieceAt = (at: number): ReturnType<typeof stretchPiece> => cutPiece(stretchPiece(at, STRETCH_MS), at, moments);
  const names = Object.keys(groups);
  const rows = function* (): Generator<GroupRow<(typeof SUMS)[number]> & { key: string }> {
    for (const piece of readGroupedRows(store, filter, { groups, sums: SUMS, isSettled: true }, pieceAt)) {
      for (const row of piece.rows) {
        yield Object.assign(row, { key: [piece.key, ...names.map((name) => row[name])].join(' ') });
      }
    }
  };
  return joinRows(rows(), SUMS, ({ key }) => key).map((row) => ({
    at: Number(row.first),
    tier: Number(row['tier'] ?? 0),
    model: row['model'] === undefined ? '' : store.labels.text(Number(row['model'])),
    requests: Number(row.requests),
    complete: Number(row.complete),
    failed: Number(row.failed),
    promptTokens: Number(row.prompt),
    cachedTokens: Number(row.cached),
    cacheWriteTokens: Number(row.written),
    completionTokens: Number(row.completion),
    reasoningTokens: Number(row.reasoning),
    longestPrompt: Number(row.longest),
    cost: costColumns(row),
    upstreamCost: upstreamOf(row),
  }));
}

/** Groups entries by size and time of the week as prices require; no groups if prices do not depend on them, because grouping takes time. */
function priceGroups({ sizes, minutes, isByWeekday }: WorkloadCut): Record<string, string> {
  const countOf = (value: string, limits: readonly number[], sign: '>' | '>='): string =>
    limits.map((limit) => `(${value} ${sign} ${limit})`).join(' + ');
  const minuteLimits = minutes.map((minute) => Math.round(minute * MINUTE_MS));
  return {
    ...(sizes.length > 0 && { tier: countOf('COALESCE(prompt_tokens, 0)', sizes.map(Math.floor), '>') }),
    ...(minutes.length > 0 && { clock: countOf(`opened_at % ${DAY_MS}`, minuteLimits, '>=') }),
    ...(isByWeekday && { weekday: `opened_at / ${DAY_MS} % 7` }),
  };
}
