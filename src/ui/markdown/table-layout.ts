import { graphemes } from '../../core/graphemes.ts';
import { graphemeWidth, isPrintableAscii } from '../../output/text/width.ts';
import { type Piece, type PieceRow, plainPiece } from './piece.ts';
import { createPieceWrapper } from './piece-wrapper.ts';
import type { Alignment } from '../../markdown/table-source.ts';

/** A parsed cell with its width in columns. */
export interface TableCell {
  pieces: readonly Piece[];
  width: number;
}

const BORDER: Piece = { text: ' │ ', meanings: ['dim'] };
const BORDER_WIDTH = 3;
/** A narrower column would break nearly every word. */
const LEAST_COLUMN = 5;

/**
 * Returns the widths of the columns. If the cells need more than `width`, shrinks the widest columns first. Returns undefined if
 * there are too many columns to show side by side.
 */
export function columnWidths(rows: readonly (readonly TableCell[])[], width: number): number[] | undefined {
  const count = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const wanted = Array.from({ length: count }, (_, column) =>
    rows.reduce((most, row) => Math.max(most, row[column]?.width ?? 0), 1),
  );
  const available = width - BORDER_WIDTH * (count - 1);
  if (sum(wanted) <= available) return wanted;
  if (available < count * LEAST_COLUMN) return undefined;
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

/** Returns the rows of one table line. Without widths, the cells follow one another and are wrapped like text. */
export function tableRow(
  cells: readonly TableCell[],
  widths: readonly number[] | undefined,
  alignments: readonly Alignment[],
  width: number,
): PieceRow[] {
  if (widths === undefined)
    return wrapped(
      cells.flatMap((cell, index) => (index === 0 ? cell.pieces : [BORDER, ...cell.pieces])),
      width,
    );
  const columns = widths.map((columns, index) => {
    const isLast = index === widths.length - 1;
    // The last column also shows the cells beyond the number of columns.
    const inside = isLast ? cells.slice(index) : cells.slice(index, index + 1);
    return wrapped(
      inside.flatMap((cell, at) => (at === 0 ? cell.pieces : [BORDER, ...cell.pieces])),
      columns,
    );
  });
  const height = columns.reduce((most, rows) => Math.max(most, rows.length), 1);
  return Array.from({ length: height }, (_, row) => {
    const pieces: Piece[] = [];
    for (const [index, rows] of columns.entries()) {
      if (index > 0) pieces.push(BORDER);
      const isLast = index === columns.length - 1;
      pieces.push(...aligned(rows[row] ?? [], widths[index]!, alignments[index] ?? 'left', isLast));
    }
    return pieces;
  });
}

/** Returns the rule below the head. */
export function tableRule(widths: readonly number[] | undefined, width: number): PieceRow {
  const text = widths === undefined ? '─'.repeat(Math.min(width, 8)) : widths.map((columns) => '─'.repeat(columns)).join('─┼─');
  return [{ text, meanings: ['dim'] }];
}

export function piecesWidth(pieces: readonly Piece[]): number {
  const all = textOf(pieces);
  if (isPrintableAscii(all)) return all.length;
  let width = 0;
  for (const { segment } of graphemes(all)) width += graphemeWidth(segment);
  return width;
}

function textOf(pieces: readonly Piece[]): string {
  return pieces.length === 1 ? pieces[0]!.text : pieces.map(({ text }) => text).join('');
}

function wrapped(pieces: readonly Piece[], width: number): PieceRow[] {
  const text = textOf(pieces);
  // Most cells fit.
  if (text !== '' && text.length <= width && isPrintableAscii(text) && text.trim() === text) return [pieces];
  const wrapper = createPieceWrapper(width);
  return [...wrapper.push(pieces), ...wrapper.end()];
}

function aligned(row: PieceRow, width: number, alignment: Alignment, isLast: boolean): Piece[] {
  const free = Math.max(0, width - piecesWidth(row));
  const left = alignment === 'left' ? 0 : alignment === 'right' ? free : Math.floor(free / 2);
  const right = isLast ? 0 : free - left;
  return [...(left > 0 ? [plainPiece(' '.repeat(left))] : []), ...row, ...(right > 0 ? [plainPiece(' '.repeat(right))] : [])];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
