import type { MarkdownText } from './block.ts';
import { edgeIn, parseInline } from './parse-inline.ts';

/** Where a long text is looked at for what is settled in it: at every so many characters, wherever the pieces were cut. */
const STEP = 256;
/** What has not settled within so many is shown as it stands: an emphasis may stay open for ever. */
const LONGEST_OPEN = 2048;

/** Text with markup as it comes. */
export interface InlineReader {
  /** The pieces that nothing which follows can change, a bounded number at a time. */
  push: (source: string) => MarkdownText[][];
  /** The rest. */
  end: () => MarkdownText[];
  /** The rest, as it would be if this were all that follows. Changes nothing. */
  preview: (source: string) => MarkdownText[];
}

export function createInlineReader(options: { keepsMarks: boolean }): InlineReader {
  /** What has not settled. */
  let open = '';
  let before = '';
  let nextCheck = STEP;

  const parsed = (text: string, after = ''): MarkdownText[] => parseInline(text, { before, after, ...options }).pieces;
  const settle = (length: number): MarkdownText[] => {
    const pieces = parsed(open.slice(0, length), open.charAt(length));
    before = open.slice(0, length).match(/.$/su)?.[0] ?? before;
    open = open.slice(length);
    nextCheck = STEP;
    return pieces;
  };
  return {
    push(source) {
      open += source;
      const pieces: MarkdownText[][] = [];
      while (open.length > nextCheck) {
        const length = edgeIn(open.slice(0, nextCheck));
        const { settled } = parseInline(open.slice(0, length), { before, after: open.charAt(length) });
        if (settled > 0) pieces.push(settle(settled));
        else if (nextCheck >= LONGEST_OPEN) pieces.push(settle(length > 0 ? length : wholeCharacters(open, nextCheck)));
        else nextCheck += STEP;
      }
      return pieces;
    },
    end() {
      const pieces = parsed(open);
      open = '';
      return pieces;
    },
    preview(source) {
      const text = (open + source).trimEnd();
      // What is open will probably close: until then it looks as if it had.
      const { closers } = parseInline(text, { before });
      return parsed(text + closers);
    },
  };
}

function wholeCharacters(text: string, limit: number): number {
  return /[\ud800-\udbff]/.test(text.charAt(limit - 1)) ? limit - 1 : limit;
}
