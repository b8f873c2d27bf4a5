import { visibleTextStream } from '../output/visible-text.ts';
import type { CompletionEvent } from '../providers/completion.ts';
import { createRowWrapper, type Row, type RowWrapper } from './wrap-rows.ts';

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
  see: (event: CompletionEvent) => void;
  resize: (width: number) => void;
  take: () => FeedView;
  /** Completes the open part. */
  end: () => void;
}

export function createAnswerFeed(initialWidth: number, options: { showReasoning: boolean }): AnswerFeed {
  let width = initialWidth;
  let kind: Block['kind'] = 'text';
  let wrapper: RowWrapper = createRowWrapper(width);
  let visible = visibleTextStream();
  let blocks: readonly Block[] = [];
  let fresh: string[] = [];
  let hasStarted = false;

  const add = (rows: readonly Row[]): void => {
    for (const row of rows) fresh.push(row.text);
  };
  const commit = (): void => {
    if (fresh.length === 0) return;
    blocks = [...blocks, { kind, rows: fresh }];
    fresh = [];
  };
  const close = (): void => {
    add(wrapper.push(visible.end()));
    add(wrapper.end());
    visible = visibleTextStream();
  };
  const switchTo = (next: Block['kind']): void => {
    if (kind === next) return;
    close();
    // An empty row between thinking and saying.
    if (hasStarted) fresh.push('');
    commit();
    kind = next;
  };
  const push = (next: Block['kind'], text: string): void => {
    switchTo(next);
    hasStarted = true;
    add(wrapper.push(visible.push(text)));
  };

  return {
    see(event) {
      if (event.type === 'text-delta') push('text', event.text);
      else if (event.type === 'reasoning-delta' && options.showReasoning) push('reasoning', event.text);
    },
    resize(next) {
      if (next === width) return;
      width = next;
      const open = wrapper
        .tail()
        .map((row) => row.text + row.after)
        .join('');
      wrapper = createRowWrapper(width);
      add(wrapper.push(open));
    },
    take() {
      commit();
      const rows = wrapper.tail().map((row) => row.text);
      return { blocks, tail: rows.length === 0 ? undefined : { kind, rows }, hasStarted };
    },
    end() {
      close();
      commit();
    },
  };
}
