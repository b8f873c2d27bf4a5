import { render, Text } from 'ink';
import { type ReactElement, useEffect, useState } from 'react';
import type { CompletionEvent } from '../../apis/completion.ts';
import { countDown, isWait } from '../../output/chat/retry.ts';
import { secondsText } from '../../output/text/number.ts';
import { drawing } from '../../output/text/terminal-border.ts';
import type { Theme } from '../../output/text/theme.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { createAnswerFeed } from './answer-feed.ts';
import { endlessRows, inkErase, synchronized } from '../screen/ink-writes.ts';
import { createLivePart } from './live-part.ts';

/** Frame interval in ms while text arrives. Faster frames would not be noticed and would cost time. */
const FRAME_MS = 80;
/** Frame interval of the waiting line in ms. */
const SPINNER_MS = 100;
/** Rows that the open part of an answer leaves free. */
const ROWS_BELOW = 3;
/** After this many frames, everything that an answer needs is loaded, except the colors of languages. */
const FIRST_FRAMES = 10;
/** After these events, parts of the program may be loaded. */
const ENDS: ReadonlySet<CompletionEvent['type']> = new Set(['response-end', 'retry', 'dropped', 'fallback']);
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
  /** Prepares the process to draw a long answer, until the returned function is called. No part of the program is loaded meanwhile. */
  drawLong: () => () => void;
}

/**
 * Draws one answer on a terminal while it streams. Never clears the screen, and draws only the open rows more than once. Ink draws
 * the waiting line and the open rows. Final rows are written above them, in the same write: they need no layout.
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
  /** Final rows that the next output of Ink takes along. */
  let final = '';
  /** The open rows that Ink draws. Undefined: the waiting line. */
  let open: string | undefined;
  let isResized = false;
  let redraw: (() => void) | undefined;
  let frames = 0;
  let isAnswering = false;
  let endLong: (() => void) | undefined;

  const waiting = (): string => {
    const elapsed = monotonic() - start;
    const mark = SPINNER[Math.floor(elapsed / SPINNER_MS) % SPINNER.length];
    const text = visibleLine(`${mark} ${options.model} · ${wait?.() ?? `${phase} ${secondsText(elapsed)}`}`);
    return options.theme.paint(['dim'], text);
  };

  function App(): ReactElement | null {
    const [, setTick] = useState(0);
    useEffect(() => {
      redraw = () => setTick((tick) => tick + 1);
      const spin = setInterval(() => (open === undefined ? redraw?.() : clearInterval(spin)), SPINNER_MS);
      return () => clearInterval(spin);
    }, []);
    const text = open ?? waiting();
    return text === '' ? null : <Text wrap="truncate">{text}</Text>;
  }

  const instance = render(<App />, {
    stdout: endlessRows(stdout, (written) => {
      if (!isFrame(written)) return live.rewrite(written);
      const above = final;
      final = '';
      return live.rewrite(written, above);
    }),
    stdin: options.stdin,
    exitOnCtrlC: false,
    patchConsole: false,
    isScreenReaderEnabled: false,
  });

  /** Writes final rows that no output of Ink will take along. */
  const insert = (): void => {
    drawing(stdout).write(synchronized(live.insert(final)));
    final = '';
  };
  /** Returns the open rows, and adds those that have become final. */
  const take = (): string => {
    const { rows, tail } = feed.take(mostRows());
    if (rows.length > 0) final += `${textOf(rows)}\n`;
    return textOf(tail);
  };
  const write = (): void => {
    const next = take();
    if (next === open) {
      // Ink writes nothing if its frame is the same. After a resize, the terminal may have broken its rows in two.
      if (final !== '' || isResized) insert();
    } else {
      open = next;
      redraw?.();
    }
    isResized = false;
  };
  const drawShort = (): void => {
    endLong?.();
    endLong = undefined;
  };
  const draw = (): void => {
    timer = undefined;
    if (!feed.hasStarted()) return;
    write();
    drawnAt = monotonic();
    frames += 1;
    if (feed.waiting() !== undefined) drawShort();
    else if (frames > FIRST_FRAMES && isAnswering) endLong ??= options.drawLong();
    // More rows follow when the colors of a language are loaded.
    void feed.waiting()?.then(drawSoon);
  };
  const drawSoon = (): void => {
    timer ??= setTimeout(draw, Math.max(0, drawnAt + FRAME_MS - monotonic()));
  };
  const onResize = (): void => {
    feed.resize(width());
    isResized = true;
    drawSoon();
  };
  stdout.on('resize', onResize);

  return {
    see(event) {
      const pending = feed.see(event);
      wait = isWait(event) ? countDown(event, monotonic) : undefined;
      if (event.type === 'heartbeat') phase = 'routing';
      else if (event.type === 'response-start') [phase, isAnswering] = ['thinking', true];
      else drawSoon();
      if (ENDS.has(event.type)) {
        isAnswering = false;
        drawShort();
      }
      return pending;
    },
    async end() {
      drawShort();
      await feed.end();
      clearTimeout(timer);
      stdout.off('resize', onResize);
      // What was read last may not be drawn yet: rows that are inserted here would have an old frame below them, for a moment.
      open = take();
      // A change of state is drawn in a later turn of the event loop, this immediately: Ink's last frame must be that of the whole answer.
      instance.rerender(<App />);
      instance.unmount();
      await instance.waitUntilExit();
      if (final !== '') insert();
    },
  };
}

/** Returns whether an output of Ink draws rows, or erases those it has drawn. */
function isFrame(written: string): boolean {
  return inkErase(written) !== undefined || written.includes('\n');
}

/** Returns rows as they are written. Blanks at the end of a row are not part of the text. */
function textOf(rows: readonly string[]): string {
  return rows.map((row) => row.trimEnd()).join('\n');
}
