import type { Cell, TableLine, Table } from './table.ts';
import { cutText, textWidth } from '../text/width.ts';

const INDENT = 2;
const GAP = 2;
/** Below this the first column says too little: another column goes first. */
const LEAST_FIRST = 28;
/** A text that fills the last column of the screen makes some terminals wrap. */
const SPARE = 1;

/**
 * The lines of a table, heading first, none wider than the terminal: columns are left out, then the first one is cut.
 * None without rows.
 */
export function fitTable(table: Table, columns: number): TableLine[] {
  const widths = columnWidths(table);
  const { shown, first } = fitColumns(table, widths, columns);
  return drawLines(table, shown, [first, ...widths.slice(1)]).map((cells) =>
    joined(cells.map(({ text, tone }, place) => ({ text: ' '.repeat(place === 0 ? INDENT : GAP) + text, tone }))),
  );
}

/** The same as plainTable, to the letter, for tables of many rows. */
export function longTable(table: Table): string {
  const all = table.columns.map((_, index) => index);
  const lines = drawLines(table, all, columnWidths(table)).map((cells) => cells.map(({ text }) => text).join(' '.repeat(GAP)));
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

function columnWidths({ columns, rows }: Table): number[] {
  return columns.map(({ heading }, index) =>
    rows.reduce((widest, row) => Math.max(widest, textWidth(row[index]!.text)), textWidth(heading)),
  );
}

/** The cells of these columns, each as wide as its column; the last one, if its text begins at the left, ends with it. */
function drawLines({ columns, rows }: Table, shown: readonly number[], widths: readonly number[]): Cell[][] {
  if (rows.length === 0) return [];
  const last = shown.at(-1);
  return [columns.map(({ heading }): Cell => ({ text: heading, tone: 'dim' })), ...rows].map((row) =>
    shown.map((index): Cell => {
      const { text, tone } = row[index]!;
      const cut = cutText(text, widths[index]!);
      const space = ' '.repeat(Math.max(0, widths[index]! - textWidth(cut)));
      return { text: columns[index]!.align === 'right' ? space + cut : index === last ? cut : cut + space, tone };
    }),
  );
}

/** Neighbors of one tone as one piece: each piece costs when it is drawn. */
function joined(pieces: readonly Cell[]): TableLine {
  const line: Cell[] = [];
  for (const piece of pieces) {
    const last = line.at(-1);
    if (last !== undefined && last.tone === piece.tone) line[line.length - 1] = { ...last, text: last.text + piece.text };
    else line.push(piece);
  }
  return line;
}

/**
 * Which columns of a table of these widths there is room for in a terminal of so many columns, and how wide the first of them may be.
 */
export function fitColumns(
  table: Pick<Table, 'columns'>,
  widths: readonly number[],
  columns: number,
): { shown: number[]; first: number } {
  let shown = table.columns.map((_, index) => index);
  for (;;) {
    const others = shown.slice(1).reduce((sum, index) => sum + GAP + widths[index]!, 0);
    const room = columns - SPARE - INDENT - others;
    const next = shown.reduce((highest, index) => Math.max(highest, table.columns[index]!.dropOrder), 0);
    if (room >= Math.min(widths[0]!, LEAST_FIRST) || next === 0) return { shown, first: Math.max(1, Math.min(widths[0]!, room)) };
    shown = shown.filter((index) => table.columns[index]!.dropOrder !== next);
  }
}
