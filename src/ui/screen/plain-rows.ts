import { createRowWrapper, type Row } from '../../output/text/wrap-rows.ts';

/** Text that is received in pieces, as rows for the screen. Expects visible text (visible-text.ts). */
export interface TextRows {
  /** Takes the next piece and gives the rows that are final with it. */
  push: (text: string) => string[];
  /** The rows of what is still open, as they would be if nothing more came. */
  tail: () => string[];
  /** Until this resolves nothing is read on: a part of the program is being loaded. Then `push` again, if only with nothing. */
  waiting: () => Promise<void> | undefined;
  /** What is shown already stays as it is; gives the rows of the open part that are final in the new width. */
  resize: (width: number) => string[];
  /** Completes the text and starts anew. */
  end: () => string[];
}

/** Text as it is, wrapped by words. */
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
