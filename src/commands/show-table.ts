import { jsonText } from '../output/text/json.ts';
import type { Cell, TableLine, Table } from '../output/table/table.ts';
import { styled } from '../output/text/terminal-border.ts';
import { write } from '../output/text/write-stream.ts';
import type { Context } from './context.ts';
import { isDrawable } from './is-drawable.ts';

interface ShownTable {
  /** Said above the table: with it on a terminal, else on standard error. */
  notes: readonly Cell[];
  /** Lines above the table that are part of the answer, for so many columns. */
  lines?: (columns: number) => readonly TableLine[];
  /** Makes the table, for a terminal (little room, marks may be drawn) or for a pipe. */
  table: (forTerminal: boolean) => Table;
}

/** From so many rows on cli-table3 takes several times as long as all else together. */
const MANY_ROWS = 60;

/** Shows a table on standard output: drawn by Ink on a terminal, plain in a pipe and on a dumb terminal. */
export async function showTable(context: Context, { notes, lines: linesAbove, table }: ShownTable): Promise<void> {
  const { streams } = context.terminal;
  if (isDrawable(context)) {
    const [{ printTable }, { fitTable }] = await Promise.all([
      import('../ui/screen/print-table.tsx'),
      import('../output/table/fit.ts'),
    ]);
    const { columns } = streams.stdout;
    const lines = [...(await notesAbove(notes, columns)), ...(linesAbove?.(columns) ?? []), ...fitTable(table(true), columns)];
    await printTable({ streams, theme: context.terminal.themeOf(streams.stdout), lines });
    return;
  }
  const shown = await pipedTable(table(false));
  printNotes(context, notes);
  const text = (linesAbove?.(Number.POSITIVE_INFINITY) ?? []).map(
    (line) =>
      `${line
        .map((cell) => cell.text)
        .join('')
        .trimEnd()}\n`,
  );
  await write(streams.stdout, text.join('') + shown);
}

/** Notes as lines above a table or a list on a terminal. */
export async function notesAbove(notes: readonly Cell[], columns: number): Promise<TableLine[]> {
  if (notes.length === 0) return [];
  const { wrapWords } = await import('../output/text/wrap-rows.ts');
  return notes.flatMap(({ text, tone }) => wrapWords(`  ${text}`, columns).map((line): TableLine => [{ text: line, tone }]));
}

async function pipedTable(table: Table): Promise<string> {
  if (table.rows.length < MANY_ROWS) return (await import('../output/table/plain.ts')).plainTable(table);
  return (await import('../output/table/fit.ts')).longTable(table);
}

/** Writes data to standard output, and what there is to say about it to standard error. */
export async function showJson(context: Context, notes: readonly Cell[], data: unknown): Promise<void> {
  printNotes(context, notes);
  await write(context.terminal.streams.stdout, jsonText(data));
}

/** Writes text of more lines (CSV, Markdown) to standard output, and what there is to say about it to standard error. */
export async function showText(context: Context, notes: readonly Cell[], text: string): Promise<void> {
  printNotes(context, notes);
  await write(context.terminal.streams.stdout, text);
}

/** Prints notes on standard error. */
export function printNotes(
  {
    terminal: {
      streams: { stderr },
      themeOf,
    },
  }: Context,
  notes: readonly Cell[],
): void {
  if (notes.length === 0) return;
  const { paint } = themeOf(stderr);
  for (const { text, tone } of notes) styled(stderr).write(`${paint(tone === 'warning' ? [tone] : [], text)}\n`);
}
