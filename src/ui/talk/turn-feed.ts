import { estimateTokens } from '../../core/tokens/estimate-tokens.ts';
import { countText } from '../../output/number-text.ts';
import { visibleTextStream } from '../../output/visible-text.ts';
import type { Theme } from '../../output/theme.ts';
import type { CompletionEvent } from '../../providers/completion.ts';
import { createAnswerFeed } from '../answer-feed.ts';
import type { Line, Tone } from '../line.ts';
import { createRowWrapper } from '../wrap-rows.ts';

/** One answer of a conversation on its way to the screen. */
export interface TurnFeed {
  /** A promise is to be waited for before the next event: a part of the program is being loaded. */
  see: (event: CompletionEvent) => void | Promise<void>;
  resize: (width: number) => void;
  /** Rows that became final since the last call, to be written once. */
  takeFinished: () => readonly Line[];
  /** The open end. */
  tail: () => readonly Line[];
  hasStarted: () => boolean;
  /** Completes the open part; what became final with it comes with takeFinished. */
  end: () => void;
}

export interface TurnFeedOptions {
  width: number;
  showsReasoning: boolean;
  theme: Theme;
  /** Shows what the answer's Markdown means, instead of its source. */
  isMarkdown: boolean;
  monotonic: () => number;
}

/** While a model thinks, so many rows of it are seen; afterwards one line tells of it. */
const REASONING_ROWS = 4;

export function createTurnFeed(options: TurnFeedOptions): TurnFeed {
  const answer = createAnswerFeed(options.width, { ...options, showReasoning: false });
  let taken = 0;
  let finished: Line[] = [];
  let hasStarted = false;
  let width = options.width;
  let thinking: Thinking | undefined;

  const fold = (): void => {
    if (thinking === undefined) return;
    finished.push(thinking.folded(options.monotonic()), []);
    thinking = undefined;
  };
  return {
    see(event) {
      if (event.type === 'reasoning-delta' && options.showsReasoning) {
        hasStarted = true;
        thinking ??= startThinking(width, options.monotonic());
        thinking.push(event.text);
      } else if (event.type === 'text-delta') {
        hasStarted = true;
        fold();
        return answer.see(event);
      }
    },
    resize(next) {
      width = next;
      answer.resize(next);
      thinking?.resize(next);
    },
    takeFinished() {
      const { blocks } = answer.take();
      const rows = blocks.slice(taken).flatMap((block) => linesOf(block.rows, 'plain'));
      taken = blocks.length;
      const lines = [...finished, ...rows];
      finished = [];
      return lines;
    },
    tail: () => thinking?.tail() ?? linesOf(answer.take().tail?.rows ?? [], 'plain'),
    hasStarted: () => hasStarted,
    end() {
      fold();
      answer.end();
    },
  };
}

function linesOf(rows: readonly string[], tone: Tone): Line[] {
  return rows.map((text) => [{ text, tone }]);
}

interface Thinking {
  push: (text: string) => void;
  resize: (width: number) => void;
  tail: () => readonly Line[];
  folded: (now: number) => Line;
}

function startThinking(width: number, startedAt: number): Thinking {
  const visible = visibleTextStream();
  let wrapper = createRowWrapper(width);
  let rows: string[] = [];
  let tokens = 0;
  return {
    push(text) {
      tokens += estimateTokens(text);
      rows = [...rows, ...wrapper.push(visible.push(text)).map((row) => row.text)].slice(-REASONING_ROWS);
    },
    resize(next) {
      const open = wrapper.tail().map((row) => row.text + row.after);
      wrapper = createRowWrapper(next);
      rows = wrapper.push([...rows.map((row) => `${row} `), ...open].join('')).map((row) => row.text);
    },
    tail: () => linesOf([...rows, ...wrapper.tail().map((row) => row.text)].slice(-REASONING_ROWS), 'dim'),
    folded(now) {
      const seconds = Math.max(1, Math.round((now - startedAt) / 1000));
      return [{ text: `▸ thought for ${seconds} s (about ${countText(tokens)} tokens)`, tone: 'dim' }];
    },
  };
}
