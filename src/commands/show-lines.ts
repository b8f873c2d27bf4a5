import type { Cell, TableLine } from '../output/table/table.ts';
import { write } from '../output/text/write-stream.ts';
import type { Context } from './context.ts';
import { isDrawable } from './is-drawable.ts';
import { printNotes } from './print-notes.ts';
import { notesAbove } from './show-table.ts';

/** The width of text in a pipe. */
const PIPE_COLUMNS = 80;

/** Prints lines made for the available width: drawn by Ink on a terminal, plain text in a pipe and on a dumb terminal. */
export async function showLines(
  context: Context,
  { isSandbox, notes, lines }: { isSandbox: boolean; notes: readonly Cell[]; lines: (columns: number) => readonly TableLine[] },
): Promise<void> {
  const { streams } = context.terminal;
  if (isDrawable(context)) {
    const { printTable } = await import('../ui/screen/print-table.tsx');
    const above = await notesAbove(notes, streams.stdout.columns, isSandbox);
    await printTable({
      streams,
      theme: context.terminal.themeOf(streams.stdout),
      lines: [...above, ...lines(streams.stdout.columns)],
    });
    return;
  }
  printNotes(context, notes, isSandbox);
  const plain = lines(streams.stdout.columns || PIPE_COLUMNS).map((line) => line.map(({ text }) => text).join(''));
  await write(streams.stdout, plain.map((line) => `${line.trimEnd()}\n`).join(''));
}
