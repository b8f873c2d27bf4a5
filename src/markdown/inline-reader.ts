import type { MarkdownText } from './block.ts';
import { edgeIn, parseInline, settledLength } from './parse-inline.ts';

/** A long text is checked for settled parts each time this many characters have arrived, independent of how it is split. */
const STEP = 256;
/** Text that is still not settled after this many characters is shown as it is: emphasis may stay open forever. */
const LONGEST_OPEN = 2048;

/** Reads inline text that arrives in pieces. */
export interface InlineReader {
  /** Returns the pieces that later text cannot change. The work per call is bounded. */
  push: (source: string) => MarkdownText[][];
  /** Returns the rest. */
  end: () => MarkdownText[];
  /** Returns the rest as it would be if the text ended with `source`. Does not change the reader. */
  preview: (source: string) => MarkdownText[];
}

export function createInlineReader(options: { keepsMarks: boolean }): InlineReader {
  /** Text that is not settled. */
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
        const settled = settledLength(open.slice(0, length), { before, after: open.charAt(length) });
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
      // Open markup will probably be closed: until then, render it as if it were.
      const { closers, pieces } = parseInline(text, { before, ...options });
      return closers === '' ? pieces : parsed(text + closers);
    },
  };
}

function wholeCharacters(text: string, limit: number): number {
  return /[\ud800-\udbff]/.test(text.charAt(limit - 1)) ? limit - 1 : limit;
}
