import { restartText } from '../../output/chat/retry.ts';
import type { Theme } from '../../output/text/theme.ts';
import { visibleTextStream } from '../../output/text/visible.ts';
import type { CompletionEvent } from '../../apis/completion.ts';
import { markdownTheme } from '../markdown/theme.ts';
import { createMarkdownRows } from '../markdown/markdown-rows.ts';
import { createPlainRows, type TextRows } from '../screen/plain-rows.ts';
import { startThinking, type Thinking } from './thinking.ts';

/** What to draw: the rows that have become final since the last time, and the short open part below them. */
export interface FeedView {
  rows: readonly string[];
  tail: readonly string[];
}

/**
 * Turns the events of a stream into rows for the screen in linear time. Text is only kept until `take` or `takeRows` reads it: once
 * for each frame, not for each token.
 */
export interface AnswerFeed {
  /** Adds an event. If it returns a promise, wait for it before the next event: a part of the program is being loaded. */
  see: (event: CompletionEvent) => void | Promise<void>;
  /** Returns a promise while a part of the program is being loaded: the next `take` after it has more rows. */
  waiting: () => Promise<void> | undefined;
  hasStarted: () => boolean;
  resize: (width: number) => void;
  /** Reads the text that has arrived. Returns the rows that have become final. */
  takeRows: () => FeedView['rows'];
  /**
   * Returns the open part of the text that was read, at most its last `mostRows` rows, because the redrawn part must be lower than
   * the terminal.
   */
  tail: (mostRows?: number) => FeedView['tail'];
  /** Does both. */
  take: (mostRows?: number) => FeedView;
  /** Completes the open part. If it returns a promise, wait for it before the last `take`. */
  end: () => void | Promise<void>;
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

/** Creates the feed of one answer, for a screen of `initialWidth` columns. */
export function createAnswerFeed(initialWidth: number, options: AnswerFeedOptions): AnswerFeed {
  const theme: Theme = options.theme ?? { hasColor: false, paint: (_, text) => text, style: (_, text) => text };
  let width = initialWidth;
  const openRows = (): TextRows =>
    options.isMarkdown === true
      ? createMarkdownRows(width, markdownTheme(theme), options.prose)
      : createPlainRows(width, (row) => row);
  let open = openRows();
  let visible = visibleTextStream();
  let thinking: Thinking | undefined;
  let rows: string[] = [];
  /** Text that has arrived and is not read yet. */
  let unread = '';
  let hasStarted = false;

  const thinkingWidth = (): number => Math.min(width, options.prose ?? width);
  const dim = (rows: readonly string[]): string[] => rows.map((row) => theme.paint(['dim'], row));
  const add = (made: readonly string[]): void => {
    for (const row of made) rows.push(row);
  };
  const read = (): void => {
    // An empty text continues after a part of the program was loaded.
    add(open.push(visible.push(unread)));
    unread = '';
  };
  const readOn = async (next: () => void): Promise<void> => {
    for (let loading = open.waiting(); loading !== undefined; loading = open.waiting()) {
      await loading;
      read();
    }
    next();
  };
  /** Calls `next` when everything that has arrived is read. */
  const afterAll = (next: () => void): void | Promise<void> => {
    read();
    return open.waiting() === undefined ? next() : readOn(next);
  };
  const fold = (): void => {
    if (thinking === undefined) return;
    read();
    // Separate the reasoning from the answer with an empty row.
    add([...dim([thinking.folded()]), '']);
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
  const takeRows = (): readonly string[] => {
    read();
    const taken = rows;
    rows = [];
    return taken;
  };
  const tail = (mostRows = Number.POSITIVE_INFINITY): readonly string[] => {
    const all = thinking === undefined ? open.tail() : [...open.tail(), ...dim(thinking.tail())];
    return all.length > mostRows ? all.slice(-mostRows) : all;
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
        unread += event.text;
        return open.waiting();
      } else if (event.type === 'fallback' && event.restarts === true) return afterAll(() => restart(event));
    },
    waiting: () => open.waiting(),
    hasStarted: () => hasStarted,
    resize(next) {
      if (next === width) return;
      // Rows of the old width, as if they had been drawn before.
      read();
      width = next;
      thinking?.resize(thinkingWidth());
      add(open.resize(width));
    },
    takeRows,
    tail,
    take: (mostRows) => ({ rows: takeRows(), tail: tail(mostRows) }),
    end: () => afterAll(endText),
  };
}
