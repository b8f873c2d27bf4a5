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
  return new SettlingReader(options.keepsMarks);
}

/** A class, because each frame of a streamed answer makes readers. */
class SettlingReader implements InlineReader {
  readonly #keepsMarks: boolean;
  /** Text that is not settled. */
  #open = '';
  #before = '';
  #nextCheck = STEP;

  constructor(keepsMarks: boolean) {
    this.#keepsMarks = keepsMarks;
  }

  push(source: string): MarkdownText[][] {
    this.#open += source;
    const pieces: MarkdownText[][] = [];
    while (this.#open.length > this.#nextCheck) {
      const length = edgeIn(this.#open.slice(0, this.#nextCheck));
      const options = { before: this.#before, after: this.#open.charAt(length) };
      const settled = settledLength(this.#open.slice(0, length), options);
      if (settled > 0) pieces.push(this.#settle(settled));
      else if (this.#nextCheck >= LONGEST_OPEN)
        pieces.push(this.#settle(length > 0 ? length : wholeCharacters(this.#open, this.#nextCheck)));
      else this.#nextCheck += STEP;
    }
    return pieces;
  }

  end(): MarkdownText[] {
    const pieces = this.#parsed(this.#open);
    this.#open = '';
    return pieces;
  }

  preview(source: string): MarkdownText[] {
    const text = (this.#open + source).trimEnd();
    // Open markup will probably be closed: until then, render it as if it were.
    const { closers, pieces } = parseInline(text, { before: this.#before, after: '', keepsMarks: this.#keepsMarks });
    return closers === '' ? pieces : this.#parsed(text + closers);
  }

  #parsed(text: string, after = ''): MarkdownText[] {
    return parseInline(text, { before: this.#before, after, keepsMarks: this.#keepsMarks }).pieces;
  }

  #settle(length: number): MarkdownText[] {
    const pieces = this.#parsed(this.#open.slice(0, length), this.#open.charAt(length));
    this.#before = this.#open.slice(0, length).match(/.$/su)?.[0] ?? this.#before;
    this.#open = this.#open.slice(length);
    this.#nextCheck = STEP;
    return pieces;
  }
}

function wholeCharacters(text: string, limit: number): number {
  return /[\ud800-\udbff]/.test(text.charAt(limit - 1)) ? limit - 1 : limit;
}
