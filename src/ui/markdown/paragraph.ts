import type { Meaning } from '../../output/text/theme.ts';
import { createInlineReader } from '../../markdown/inline-reader.ts';
import type { BlockWidth, OpenBlock, Piece } from './piece.ts';
import { createPieceWrapper, type PieceWrapper } from './piece-wrapper.ts';

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
export function createParagraph(width: BlockWidth, { keepsMarks, meanings }: ParagraphOptions): OpenBlock {
  const reader = createInlineReader({ keepsMarks });
  const meant = (pieces: readonly Piece[]): readonly Piece[] =>
    meanings === undefined ? pieces : pieces.map((piece) => ({ ...piece, meanings: [...meanings, ...piece.meanings] }));
  const wrapper = ({ prose, all }: BlockWidth): PieceWrapper => createPieceWrapper(prose, all);
  return wrappedBlock(width, wrapper, {
    push: (source) => reader.push(source).map(meant),
    end: () => meant(reader.end()),
    preview: (source) => meant(reader.preview(source)),
  });
}

/** Creates a block that shows its source unchanged, wrapped at words: HTML or mathematics. */
export function createSourceBlock(width: BlockWidth, meaning: Meaning): OpenBlock {
  const pieces = (text: string): Piece[] => [{ text, meanings: [meaning] }];
  return wrappedBlock(width, ({ all }) => createPieceWrapper(all), {
    push: (source) => [pieces(source)],
    end: () => [],
    preview: pieces,
  });
}

/** Creates a block that returns a row as soon as later source cannot change it. */
function wrappedBlock(
  initialWidth: BlockWidth,
  createWrapper: (width: BlockWidth) => PieceWrapper,
  reader: PieceReader,
): OpenBlock {
  let width = initialWidth;
  let wrapper = createWrapper(width);
  return {
    push: (source) => reader.push(source).flatMap((pieces) => wrapper.push(pieces)),
    end: () => [...wrapper.push(reader.end()), ...wrapper.end()],
    preview(source) {
      const copy = createWrapper(width);
      return [...copy.push(wrapper.open()), ...copy.push(reader.preview(source)), ...copy.end()];
    },
    resize(next) {
      width = next;
      const rest = wrapper.open();
      wrapper = createWrapper(width);
      return wrapper.push(rest);
    },
  };
}
