import type { Meaning } from '../../output/text/theme.ts';
import type { OpenBlock, Piece } from './piece.ts';
import { createPieceWrapper } from './piece-wrapper.ts';

/** Source that is shown as it is, wrapped by words: HTML and mathematics. */
export function createSourceBlock(initialWidth: number, meaning: Meaning): OpenBlock {
  let width = initialWidth;
  let wrapper = createPieceWrapper(width);
  const pieces = (text: string): Piece[] => [{ text, meanings: [meaning] }];
  return {
    push: (source) => wrapper.push(pieces(source)),
    end: () => wrapper.end(),
    preview(source) {
      const copy = createPieceWrapper(width);
      return [...copy.push([...wrapper.open(), ...pieces(source)]), ...copy.end()];
    },
    resize(next) {
      width = next.all;
      const open = wrapper.open();
      wrapper = createPieceWrapper(width);
      return wrapper.push(open);
    },
  };
}
