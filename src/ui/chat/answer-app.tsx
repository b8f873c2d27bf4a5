import { render, Text } from 'ink';
import { type ReactElement, useEffect, useState } from 'react';
import type { CompletionEvent } from '../../apis/completion.ts';
import { countDown, isWait } from '../../output/chat/retry.ts';
import { secondsText } from '../../output/text/number.ts';
import { drawing } from '../../output/text/terminal-border.ts';
import type { Theme } from '../../output/text/theme.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { createAnswerFeed } from './answer-feed.ts';
import { endlessRows, SHOW_CURSOR, synchronized } from '../screen/ink-writes.ts';
import { createLivePart } from './live-part.ts';

/** Frame interval in ms while text arrives. Faster frames would not be noticed and would cost time. */
const FRAME_MS = 80;
/** Frame interval of the waiting line in ms. */
const SPINNER_MS = 100;
/** Rows that the open part of an answer leaves free. */
const ROWS_BELOW = 3;
const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

export interface LiveAnswer {
  see: (event: CompletionEvent) => void | Promise<void>;
  /** Draws the remaining rows and releases the terminal. */
  end: () => Promise<void>;
}

export interface LiveAnswerOptions {
  stdout: NodeJS.WriteStream;
  stdin: NodeJS.ReadStream;
  /** The requested model, for the waiting line. */
  model: string;
  monotonic: () => number;
  showReasoning: boolean;
  theme: Theme;
  /** Formats the answer's Markdown instead of showing its source. */
  isMarkdown: boolean;
  /** Maximum width of prose in columns. */
  prose: number;
}

/**
 * Draws one answer on a terminal while it streams. Never clears the screen, and draws only the open rows more than once. Ink draws the
 * waiting line. The rows of the answer are written directly: they need no layout, and a frame of Ink costs many times as much.
 */
export function showLiveAnswer(options: LiveAnswerOptions): LiveAnswer {
  const { stdout, monotonic } = options;
  // Leave one column free: after a row that is exactly full, terminals disagree about the cursor's position.
  const width = (): number => Math.max(10, (stdout.columns ?? 80) - 1);
  // Rows above the terminal's upper edge cannot be drawn again.
  const mostRows = (): number => Math.max(1, (stdout.rows ?? 24) - ROWS_BELOW);
  const feed = createAnswerFeed(width(), options);
  const live = createLivePart(() => stdout.getWindowSize()[0]);
  const start = monotonic();
  let phase = 'connecting';
  /** Returns the failure and the time to the next attempt, until another event arrives. */
  let wait: (() => string) | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let drawnAt = Number.NEGATIVE_INFINITY;
  /** The open rows that were written last. Undefined: none, and the waiting line is shown. */
  let shown: string | undefined;

  const waiting = (): string | undefined => {
    if (shown !== undefined) return undefined;
    const elapsed = monotonic() - start;
    const mark = SPINNER[Math.floor(elapsed / SPINNER_MS) % SPINNER.length];
    const text = visibleLine(`${mark} ${options.model} · ${wait?.() ?? `${phase} ${secondsText(elapsed)}`}`);
    return options.theme.paint(['dim'], text);
  };
  const instance = render(<WaitingLine text={waiting} />, {
    // Once rows replace the waiting line, Ink only shows the cursor again at the end.
    stdout: endlessRows(stdout, (output) => (shown === undefined ? live.rewrite(output) : output === SHOW_CURSOR ? output : '')),
    stdin: options.stdin,
    exitOnCtrlC: false,
    patchConsole: false,
    isScreenReaderEnabled: false,
  });

  /** Writes the rows that are final, and the open rows below them. */
  const write = (): void => {
    const { rows, tail } = feed.take(mostRows());
    const open = textOf(tail);
    if (rows.length === 0 && open === shown) return;
    drawing(stdout).write(synchronized(live.replace(rows.length === 0 ? '' : textOf(rows), open)));
    shown = open;
  };
  const draw = (): void => {
    timer = undefined;
    if (!feed.hasStarted()) return;
    write();
    drawnAt = monotonic();
    // More rows follow when the colors of a language are loaded.
    void feed.waiting()?.then(drawSoon);
  };
  const drawSoon = (): void => {
    timer ??= setTimeout(draw, Math.max(0, drawnAt + FRAME_MS - monotonic()));
  };
  const onResize = (): void => {
    feed.resize(width());
    if (shown === undefined) return;
    // The terminal may have broken the rows in two, so they are written again even if they stay the same.
    shown = '';
    drawSoon();
  };
  stdout.on('resize', onResize);

  return {
    see(event) {
      const pending = feed.see(event);
      wait = isWait(event) ? countDown(event, monotonic) : undefined;
      if (event.type === 'heartbeat') phase = 'routing';
      else if (event.type === 'response-start') phase = 'thinking';
      else drawSoon();
      return pending;
    },
    async end() {
      await feed.end();
      clearTimeout(timer);
      stdout.off('resize', onResize);
      write();
      instance.unmount();
      await instance.waitUntilExit();
    },
  };
}

/** Shows what orx waits for, as long as `text` returns something. */
function WaitingLine({ text }: { text: () => string | undefined }): ReactElement | null {
  const [line, setLine] = useState(text);
  const isWaiting = line !== undefined;
  useEffect(() => {
    if (!isWaiting) return;
    const spin = setInterval(() => setLine(text()), SPINNER_MS);
    return () => clearInterval(spin);
  }, [isWaiting, text]);
  return isWaiting ? <Text wrap="truncate">{line}</Text> : null;
}

/** Returns rows as they are written. Blanks at the end of a row are not part of the text. */
function textOf(rows: readonly string[]): string {
  return `${rows.map((row) => row.trimEnd()).join('\n')}\n`;
}
