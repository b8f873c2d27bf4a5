import type { Meaning, Theme } from '../../output/text/theme.ts';
import { createInlineReader } from '../../markdown/inline-reader.ts';
import { type BlockWidth, NO_ROWS, type OpenBlock, type Piece } from './piece.ts';
import { PieceWrapper, wrapPieces } from './piece-wrapper.ts';

export interface ParagraphOptions {
  keepsMarks: boolean;
  /** Meanings of the whole text, such as `heading`. */
  meanings?: readonly Meaning[];
}

/** Turns a block's source into pieces as it arrives. Holds back the part that later source may change. */
interface PieceReader {
  push: (source: string) => readonly (readonly Piece[])[];
  end: () => readonly Piece[];
  /** Returns the pieces of the held back part followed by `source`. Changes nothing. */
  preview: (source: string) => readonly Piece[];
}

/** Creates a block of text with inline markup. Line breaks are kept. */
export function createParagraph(width: BlockWidth, theme: Theme, { keepsMarks, meanings }: ParagraphOptions): OpenBlock {
  const reader = createInlineReader({ keepsMarks });
  return new WrappedBlock(theme, width, meanings === undefined ? reader : new MeantReader(reader, meanings), false);
}

/** Creates a block that shows its source unchanged, wrapped at words: HTML or mathematics. */
export function createSourceBlock(width: BlockWidth, theme: Theme, meaning: Meaning): OpenBlock {
  const pieces = (text: string): Piece[] => [{ text, meanings: [meaning] }];
  const reader: PieceReader = { push: (source) => [pieces(source)], end: () => [], preview: pieces };
  return new WrappedBlock(theme, width, reader, true);
}

/** Adds meanings to what another reader returns. */
class MeantReader implements PieceReader {
  readonly #reader: PieceReader;
  readonly #meanings: readonly Meaning[];

  constructor(reader: PieceReader, meanings: readonly Meaning[]) {
    this.#reader = reader;
    this.#meanings = meanings;
  }

  push(source: string): readonly (readonly Piece[])[] {
    return this.#reader.push(source).map((pieces) => this.#meant(pieces));
  }

  end(): readonly Piece[] {
    return this.#meant(this.#reader.end());
  }

  preview(source: string): readonly Piece[] {
    return this.#meant(this.#reader.preview(source));
  }

  #meant(pieces: readonly Piece[]): readonly Piece[] {
    const added = this.#meanings;
    const meant: Piece[] = [];
    for (const { text, meanings } of pieces)
      meant.push({ text, meanings: meanings.length === 0 ? added : [...added, ...meanings] });
    return meant;
  }
}

/**
 * Returns a row as soon as later source cannot change it. A class without closures, because each frame of a streamed answer makes such
 * a block.
 */
class WrappedBlock implements OpenBlock {
  readonly #theme: Theme;
  readonly #reader: PieceReader;
  /** The text uses the whole width. */
  readonly #isWide: boolean;
  #width: BlockWidth;
  /** Undefined until the first text is final: most paragraphs are read at once, at their end. */
  #wrapper: PieceWrapper | undefined;

  constructor(theme: Theme, width: BlockWidth, reader: PieceReader, isWide: boolean) {
    this.#theme = theme;
    this.#width = width;
    this.#reader = reader;
    this.#isWide = isWide;
  }

  push(source: string): readonly string[] {
    const made = this.#reader.push(source);
    if (made.length === 0) return NO_ROWS;
    this.#wrapper ??= this.#newWrapper();
    const rows: string[] = [];
    for (const pieces of made) rows.push(...this.#wrapper.push(pieces));
    return rows;
  }

  end(): readonly string[] {
    const pieces = this.#reader.end();
    const wrapper = this.#wrapper;
    return wrapper === undefined ? this.#wrapped(pieces) : [...wrapper.push(pieces), ...wrapper.end()];
  }

  preview(source: string): readonly string[] {
    const pieces = this.#reader.preview(source);
    const open = this.#wrapper?.open() ?? NO_ROWS;
    return this.#wrapped(open.length === 0 ? pieces : [...open, ...pieces]);
  }

  resize(next: BlockWidth): readonly string[] {
    this.#width = next;
    if (this.#wrapper === undefined) return NO_ROWS;
    const rest = this.#wrapper.open();
    this.#wrapper = this.#newWrapper();
    return this.#wrapper.push(rest);
  }

  #wrapped(pieces: readonly Piece[]): readonly string[] {
    const { all, prose } = this.#width;
    return wrapPieces(pieces, this.#theme, this.#isWide ? all : prose, all);
  }

  #newWrapper(): PieceWrapper {
    const { all, prose } = this.#width;
    return new PieceWrapper(this.#theme, this.#isWide ? all : prose, all);
  }
}
