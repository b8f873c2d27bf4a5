import type { Theme } from '../../output/text/theme.ts';
import { graphemes } from '../../core/graphemes.ts';
import { graphemeWidth, isPrintableAscii } from '../../output/text/width.ts';
import { wrapRows } from '../../output/text/wrap-rows.ts';
import { withoutTabs, wrapPieces } from './piece-wrapper.ts';
import { paintRow, type Piece, PiecePainter, piecesText } from './piece.ts';
import type { Alignment } from '../../markdown/table-source.ts';

/** A painted part of a row, with its width in columns. */
interface RowPart {
  row: string | undefined;
  width: number;
}

/** A parsed cell, with the row that it is if it is not wrapped. Undefined for text that the wrapper may change. */
export interface TableCell extends RowPart {
  pieces: readonly Piece[];
}

/** What all lines of a table have in common. `columns` are their widths, undefined if there are too many to show side by side. */
export interface TableLayout {
  columns: readonly number[] | undefined;
  alignments: readonly Alignment[];
  /** The width of the screen. */
  width: number;
  theme: Theme;
}

const BORDER: Piece = { text: ' │ ', meanings: ['dim'] };
const BORDER_WIDTH = 3;
/** A narrower column would break nearly every word. */
const LEAST_COLUMN = 5;

/** Returns the widths that the columns of these cells need, with those of earlier lines. */
export function wantedWidths(wanted: readonly number[], cells: readonly TableCell[]): number[] {
  const widths = [...wanted];
  for (let index = 0; index < cells.length; index += 1) widths[index] = Math.max(widths[index] ?? 1, cells[index]!.width);
  return widths;
}

/**
 * Returns the widths of the columns. If they want more than `width`, shrinks the widest columns first. Returns undefined if there
 * are too many columns to show side by side.
 */
export function columnWidths(wanted: readonly number[], width: number): readonly number[] | undefined {
  const available = width - BORDER_WIDTH * (wanted.length - 1);
  if (sum(wanted) <= available) return wanted;
  if (available < wanted.length * LEAST_COLUMN) return undefined;
  const limit = commonLimit(wanted, available);
  const fitted = wanted.map((columns) => Math.min(columns, limit));
  // The first columns that need more share the remainder of the rounding.
  let rest = available - sum(fitted);
  return fitted.map((columns, column) => {
    if (rest === 0 || columns === wanted[column]) return columns;
    rest -= 1;
    return columns + 1;
  });
}

/** Returns the largest limit per column with which all columns fit. */
function commonLimit(wanted: readonly number[], available: number): number {
  let left = available;
  const sorted = wanted.toSorted((one, other) => one - other);
  for (const [index, columns] of sorted.entries()) {
    const share = Math.floor(left / (sorted.length - index));
    if (columns > share) return share;
    left -= columns;
  }
  return left;
}

/** Returns the painted rows of one table line. Without widths, the cells follow one another and are wrapped like text. */
export function tableRows(cells: readonly TableCell[], layout: TableLayout): readonly string[] {
  const { columns, theme, width } = layout;
  if (columns === undefined) return wrapPieces(joinedPieces(cells), theme, width);
  if (cells.length <= columns.length && cells.every((cell, index) => fits(cell, columns[index]!)))
    return [joinedRow(cells, layout)];
  const last = columns.length - 1;
  const parts = columns.map((columnWidth, index): readonly RowPart[] => {
    // The last column also shows the cells beyond the number of columns.
    if (index === last && cells.length > columns.length)
      return wrapParts(joinedPieces(cells.slice(last)), theme, columnWidth, true);
    const cell = cells[index];
    if (cell === undefined) return [];
    return fits(cell, columnWidth) ? [cell] : wrapParts(cell.pieces, theme, columnWidth, index === last);
  });
  const height = parts.reduce((most, rows) => Math.max(most, rows.length), 1);
  return Array.from({ length: height }, (_, row) =>
    joinedRow(
      parts.map((rows) => rows[row]),
      layout,
    ),
  );
}

/** Returns the rule below the head. */
export function tableRule({ columns, width, theme }: TableLayout): string {
  const text = columns === undefined ? '─'.repeat(Math.min(width, 8)) : columns.map((wide) => '─'.repeat(wide)).join('─┼─');
  return theme.style(BORDER.meanings, text);
}

/** Returns a cell with its width, and already painted if it is a row of plain characters. */
export function measuredCell(pieces: readonly Piece[], theme: Theme): TableCell {
  const text = piecesText(pieces);
  const isRow = text !== '' && isPrintableAscii(text) && text.trim() === text;
  return { pieces, width: columnsOf(text), row: isRow ? paintRow(pieces, text, theme) : undefined };
}

function fits(cell: TableCell, width: number): boolean {
  return cell.row !== undefined && cell.width <= width;
}

function joinedPieces(cells: readonly TableCell[]): readonly Piece[] {
  return cells.flatMap(({ pieces }, index) => (index === 0 ? pieces : [BORDER, ...pieces]));
}

function joinedRow(parts: readonly (RowPart | undefined)[], { columns, alignments, theme }: TableLayout): string {
  const last = columns!.length - 1;
  let row = '';
  for (let index = 0; index <= last; index += 1) {
    const part = parts[index];
    const text = part?.row ?? '';
    const isEmptyEnd = index === last && text === '';
    if (index > 0) row += theme.style(BORDER.meanings, isEmptyEnd ? BORDER.text.trimEnd() : BORDER.text);
    if (isEmptyEnd) break;
    const free = Math.max(0, columns![index]! - (part?.width ?? 0));
    const alignment = alignments[index] ?? 'left';
    const left = alignment === 'left' ? 0 : alignment === 'right' ? free : Math.floor(free / 2);
    row += left > 0 ? ' '.repeat(left) + text : text;
    if (index < last && free > left) row += ' '.repeat(free - left);
  }
  return row;
}

/** Wraps pieces. In the last column, rows have no spaces at their end. */
function wrapParts(pieces: readonly Piece[], theme: Theme, width: number, isLast: boolean): RowPart[] {
  const shown = withoutTabs(pieces);
  const painter = new PiecePainter(theme, shown);
  return wrapRows(piecesText(shown), width).map(({ text, after }) => {
    const { length } = isLast ? text.trimEnd() : text;
    const row = painter.paint(length);
    painter.skip(text.length - length + after.length);
    return { row, width: columnsOf(text) };
  });
}

function columnsOf(text: string): number {
  if (isPrintableAscii(text)) return text.length;
  let widest = 0;
  for (const line of text.split('\n')) {
    let width = 0;
    for (const { segment } of graphemes(line)) width += graphemeWidth(segment);
    widest = Math.max(widest, width);
  }
  return widest;
}

function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
