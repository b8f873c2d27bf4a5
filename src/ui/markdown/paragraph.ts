import type { Meaning } from '../../output/theme.ts';
import { edgeIn, parseInline } from './parse-inline.ts';
import type { OpenBlock, Piece, PieceRow } from './piece.ts';
import { createPieceWrapper } from './piece-wrapper.ts';

export interface ParagraphOptions {
  keepsMarks: boolean;
  /** What all of it means: a heading, for instance. */
  meanings?: readonly Meaning[];
}

/** Where a long paragraph is looked at for what is settled in it: at every so many characters, wherever the pieces were cut. */
const STEP = 256;
/** What has not settled within so many is shown as it stands: an emphasis may stay open for ever. */
const LONGEST_OPEN = 2048;

/** Text with markup, line breaks kept. Rows leave as soon as nothing that follows can change how they look. */
export function createParagraph(initialWidth: number, options: ParagraphOptions): OpenBlock {
  let wrapper = createPieceWrapper(initialWidth);
  let width = initialWidth;
  /** What has not settled. */
  let open = '';
  let before = '';
  let nextLook = STEP;

  const parsed = (text: string, after = ''): Piece[] => {
    const { pieces } = parseInline(text, { before, after, keepsMarks: options.keepsMarks });
    return withMeanings(pieces, options.meanings);
  };
  const settle = (length: number): PieceRow[] => {
    const rows = wrapper.push(parsed(open.slice(0, length), open.charAt(length)));
    before = open.slice(0, length).match(/.$/su)?.[0] ?? before;
    open = open.slice(length);
    nextLook = STEP;
    return rows;
  };
  return {
    push(source) {
      open += source;
      const rows: PieceRow[] = [];
      while (open.length > nextLook) {
        const length = edgeIn(open.slice(0, nextLook));
        const { settled } = parseInline(open.slice(0, length), { before, after: open.charAt(length) });
        if (settled > 0) rows.push(...settle(settled));
        else if (nextLook >= LONGEST_OPEN) rows.push(...settle(length > 0 ? length : wholeCharacters(open, nextLook)));
        else nextLook += STEP;
      }
      return rows;
    },
    end() {
      const rows = [...wrapper.push(parsed(open)), ...wrapper.end()];
      open = '';
      return rows;
    },
    preview(source) {
      const text = open + source;
      // What is open will probably close: until then it looks as if it had.
      const { closers } = parseInline(text.trimEnd(), { before });
      const copy = createPieceWrapper(width);
      return [...copy.push(wrapper.open()), ...copy.push(parsed(text.trimEnd() + closers)), ...copy.end()];
    },
    resize(next) {
      width = next;
      const rest = wrapper.open();
      wrapper = createPieceWrapper(width);
      return wrapper.push(rest);
    },
  };
}

function withMeanings(pieces: Piece[], meanings: readonly Meaning[] | undefined): Piece[] {
  return meanings === undefined ? pieces : pieces.map((piece) => ({ ...piece, meanings: [...meanings, ...piece.meanings] }));
}

function wholeCharacters(text: string, limit: number): number {
  return /[\ud800-\udbff]/.test(text.charAt(limit - 1)) ? limit - 1 : limit;
}
