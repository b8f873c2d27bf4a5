import type { EntryFilter } from '../entry.ts';
import type { PastWorkload, WorkloadCut } from '../reports/report.ts';
import { joinRows, readGroupedRows, type GroupRow } from '../reports/read-pieces.ts';
import { costColumns, type SumName, upstreamOf } from '../reports/sql.ts';
import type { Store } from '../store.ts';
import { cutPiece, stretchPiece } from '../reports/time-pieces.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
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
