import { fromParts, unitsText } from '../cost-units.ts';
import type { Sums } from './report.ts';

/** All sums over entries. A request in progress counts as a request and has neither outcome nor cost. */
const EXPRESSIONS = {
  requests: 'COUNT(*)',
  // Counted with FILTER: a sum of booleans takes a step for every entry.
  complete: 'COUNT(*) FILTER (WHERE outcome = 0)',
  stopped: 'COUNT(*) FILTER (WHERE outcome = 1)',
  failed: 'COUNT(*) FILTER (WHERE outcome >= 2)',
  prompt: 'SUM(prompt_tokens)',
  cached: 'SUM(cached_tokens)',
  written: 'SUM(cache_write_tokens)',
  completion: 'SUM(completion_tokens)',
  reasoning: 'SUM(reasoning_tokens)',
  nano: 'SUM(cost_nano)',
  rest: 'SUM(cost_rest)',
  /** Part of the two above. */
  upstreamNano: 'SUM(upstream_nano)',
  upstreamRest: 'SUM(upstream_rest)',
  estimated: 'COUNT(*) FILTER (WHERE cost_source = 1)',
  computed: 'COUNT(*) FILTER (WHERE cost_source = 4)',
  unknown: 'COUNT(*) FILTER (WHERE cost_source = 0 AND outcome IS NOT NULL)',
  /** When the earliest entry was opened. */
  first: 'MIN(opened_at)',
  /** Tokens of the longest prompt. */
  longest: 'MAX(prompt_tokens)',
} as const;

export type SumName = keyof typeof EXPRESSIONS;

/** Read as exact integers. Null: there was nothing to add. */
export type SumRow<Name extends SumName> = Record<Name, bigint | null>;

/** The sums in `Sums` (report.ts). */
export const SUMS = [
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
  'upstreamNano',
  'upstreamRest',
  'estimated',
  'computed',
  'unknown',
] as const satisfies readonly SumName[];

/** Returns the columns of a SELECT over the table `entry`. */
export function sumColumns(names: readonly SumName[]): string {
  return names.map((name) => `${EXPRESSIONS[name]} ${name}`).join(', ');
}

/** Adds another part of the same group to a row. */
export function addRow<Name extends SumName>(row: SumRow<Name>, part: Readonly<SumRow<Name>>, names: readonly Name[]): void {
  for (const name of names) {
    const [known, more] = [row[name], part[name]];
    if (more === null) continue;
    if (known === null) row[name] = more;
    else if (name === 'first') row[name] = more < known ? more : known;
    else if (name === 'longest') row[name] = more > known ? more : known;
    else row[name] = known + more;
  }
}

export function sumsOf(row: SumRow<(typeof SUMS)[number]>): Sums {
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
    cost: costColumns(row),
    upstreamCost: upstreamOf(row),
    estimated: Number(row.estimated),
    computed: Number(row.computed),
    unknown: Number(row.unknown),
  };
}

export function costColumns({ nano, rest }: SumRow<'nano' | 'rest'>): string {
  return unitsText(fromParts(nano ?? 0n, rest ?? 0n));
}

/** Returns the part of the cost that providers charged for the user's own keys. */
export function upstreamOf({ upstreamNano, upstreamRest }: SumRow<'upstreamNano' | 'upstreamRest'>): string {
  return unitsText(fromParts(upstreamNano ?? 0n, upstreamRest ?? 0n));
}
