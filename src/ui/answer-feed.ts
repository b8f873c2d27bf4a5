import type { Theme } from '../output/theme.ts';
import { visibleTextStream } from '../output/visible-text.ts';
import type { CompletionEvent } from '../providers/completion.ts';
import { lookOf } from './markdown/look.ts';
import { createMarkdownRows } from './markdown/markdown-rows.ts';
import { createPlainRows, type TextRows } from './plain-rows.ts';

/** Finished rows, to be written once and never again. */
export interface Block {
  kind: 'text' | 'reasoning';
  rows: readonly string[];
}

/** What is to be drawn: blocks that are final, and the short open part below them. */
export interface FeedView {
  blocks: readonly Block[];
  tail: Block | undefined;
  hasStarted: boolean;
}

/**
 * Turns a stream's events into rows for the screen, each character looked at once. `take` gives the view and is cheap to call at the
 * screen's pace, however many tokens came in between.
 */
export interface AnswerFeed {
  /** A promise is to be waited for before the next event: a part of the program is being loaded. */
  see: (event: CompletionEvent) => void | Promise<void>;
  resize: (width: number) => void;
  /** Of the open part only the last `mostRows` rows: what is drawn again must stay lower than the terminal. */
  take: (mostRows?: number) => FeedView;
  /** Completes the open part. */
  end: () => void;
}

export interface AnswerFeedOptions {
  showReasoning: boolean;
  /** Looks of the rows: without it they are plain. Reasoning is dim. */
  theme?: Theme;
  /** The text is Markdown and shown as what it means, not as its source. Reasoning is always plain. */
  isMarkdown?: boolean;
}

export function createAnswerFeed(initialWidth: number, options: AnswerFeedOptions): AnswerFeed {
  const theme: Theme = options.theme ?? { hasColor: false, paint: (_, text) => text };
  const look = lookOf(theme);
  let width = initialWidth;
  let kind: Block['kind'] = 'text';
  const rowsFor = (next: Block['kind']): TextRows => {
    if (next === 'reasoning') return createPlainRows(width, (row) => theme.paint(['dim'], row));
    return options.isMarkdown === true ? createMarkdownRows(width, look) : createPlainRows(width, (row) => row);
  };
  let open = rowsFor(kind);
  let visible = visibleTextStream();
  let blocks: readonly Block[] = [];
  let fresh: string[] = [];
  let hasStarted = false;

  const add = (rows: readonly string[]): void => {
    for (const row of rows) fresh.push(row);
  };
  const commit = (): void => {
    if (fresh.length === 0) return;
    blocks = [...blocks, { kind, rows: fresh }];
    fresh = [];
  };
  const close = (): void => {
    add(open.push(visible.end()));
    add(open.end());
    visible = visibleTextStream();
  };
  const switchTo = (next: Block['kind']): void => {
    if (kind === next) return;
    close();
    // An empty row between thinking and saying.
    if (hasStarted) fresh.push('');
    commit();
    kind = next;
    open = rowsFor(kind);
  };
  const readOn = async (): Promise<void> => {
    for (let waiting = open.waiting(); waiting !== undefined; waiting = open.waiting()) {
      await waiting;
      add(open.push(''));
    }
  };
  const push = (next: Block['kind'], text: string): void | Promise<void> => {
    switchTo(next);
    hasStarted = true;
    add(open.push(visible.push(text)));
    if (open.waiting() !== undefined) return readOn();
  };

  return {
    see(event) {
      if (event.type === 'text-delta') return push('text', event.text);
      if (event.type === 'reasoning-delta' && options.showReasoning) return push('reasoning', event.text);
    },
    resize(next) {
      if (next === width) return;
      width = next;
      add(open.resize(width));
    },
    take(mostRows = Number.POSITIVE_INFINITY) {
      commit();
      const rows = open.tail();
      const shown = rows.length > mostRows ? rows.slice(-mostRows) : rows;
      return { blocks, tail: shown.length === 0 ? undefined : { kind, rows: shown }, hasStarted };
    },
    end() {
      close();
      commit();
    },
  };
}
