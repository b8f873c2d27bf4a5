import type { InputRow } from './row.ts';

/** A document with its relevance. */
export interface ScoredRow {
  row: InputRow;
  /** Higher is more relevant. */
  score: number;
}

/** Returns the most relevant documents first; equal ones in the order of the input. `top`: how many, default all. */
export function bestFirst(scored: readonly ScoredRow[], top = scored.length): readonly ScoredRow[] {
  return scored.toSorted((one, other) => other.score - one.score || one.row.index - other.row.index).slice(0, top);
}
