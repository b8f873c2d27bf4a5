import { SANDBOX_LABEL } from '../text/sandbox-label.ts';
import type { Cell } from './table.ts';

/** Returns notes as lines of cells. The sandbox label precedes the first note; without notes it gets its own line. */
export function labeledNotes(notes: readonly Cell[], isSandbox: boolean): readonly (readonly Cell[])[] {
  if (!isSandbox) return notes.map((note) => [note]);
  const label = { text: SANDBOX_LABEL, tone: 'warning' } as const;
  const [first, ...others] = notes;
  if (first === undefined) return [[label]];
  return [[label, { ...first, text: ` · ${first.text}` }], ...others.map((note) => [note])];
}
