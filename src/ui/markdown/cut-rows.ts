import type { Theme } from '../../output/text/theme.ts';
import { isPrintableAscii } from '../../output/text/width.ts';
import { createRowWrapper } from '../../output/text/wrap-rows.ts';
import { paintRow, type Piece, piecesText } from './piece.ts';

/**
 * Cuts one line into painted rows of at most `width` columns at any character, so that code keeps its spaces. Returns at least one
 * row.
 */
export function cutRows(pieces: readonly Piece[], width: number, theme: Theme): string[] {
  const all = piecesText(pieces);
  // Most lines of code fit.
  if (all.length <= width && isPrintableAscii(all)) return [paintRow(pieces, all, theme)];
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
  return rows.map((row) => paintRow(row, piecesText(row), theme));
}
