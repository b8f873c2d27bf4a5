import { fromParts, unitsText } from './cost-units.ts';
import type { Sums, ZoneShift } from './ledger.ts';

/** The sums of a group of entries. What is under way counts as a request and has neither outcome nor cost. */
export const SUMS = `
  COUNT(*) requests, TOTAL(outcome = 0) complete, TOTAL(outcome = 1) stopped, TOTAL(outcome >= 2) failed,
  SUM(prompt_tokens) prompt, SUM(cached_tokens) cached, SUM(cache_write_tokens) written,
  SUM(completion_tokens) completion, SUM(reasoning_tokens) reasoning, SUM(cost_nano) nano, SUM(cost_rest) rest,
  TOTAL(cost_source = 1) estimated, TOTAL(cost_source = 0 AND outcome IS NOT NULL) unknown`;

type Count = number | bigint | null;

export interface SumsRow {
  requests: Count;
  complete: Count;
  stopped: Count;
  failed: Count;
  prompt: Count;
  cached: Count;
  written: Count;
  completion: Count;
  reasoning: Count;
  nano: bigint | null;
  rest: bigint | null;
  estimated: Count;
  unknown: Count;
}

/** Of a row read with exact integers. */
export function sumsOf(row: SumsRow): Sums {
  return {
    requests: Number(row.requests),
    complete: Number(row.complete),
    stopped: Number(row.stopped),
    failed: Number(row.failed),
    promptTokens: Number(row.prompt),
    cachedTokens: Number(row.cached),
    cacheWriteTokens: Number(row.written),
    completionTokens: Number(row.completion),
    reasoningTokens: Number(row.reasoning),
    cost: costOf(row),
    estimated: Number(row.estimated),
    unknown: Number(row.unknown),
  };
}

export function costOf({ nano, rest }: { nano: bigint | null; rest: bigint | null }): string {
  return unitsText(fromParts(nano ?? 0n, rest ?? 0n));
}

/** The local day of an entry, in SQL: whole numbers only, so that it is a whole division. */
export function localDay(zone: readonly ZoneShift[]): string {
  const latestFirst = zone.toReversed().filter(({ from }) => from > -Infinity);
  const first = Math.round(zone[0]?.offsetMs ?? 0);
  const cases = latestFirst.map(({ from, offsetMs }) => `WHEN opened_at >= ${Math.ceil(from)} THEN ${Math.round(offsetMs)}`);
  return `(opened_at + ${cases.length === 0 ? first : `CASE ${cases.join(' ')} ELSE ${first} END`}) / 86400000`;
}
