import stringWidth from 'string-width';
import type { Cell, TableLine, Table } from './table.ts';
import { cutText } from '../text/width.ts';

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
  if (table.rows.length === 0) return [];
  const cells = [table.columns.map(({ heading }): Cell => ({ text: heading, tone: 'dim' })), ...table.rows];
  const widths = table.columns.map((_, index) =>
    cells.reduce((widest, row) => Math.max(widest, stringWidth(row[index]!.text)), 0),
  );
  const { shown, first } = fitColumns(table, widths, columns);
  return cells.map((row) => {
    const pieces = shown.map((index, place): Cell => {
      const { text, tone } = row[index]!;
      const width = index === 0 ? first : widths[index]!;
      const cut = index === 0 ? cutText(text, width) : text;
      const space = ' '.repeat(Math.max(0, width - stringWidth(cut)));
      const isLast = place === shown.length - 1;
      const aligned = table.columns[index]!.align === 'right' ? space + cut : isLast ? cut : cut + space;
      return { text: (place === 0 ? ' '.repeat(INDENT) : ' '.repeat(GAP)) + aligned, tone };
    });
    return joined(pieces);
  });
}

/** Neighbours of one tone as one piece: each piece costs when it is drawn. */
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
