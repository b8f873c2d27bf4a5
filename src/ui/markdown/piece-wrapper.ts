import type { Row } from '../../output/text/open-line.ts';
import { createRowWrapper } from '../../output/text/wrap-rows.ts';
import type { Piece, PieceRow } from './piece.ts';

/** Wraps pieces into rows at words, as wrap-rows.ts wraps text. */
export interface PieceWrapper {
  push: (pieces: readonly Piece[]) => PieceRow[];
  end: () => PieceRow[];
  /** Returns the pieces that are not in a finished row yet. */
  open: () => readonly Piece[];
}

export function createPieceWrapper(width: number, longest?: number): PieceWrapper {
  const wrapper = createRowWrapper(width, { longest });
  let open: Piece[] = [];
  const styled = (rows: readonly Row[]): PieceRow[] => {
    if (rows.length === 0) return [];
    const cursor = { piece: 0, offset: 0 };
    const made = rows.map((row) => {
      const pieces = taken(open, cursor, row.text.length);
      taken(open, cursor, row.after.length);
      return pieces;
    });
    const current = open[cursor.piece];
    open = open.slice(cursor.piece);
    if (current !== undefined) open[0] = { ...current, text: current.text.slice(cursor.offset) };
    return made;
  };
  return {
    push(pieces) {
      let text = '';
      for (const piece of pieces) {
        // The wrapper expands a tab to several spaces, and the rows would then be longer than their source.
        const added = piece.text.includes('\t') ? { ...piece, text: piece.text.replaceAll('\t', ' ') } : piece;
        open.push(added);
        text += added.text;
      }
      return styled(wrapper.push(text));
    },
    end: () => styled(wrapper.end()),
    open: () => open,
  };
}

/** Returns the next `length` characters as pieces, and moves the cursor behind them. */
function taken(pieces: readonly Piece[], cursor: { piece: number; offset: number }, length: number): Piece[] {
  const matches: Piece[] = [];
  let missing = length;
  while (missing > 0) {
    const piece = pieces[cursor.piece];
    if (piece === undefined) break;
    const isWhole = cursor.offset === 0 && piece.text.length <= missing;
    const text = isWhole ? piece.text : piece.text.slice(cursor.offset, cursor.offset + missing);
    if (text !== '') matches.push(isWhole ? piece : { ...piece, text });
    missing -= text.length;
    cursor.offset += text.length;
    if (cursor.offset === piece.text.length) {
      cursor.piece += 1;
      cursor.offset = 0;
    }
  }
  return matches;
}
