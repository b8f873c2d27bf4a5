import type { Theme } from '../../output/text/theme.ts';
import { isPrintableAscii } from '../../output/text/width.ts';
import { createRowWrapper, type RowWrapper } from '../../output/text/wrap-rows.ts';
import type { Row } from '../../output/text/open-line.ts';
import { NO_ROWS, paintRow, type Piece, PiecePainter, piecesText } from './piece.ts';

/** Wraps pieces into rows at words, as wrap-rows.ts wraps text, and paints the rows, without the spaces at their end. */
export class PieceWrapper {
  readonly #theme: Theme;
  readonly #wrapper: RowWrapper;
  #open: Piece[] = [];

  /** `longest` is the columns of a word that is longer than a row. */
  constructor(theme: Theme, width: number, longest = width) {
    this.#theme = theme;
    this.#wrapper = createRowWrapper(width, { longest });
  }

  /** Adds pieces and returns the rows that are now final. */
  push(pieces: readonly Piece[]): readonly string[] {
    let text = '';
    for (const piece of pieces) {
      // The wrapper expands a tab to several spaces, and the rows would then be longer than their source.
      const added = piece.text.includes('\t') ? { ...piece, text: piece.text.replaceAll('\t', ' ') } : piece;
      this.#open.push(added);
      text += added.text;
    }
    return this.#painted(this.#wrapper.push(text));
  }

  end(): readonly string[] {
    return this.#painted(this.#wrapper.end());
  }

  /** Returns the pieces that are not in a finished row yet. */
  open(): readonly Piece[] {
    return this.#open;
  }

  #painted(rows: readonly Row[]): readonly string[] {
    if (rows.length === 0) return NO_ROWS;
    const painter = new PiecePainter(this.#theme, this.#open);
    const painted: string[] = [];
    for (const { text, after } of rows) {
      const { length } = text.trimEnd();
      painted.push(painter.paint(length));
      painter.skip(text.length - length + after.length);
    }
    const { index, offset } = painter.place();
    this.#open = this.#open.slice(index);
    const [first] = this.#open;
    if (first !== undefined && offset > 0) this.#open[0] = { ...first, text: first.text.slice(offset) };
    return painted;
  }
}

/** Returns all rows of these pieces. */
export function wrapPieces(pieces: readonly Piece[], theme: Theme, width: number, longest = width): readonly string[] {
  if (pieces.length === 0) return NO_ROWS;
  const text = piecesText(pieces);
  // Most cells, items and headings fit into one row.
  if (text !== '' && text.length <= width && isPrintableAscii(text)) return [paintRow(pieces, theme)];
  const wrapper = new PieceWrapper(theme, width, longest);
  const rows = wrapper.push(pieces);
  return rows.length === 0 ? wrapper.end() : [...rows, ...wrapper.end()];
}
