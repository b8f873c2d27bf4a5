import type { Row } from '../../output/text/open-line.ts';
import { createRowWrapper } from '../../output/text/wrap-rows.ts';

/** Turns text that arrives in pieces into rows for the screen. Expects visible text (visible.ts). */
export interface TextRows {
  /** Adds a piece and returns the rows that are now final. */
  push: (text: string) => string[];
  /** Returns the rows of the open part as if nothing more arrived. */
  tail: () => string[];
  /**
   * Returns a promise while a part of the program is being loaded. Nothing is read until it resolves; then call `push` again,
   * with empty text if there is no more.
   */
  waiting: () => Promise<void> | undefined;
  /**
   * Uses another width. Rows that were returned stay as they are. Returns the rows of the open part that are final in the new
   * width.
   */
  resize: (width: number) => string[];
  /** Completes the text. The next piece starts a new one. */
  end: () => string[];
}

/** Returns rows of unchanged text, wrapped at words. */
export function createPlainRows(width: number, paint: (row: string) => string): TextRows {
  let wrapper = createRowWrapper(width);
  const painted = (rows: readonly Row[]): string[] => rows.map((row) => paint(row.text));
  return {
    push: (text) => painted(wrapper.push(text)),
    tail: () => painted(wrapper.tail()),
    waiting: () => undefined,
    resize(next) {
      const open = wrapper
        .tail()
        .map((row) => row.text + row.after)
        .join('');
      wrapper = createRowWrapper(next);
      return painted(wrapper.push(open));
    },
    end: () => painted(wrapper.end()),
  };
}
