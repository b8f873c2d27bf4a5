import { NO_MEANING } from '../../markdown/block.ts';
import type { Meaning, Theme } from '../../output/text/theme.ts';

/** Text of one style. Text is cut into rows before it is styled. */
export interface Piece {
  text: string;
  meanings: readonly Meaning[];
  /** The target of the link that the text belongs to. Untrusted. */
  address?: string;
  /** The text only shows the target of the link before it. */
  isAddress?: boolean;
}

export function plainPiece(text: string): Piece {
  return { text, meanings: NO_MEANING };
}

export function piecesText(pieces: readonly Piece[]): string {
  if (pieces.length === 1) return pieces[0]!.text;
  let text = '';
  for (const piece of pieces) text += piece.text;
  return text;
}

/** Paints the text of pieces from one place to the next. */
export class PiecePainter {
  readonly #theme: Theme;
  readonly #pieces: readonly Piece[];
  #index = 0;
  /** How many characters of the piece at the index are behind the place. */
  #offset = 0;

  constructor(theme: Theme, pieces: readonly Piece[]) {
    this.#theme = theme;
    this.#pieces = pieces;
  }

  /** Returns the next `length` characters in their styles. */
  paint(length: number): string {
    let painted = '';
    let text = '';
    let meanings: readonly Meaning[] = NO_MEANING;
    for (let missing = length; missing > 0;) {
      const piece = this.#pieces[this.#index];
      if (piece === undefined) break;
      const part = this.#take(piece, missing);
      missing -= part.length;
      if (isSame(piece.meanings, meanings)) text += part;
      else {
        if (text !== '') painted += this.#theme.style(meanings, text);
        ({ meanings } = piece);
        text = part;
      }
    }
    return text === '' ? painted : painted + this.#theme.style(meanings, text);
  }

  skip(length: number): void {
    for (let missing = length; missing > 0;) {
      const piece = this.#pieces[this.#index];
      if (piece === undefined) return;
      missing -= this.#take(piece, missing).length;
    }
  }

  /** Returns the number of whole pieces that are behind the place, and of characters of the next one. */
  place(): { index: number; offset: number } {
    return { index: this.#index, offset: this.#offset };
  }

  #take({ text }: Piece, most: number): string {
    const from = this.#offset;
    if (text.length - from > most) {
      this.#offset = from + most;
      return text.slice(from, from + most);
    }
    this.#index += 1;
    this.#offset = 0;
    return from === 0 ? text : text.slice(from);
  }
}

/** Returns pieces, whose text is `text`, as one row without the spaces at its end. */
export function paintRow(pieces: readonly Piece[], text: string, theme: Theme): string {
  const shown = text.trimEnd();
  if (pieces.length !== 1) return new PiecePainter(theme, pieces).paint(shown.length);
  return shown === '' ? '' : theme.style(pieces[0]!.meanings, shown);
}

function isSame(one: readonly Meaning[], other: readonly Meaning[]): boolean {
  if (one === other) return true;
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return false;
  return true;
}

/** The available width of a block, in columns. */
export interface BlockWidth {
  /** Up to the edge of the screen: for code, tables, and words longer than a row of prose. */
  all: number;
  /** For prose, because long rows are hard to read. Not more than `all`. */
  prose: number;
}

export const NO_ROWS: readonly never[] = [];

/** A block that is still being received. Rows are painted, without spaces at their end. Finished rows are returned, the rest is buffered. */
export interface OpenBlock {
  /** Adds source and returns the rows that are now final. */
  push: (source: string) => readonly string[];
  /** Ends the block and returns the remaining rows. */
  end: () => readonly string[];
  /** Returns the remaining rows as if the block ended with `source`. Changes nothing. */
  preview: (source: string) => readonly string[];
  /** Uses another width for further rows. Returns the rows that are final in it. */
  resize: (width: BlockWidth) => readonly string[];
}
