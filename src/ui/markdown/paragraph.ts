import type { Meaning } from '../../output/text/theme.ts';
import { createInlineReader } from '../../markdown/inline-reader.ts';
import type { BlockWidth, OpenBlock, Piece } from './piece.ts';
import { createPieceWrapper } from './piece-wrapper.ts';

export interface ParagraphOptions {
  keepsMarks: boolean;
  /** What all of it means: a heading, for instance. */
  meanings?: readonly Meaning[];
}

/** Text with markup, line breaks kept. Rows leave as soon as nothing that follows can change how they look. */
export function createParagraph(initialWidth: BlockWidth, { keepsMarks, meanings }: ParagraphOptions): OpenBlock {
  const reader = createInlineReader({ keepsMarks });
  let wrapper = createPieceWrapper(initialWidth.prose, initialWidth.all);
  let width = initialWidth;
  const meant = (pieces: Piece[]): Piece[] =>
    meanings === undefined ? pieces : pieces.map((piece) => ({ ...piece, meanings: [...meanings, ...piece.meanings] }));
  return {
    push: (source) => reader.push(source).flatMap((pieces) => wrapper.push(meant(pieces))),
    end: () => [...wrapper.push(meant(reader.end())), ...wrapper.end()],
    preview(source) {
      const copy = createPieceWrapper(width.prose, width.all);
      return [...copy.push(wrapper.open()), ...copy.push(meant(reader.preview(source))), ...copy.end()];
    },
    resize(next) {
      width = next;
      const rest = wrapper.open();
      wrapper = createPieceWrapper(width.prose, width.all);
      return wrapper.push(rest);
    },
  };
}
