import type { UsageReport, UsageRow } from './usage-report.ts';

export const USAGE_SORTS = ['cost', 'requests', 'tokens', 'ok', 'latency', 'name'] as const;

/** `cost`, `requests` and `tokens` (in and out): highest first · `ok` and `latency` (median): worst first · `name`: by name, or by time. */
export type UsageSort = (typeof USAGE_SORTS)[number];

const KEYS: Readonly<Record<Exclude<UsageSort, 'cost' | 'name'>, (row: UsageRow) => number>> = {
  requests: ({ requests }) => requests,
  tokens: ({ promptTokens, completionTokens }) => promptTokens + completionTokens,
  ok: ({ successRate }) => (successRate === undefined ? -2 : -successRate),
  latency: ({ durationMs }) => durationMs?.p50 ?? -1,
};

/** Returns the rows in another order; equal rows keep their order. */
export function sortUsage(rows: UsageReport['rows'], sort: UsageSort): UsageRow[] {
  if (sort === 'name') return rows.toSorted((a, b) => (a.group < b.group ? -1 : a.group > b.group ? 1 : 0));
  if (sort === 'cost') return rows.toSorted((a, b) => b.cost.cmp(a.cost));
  return rows.toSorted((a, b) => KEYS[sort](b) - KEYS[sort](a));
}
