import { graphemes } from '../../output/text/graphemes.ts';
import { graphemeWidth } from '../screen/wrap-rows.ts';
import type { Piece, PieceRow } from './piece.ts';

const TAB_STOP = 4;
const PLAIN = /^[\u0020-\u007e]*$/;

/** Cuts one line into rows of at most `width` columns, at whatever character stands there: code keeps its blanks. At least one row. */
export function cutRows(pieces: readonly Piece[], width: number): PieceRow[] {
  const rows: Piece[][] = [[]];
  let column = 0;
  for (const { text, meanings } of pieces) {
    let part = '';
    const finish = (): void => {
      if (part !== '') rows.at(-1)!.push({ text: part, meanings });
      part = '';
    };
    for (const character of characters(text)) {
      const shown = character === '\t' ? ' '.repeat(TAB_STOP - (column % TAB_STOP)) : character;
      const columns = character === '\t' ? shown.length : graphemeWidth(character);
      if (column > 0 && column + columns > width) {
        finish();
        rows.push([]);
        column = 0;
      }
      part += shown;
      column += columns;
    }
    finish();
  }
  return rows;
}

function* characters(text: string): Iterable<string> {
  if (PLAIN.test(text)) yield* text;
  // The segmenter's time for each character grows with the length of the text: it is given words.
  else for (const word of text.match(/[^\s]{1,256}|\s/gu) ?? []) for (const { segment } of graphemes(word)) yield segment;
}
