import { parseInline } from '../../markdown/parse-inline.ts';
import type { OpenBlock, PieceRow } from './piece.ts';
import { type TableCell, columnWidths, piecesWidth, tableRow, tableRule } from './table-layout.ts';
import { type Alignment, tableCells } from '../../markdown/table-source.ts';

/** The lines, and the characters of source, that decide the widths of the columns. Later lines are returned one at a time. */
const LINES_TO_FIT = 24;
const SOURCE_TO_FIT = 6000;
/** Markup in longer cells is not parsed, because parsing takes more than linear time. */
const LONGEST_CELL = 2048;

/** Creates a table whose columns fit the screen and whose cells are wrapped. `push` takes whole lines. */
export function createTableBlock(
  head: string,
  alignments: readonly Alignment[],
  initialWidth: number,
  options: { keepsMarks: boolean },
): OpenBlock {
  let width = initialWidth;
  const read = (line: string, isHead = false): TableCell[] =>
    tableCells(line).map((cell) => readCell(cell, isHead, options.keepsMarks));
  /**
   * The head, then the lines that wait for the widths. They are kept afterwards to compute the widths for another screen size.
   */
  const lines: TableCell[][] = [read(head, true)];
  let length = head.length;
  let widths: number[] | undefined;
  let isFitted = false;
  /** The rows of the first lines for these columns: a preview adds one line to them. */
  let laidOut: { columns: number[] | undefined; rows: PieceRow[][] } | undefined;

  const row = (cells: readonly TableCell[], columns: number[] | undefined): PieceRow[] =>
    tableRow(cells, columns, alignments, width);
  /** Returns the rows of all lines, and of those that are not added yet. */
  const all = (more: readonly TableCell[][] = []): PieceRow[] => {
    const columns = columnWidths(more.length === 0 ? lines : [...lines, ...more], width);
    if (laidOut?.columns?.join() !== columns?.join()) laidOut = undefined;
    const { rows } = (laidOut ??= { columns, rows: [] });
    for (const line of lines.slice(rows.length))
      rows.push(rows.length === 0 ? [...row(line, columns), tableRule(columns, width)] : row(line, columns));
    return [...rows.flat(), ...more.flatMap((line) => row(line, columns))];
  };
  return {
    push(source) {
      const cells = read(source);
      if (isFitted) return row(cells, widths);
      lines.push(cells);
      length += source.length;
      if (lines.length < LINES_TO_FIT && length < SOURCE_TO_FIT) return [];
      isFitted = true;
      widths = columnWidths(lines, width);
      return all();
    },
    end: () => (isFitted ? [] : all()),
    preview(source) {
      const more = source === '' ? [] : [read(source)];
      return isFitted ? more.flatMap((cells) => row(cells, widths)) : all(more);
    },
    resize(next) {
      width = next.all;
      laidOut = undefined;
      if (isFitted) widths = columnWidths(lines, width);
      return [];
    },
  };
}

function readCell(source: string, isHead: boolean, keepsMarks: boolean): TableCell {
  // A line break is the only HTML that is useful in a table.
  const text = source.replaceAll(/<br\s*\/?>/gi, '\n');
  const pieces = text.length > LONGEST_CELL ? [{ text, meanings: [] }] : parseInline(text, { keepsMarks }).pieces;
  const shown = isHead ? pieces.map((piece) => ({ ...piece, meanings: ['strong' as const, ...piece.meanings] })) : pieces;
  const widest = text.includes('\n')
    ? Math.max(
        ...shown
          .map((piece) => piece.text)
          .join('')
          .split('\n')
          .map((line) => piecesWidth([{ text: line, meanings: [] }])),
      )
    : piecesWidth(shown);
  return { pieces: shown, width: widest };
}
