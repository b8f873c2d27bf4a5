import { jsonText } from '../output/text/json.ts';
import type { Cell, TableLine, Table } from '../output/table/table.ts';
import { labeledNotes } from '../output/table/labeled-notes.ts';
import { write } from '../output/text/write-stream.ts';
import type { Context } from './context.ts';
import { isDrawable } from './is-drawable.ts';
import { printNotes } from './print-notes.ts';

interface ShownTable {
  /** The data comes from the sandbox, and the output is labeled. */
  isSandbox: boolean;
  /** Notes printed above the table: with it on a terminal, else on standard error. */
  notes: readonly Cell[];
  /** Returns lines for this width, which are part of the output, to print above the table. */
  lines?: (columns: number) => readonly TableLine[];
  /** Returns the table for a terminal (little room, symbols allowed) or for a pipe. */
  table: (forTerminal: boolean) => Table;
  /** Receives the text of the table in a pipe. */
  onPiped?: ((text: string) => void) | undefined;
}

/** Prints a table on standard output: drawn by Ink on a terminal, plain in a pipe and on a dumb terminal. */
export async function showTable(
  context: Context,
  { isSandbox, notes, lines: linesAbove, table, onPiped }: ShownTable,
): Promise<void> {
  const { streams } = context.terminal;
  if (isDrawable(context)) {
    const [{ printTable }, { fitTable }] = await Promise.all([
      import('../ui/screen/print-table.tsx'),
      import('../output/table/fit.ts'),
    ]);
    const { columns } = streams.stdout;
    const lines = [
      ...(await notesAbove(notes, columns, isSandbox)),
      ...(linesAbove?.(columns) ?? []),
      ...fitTable(table(true), columns),
    ];
    await printTable({ streams, theme: context.terminal.themeOf(streams.stdout), lines });
    return;
  }
  const { pipedTable } = await import('../output/table/piped-table.ts');
  const shown = await pipedTable(table(false));
  printNotes(context, notes, isSandbox);
  const text = (linesAbove?.(Number.POSITIVE_INFINITY) ?? []).map(
    (line) =>
      `${line
        .map((cell) => cell.text)
        .join('')
        .trimEnd()}\n`,
  );
  await write(streams.stdout, text.join('') + shown);
  onPiped?.(shown);
}

/** Returns notes as lines above a table or a list on a terminal. */
export async function notesAbove(notes: readonly Cell[], columns: number, isSandbox: boolean): Promise<TableLine[]> {
  if (notes.length === 0 && !isSandbox) return [];
  const { wrapWords } = await import('../output/text/wrap-rows.ts');
  return labeledNotes(notes, isSandbox).flatMap((note) => {
    const { tone } = note.at(-1)!;
    const text = note.map((cell) => cell.text).join('');
    const lines = wrapWords(`  ${text}`, columns).map((line): TableLine => [{ text: line, tone }]);
    if (note.length === 1) return lines;
    // The label has its own tone.
    const [label] = note;
    const rest = lines[0]![0]!.text.slice(2 + label!.text.length);
    return [[{ text: '  ' }, label!, { text: rest, tone }], ...lines.slice(1)];
  });
}

/** Writes data to standard output, and notes about it to standard error. */
export async function showJson(context: Context, notes: readonly Cell[], data: unknown): Promise<void> {
  printNotes(context, notes);
  await write(context.terminal.streams.stdout, jsonText(data));
}

/** Writes text of several lines (CSV, Markdown) to standard output, and notes about it to standard error. */
export async function showText(context: Context, notes: readonly Cell[], text: string): Promise<void> {
  printNotes(context, notes);
  await write(context.terminal.streams.stdout, text);
}
