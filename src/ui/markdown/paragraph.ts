import type { Meaning } from '../../output/text/theme.ts';
import { createInlineReader } from '../../markdown/inline-reader.ts';
import type { BlockWidth, OpenBlock, Piece } from './piece.ts';
import { createPieceWrapper, type PieceWrapper } from './piece-wrapper.ts';

export interface ParagraphOptions {
  keepsMarks: boolean;
  /** What all of it means: a heading, for instance. */
  meanings?: readonly Meaning[];
}

/** Makes pieces of a block's source as it comes; the part that further source may change waits. */
interface PieceReader {
  push: (source: string) => readonly (readonly Piece[])[];
  end: () => readonly Piece[];
  /** The pieces of what waits and of this, which changes nothing. */
  preview: (source: string) => readonly Piece[];
}

/** Text with markup; line breaks stay. */
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

/** Source that is shown as it is, wrapped by words: HTML and mathematics. */
export function createSourceBlock(width: BlockWidth, meaning: Meaning): OpenBlock {
  const pieces = (text: string): Piece[] => [{ text, meanings: [meaning] }];
  return wrappedBlock(width, ({ all }) => createPieceWrapper(all), {
    push: (source) => [pieces(source)],
    end: () => [],
    preview: pieces,
  });
}

/** Rows leave as soon as nothing that follows can change them. */
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
