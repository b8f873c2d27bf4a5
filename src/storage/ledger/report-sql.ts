import { fromParts, unitsText } from './cost-units.ts';
import type { Sums } from './ledger.ts';

/** The sums of a group of entries. What is under way counts as a request and has neither outcome nor cost. */
export const SUMS = `
  COUNT(*) requests, SUM(outcome = 0) complete, SUM(outcome = 1) stopped, SUM(outcome >= 2) failed,
  SUM(prompt_tokens) prompt, SUM(cached_tokens) cached, SUM(cache_write_tokens) written,
  SUM(completion_tokens) completion, SUM(reasoning_tokens) reasoning, SUM(cost_nano) nano, SUM(cost_rest) rest,
  SUM(cost_source = 1) estimated, SUM(cost_source = 0 AND outcome IS NOT NULL) unknown`;

const NAMES = [
  'requests',
  'complete',
  'stopped',
  'failed',
  'prompt',
  'cached',
  'written',
  'completion',
  'reasoning',
  'nano',
  'rest',
  'estimated',
  'unknown',
] as const;

/** Read with exact integers. Null: there was nothing to add. */
export type SumsRow = Record<(typeof NAMES)[number], bigint | null>;

/** Adds another part of the same group to a row. */
export function addRow(row: SumsRow, part: SumsRow): void {
  for (const name of NAMES) row[name] = BigInt(row[name] ?? 0) + BigInt(part[name] ?? 0);
}

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
