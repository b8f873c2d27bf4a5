import { estimateTokens } from '../../core/tokens/estimate-tokens.ts';
import { countText } from '../../output/text/number.ts';
import { visibleTextStream } from '../../output/text/visible.ts';
import { createRowWrapper } from '../../output/text/wrap-rows.ts';

/** Renders the reasoning of a model: its last rows while it streams, and one line when the answer begins. */
export interface Thinking {
  push: (text: string) => void;
  resize: (width: number) => void;
  /** Returns the last rows. */
  tail: () => readonly string[];
  /** Returns the line that replaces the reasoning when an answer begins. */
  folded: () => string;
  /** Returns all rows of the reasoning, for when no answer follows. */
  whole: () => readonly string[];
}

/** Rows of reasoning that are shown while it streams. */
const SHOWN_ROWS = 4;
const SECOND_MS = 1000;

export function startThinking(initialWidth: number, monotonic: () => number): Thinking {
  const startedAt = monotonic();
  const visible = visibleTextStream();
  let width = initialWidth;
  let wrapper = createRowWrapper(width);
  let rows: string[] = [];
  let tokens = 0;
  const pieces: string[] = [];
  return {
    push(text) {
      tokens += estimateTokens(text);
      const shown = visible.push(text);
      pieces.push(shown);
      rows = [...rows, ...wrapper.push(shown).map((row) => row.text)].slice(-SHOWN_ROWS);
    },
    resize(next) {
      const open = wrapper.tail().map((row) => row.text + row.after);
      width = next;
      wrapper = createRowWrapper(width);
      rows = wrapper.push([...rows.map((row) => `${row} `), ...open].join('')).map((row) => row.text);
    },
    tail: () => [...rows, ...wrapper.tail().map((row) => row.text)].slice(-SHOWN_ROWS),
    folded() {
      const seconds = Math.max(1, Math.round((monotonic() - startedAt) / SECOND_MS));
      return `▸ reasoned for ${seconds} s (about ${countText(tokens)} tokens)`;
    },
    whole() {
      const all = createRowWrapper(width);
      return [...all.push(pieces.join('') + visible.end()), ...all.end()].map((row) => row.text);
    },
  };
}
