import { labeledNotes } from '../output/table/labeled-notes.ts';
import type { Cell } from '../output/table/table.ts';
import { styled } from '../output/text/terminal-border.ts';
import type { Context } from './context.ts';

/** Prints notes on standard error. Without notes, prints the sandbox label only to a terminal. */
export function printNotes(
  {
    terminal: {
      streams: { stderr },
      themeOf,
    },
  }: Context,
  notes: readonly Cell[],
  isSandbox = false,
): void {
  if (notes.length === 0 && !(isSandbox && stderr.isTTY)) return;
  const { paint } = themeOf(stderr);
  for (const line of labeledNotes(notes, isSandbox))
    styled(stderr).write(`${line.map(({ text, tone }) => paint(tone === 'warning' ? [tone] : [], text)).join('')}\n`);
}
