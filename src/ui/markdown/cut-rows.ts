import { createRowWrapper } from '../../output/text/wrap-rows.ts';
import { isPrintableAscii } from '../../output/text/width.ts';
import type { Piece, PieceRow } from './piece.ts';

/**
 * Cuts one line into rows of at most `width` columns at any character, so that code keeps its spaces. Returns at least one row.
 */
export function cutRows(pieces: readonly Piece[], width: number): PieceRow[] {
  // Most lines of code fit.
  if (pieces.reduce((sum, { text }) => sum + text.length, 0) <= width && pieces.every(({ text }) => isPrintableAscii(text)))
    return [pieces.filter(({ text }) => text !== '')];
  const wrapper = createRowWrapper(width, { breaks: 'columns' });
  const rows: Piece[][] = [[]];
  /** How many characters of the open row come from earlier pieces. */
  let filled = 0;
  for (const { text, meanings } of pieces) {
    const add = (row: string): void => {
      if (row.length > filled) rows.at(-1)!.push({ text: row.slice(filled), meanings });
    };
    for (const row of wrapper.push(text)) {
      add(row.text);
      rows.push([]);
      filled = 0;
    }
    const open = wrapper.tail()[0]?.text ?? '';
    add(open);
    filled = open.length;
  }
  return rows;
}
