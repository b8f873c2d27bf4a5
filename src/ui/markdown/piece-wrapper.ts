import type { Theme } from '../../output/text/theme.ts';
import { isPrintableAscii } from '../../output/text/width.ts';
import { createRowWrapper, type RowWrapper, wrapRows } from '../../output/text/wrap-rows.ts';
import type { Row } from '../../output/text/open-line.ts';
import { NO_ROWS, paintRow, type Piece, PiecePainter, piecesText } from './piece.ts';

/** Wraps pieces into rows at words, as wrap-rows.ts wraps text, and paints the rows, without the spaces at their end. */
export class PieceWrapper {
  readonly #theme: Theme;
  readonly #wrapper: RowWrapper;
  #open: Piece[] = [];

  /** `longest` is the columns of a word that is longer than a row. */
  constructor(theme: Theme, width: number, longest: number) {
    this.#theme = theme;
    this.#wrapper = createRowWrapper(width, { longest });
  }

  /** Adds pieces and returns the rows that are now final. */
  push(pieces: readonly Piece[]): readonly string[] {
    const added = withoutTabs(pieces);
    this.#open.push(...added);
    const text = piecesText(added);
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
    const painted = rows.map((row) => paintNext(painter, row));
    const { index, offset } = painter.place();
    this.#open = this.#open.slice(index);
    const [first] = this.#open;
    if (first !== undefined && offset > 0) this.#open[0] = { text: first.text.slice(offset), meanings: first.meanings };
    return painted;
  }
}

/** Returns all rows of these pieces. */
export function wrapPieces(pieces: readonly Piece[], theme: Theme, width: number, longest = width): readonly string[] {
  if (pieces.length === 0) return NO_ROWS;
  const text = piecesText(pieces);
  // Most cells, items and headings fit into one row.
  if (text !== '' && text.length <= width && isPrintableAscii(text)) return [paintRow(pieces, text, theme)];
  const shown = withoutTabs(pieces);
  const painter = new PiecePainter(theme, shown);
  return wrapRows(piecesText(shown), width, { longest }).map((row) => paintNext(painter, row));
}

/** The wrapper expands a tab to several spaces, and the rows would then be longer than their source. */
export function withoutTabs(pieces: readonly Piece[]): readonly Piece[] {
  if (!pieces.some(({ text }) => text.includes('\t'))) return pieces;
  return pieces.map(({ text, meanings }) => ({ text: text.replaceAll('\t', ' '), meanings }));
}

function paintNext(painter: PiecePainter, { text, after }: Row): string {
  const { length } = text.trimEnd();
  const painted = painter.paint(length);
  painter.skip(text.length - length + after.length);
  return painted;
}
