import { restartText } from '../../output/chat/retry.ts';
import type { Theme } from '../../output/text/theme.ts';
import { visibleTextStream } from '../../output/text/visible.ts';
import type { CompletionEvent } from '../../apis/completion.ts';
import { markdownTheme } from '../markdown/theme.ts';
import { createMarkdownRows } from '../markdown/markdown-rows.ts';
import { createPlainRows, type TextRows } from '../screen/plain-rows.ts';
import { startThinking, type Thinking } from './thinking.ts';

/** What to draw: blocks of final rows, which are written once, and the short open part below them. */
export interface FeedView {
  blocks: readonly (readonly string[])[];
  tail: readonly string[];
  hasStarted: boolean;
}

/**
 * Turns the events of a stream into rows for the screen in linear time. `take` returns the view. It is cheap to call for every
 * frame, however many tokens arrived in between.
 */
export interface AnswerFeed {
  /** Adds an event. If it returns a promise, wait for it before the next event: a part of the program is being loaded. */
  see: (event: CompletionEvent) => void | Promise<void>;
  hasStarted: () => boolean;
  resize: (width: number) => void;
  /**
   * Returns the view with at most the last `mostRows` rows of the open part, because the redrawn part must be lower than the
   * terminal.
   */
  take: (mostRows?: number) => FeedView;
  /** Completes the open part. */
  end: () => void;
}

export interface AnswerFeedOptions {
  /** Shows reasoning while it streams, and replaces it with one line when the answer begins. */
  showReasoning: boolean;
  /** Theme of the rows. Default: plain. Reasoning is dim. */
  theme?: Theme;
  /** Formats the text as Markdown instead of showing its source. Reasoning is always plain. */
  isMarkdown?: boolean;
  /** Maximum width of prose in columns. */
  prose?: number;
  monotonic: () => number;
}

export function createAnswerFeed(initialWidth: number, options: AnswerFeedOptions): AnswerFeed {
  const theme: Theme = options.theme ?? { hasColor: false, paint: (_, text) => text };
  let width = initialWidth;
  const openRows = (): TextRows =>
    options.isMarkdown === true
      ? createMarkdownRows(width, markdownTheme(theme), options.prose)
      : createPlainRows(width, (row) => row);
  let open = openRows();
  let visible = visibleTextStream();
  let thinking: Thinking | undefined;
  let blocks: readonly (readonly string[])[] = [];
  let fresh: string[] = [];
  let hasStarted = false;

  const thinkingWidth = (): number => Math.min(width, options.prose ?? width);
  const dim = (rows: readonly string[]): string[] => rows.map((row) => theme.paint(['dim'], row));
  const add = (rows: readonly string[]): void => {
    for (const row of rows) fresh.push(row);
  };
  const commit = (): void => {
    if (fresh.length === 0) return;
    blocks = [...blocks, fresh];
    fresh = [];
  };
  const fold = (): void => {
    // Separate the reasoning from the answer with an empty row.
    if (thinking !== undefined) add([...dim([thinking.folded()]), '']);
    thinking = undefined;
  };
  const endText = (): void => {
    add(open.push(visible.end()));
    add(open.end());
    // No answer followed, so show all of the reasoning.
    if (thinking !== undefined) add(dim(thinking.whole()));
    thinking = undefined;
  };
  /** Another model answers from the beginning. What is already on the screen stays above a warning. */
  const restart = (event: Extract<CompletionEvent, { type: 'fallback' }>): void => {
    endText();
    const notice = createPlainRows(width, (row) => theme.paint(['warning'], row));
    add([...notice.push(restartText(event)), ...notice.end(), '']);
    [open, visible] = [openRows(), visibleTextStream()];
  };
  const readOn = async (): Promise<void> => {
    for (let waiting = open.waiting(); waiting !== undefined; waiting = open.waiting()) {
      await waiting;
      add(open.push(''));
    }
  };

  return {
    see(event) {
      if (event.type === 'reasoning-delta' && options.showReasoning) {
        hasStarted = true;
        thinking ??= startThinking(thinkingWidth(), options.monotonic);
        thinking.push(event.text);
      } else if (event.type === 'text-delta' && event.text !== '') {
        hasStarted = true;
        fold();
        add(open.push(visible.push(event.text)));
        if (open.waiting() !== undefined) return readOn();
      } else if (event.type === 'fallback' && event.restarts === true) restart(event);
    },
    hasStarted: () => hasStarted,
    resize(next) {
      if (next === width) return;
      width = next;
      thinking?.resize(thinkingWidth());
      add(open.resize(width));
    },
    take(mostRows = Number.POSITIVE_INFINITY) {
      commit();
      const rows = [...open.tail(), ...dim(thinking?.tail() ?? [])];
      return { blocks, tail: rows.length > mostRows ? rows.slice(-mostRows) : rows, hasStarted };
    },
    end() {
      endText();
      commit();
    },
  };
}
