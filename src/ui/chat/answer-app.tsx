import { render } from 'ink';
import { type ReactElement, useEffect, useState } from 'react';
import type { CompletionEvent } from '../../apis/completion.ts';
import { countDown, isWait } from '../../output/chat/retry.ts';
import { secondsText } from '../../output/text/number.ts';
import type { Theme } from '../../output/text/theme.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { createAnswerFeed } from './answer-feed.ts';
import { AnswerScreen } from './answer-screen.tsx';
import { endlessRows } from '../screen/ink-writes.ts';
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

/** Draws one answer on a terminal while it streams. Never clears the screen, and draws only the open rows more than once. */
export function showLiveAnswer(options: LiveAnswerOptions): LiveAnswer {
  const { stdout } = options;
  // Leave one column free: after a row that is exactly full, terminals disagree about the cursor's position.
  const width = (): number => Math.max(10, (stdout.columns ?? 80) - 1);
  // Rows above the terminal's upper edge cannot be drawn again.
  const mostRows = (): number => Math.max(1, (stdout.rows ?? 24) - ROWS_BELOW);
  const feed = createAnswerFeed(width(), options);
  const start = options.monotonic();
  let phase = 'connecting';
  /** Returns the failure and the time to the next attempt, until another event arrives. */
  let wait: (() => string) | undefined;
  let isOver = false;
  let redraw: (() => void) | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const draw = (): void => {
    timer = undefined;
    redraw?.();
  };
  const waiting = (): string => {
    const elapsed = options.monotonic() - start;
    const mark = SPINNER[Math.floor(elapsed / SPINNER_MS) % SPINNER.length];
    const text = visibleLine(`${mark} ${options.model} · ${wait?.() ?? `${phase} ${secondsText(elapsed)}`}`);
    return options.theme.paint(['dim'], text);
  };

  function App(): ReactElement {
    const [view, setView] = useState(() => feed.take(mostRows()));
    const [line, setLine] = useState<string | undefined>(waiting);
    useEffect(() => {
      redraw = () => {
        setView(feed.take(mostRows()));
        if (isOver) setLine(undefined);
      };
      redraw();
      return () => (redraw = undefined);
    }, []);
    useEffect(() => {
      if (view.hasStarted) return;
      const spin = setInterval(() => setLine(waiting()), SPINNER_MS);
      return () => clearInterval(spin);
    }, [view.hasStarted]);
    return <AnswerScreen view={view} waiting={line} />;
  }

  const onResize = (): void => feed.resize(width());
  stdout.on('resize', onResize);
  const instance = render(<App />, {
    stdout: endlessRows(stdout, createLivePart(() => stdout.getWindowSize()[0]).rewrite),
    stdin: options.stdin,
    exitOnCtrlC: false,
    patchConsole: false,
    isScreenReaderEnabled: false,
  });

  return {
    see(event) {
      const pending = feed.see(event);
      wait = isWait(event) ? countDown(event, options.monotonic) : undefined;
      if (event.type === 'heartbeat') phase = 'routing';
      else if (event.type === 'response-start') phase = 'thinking';
      else timer ??= setTimeout(draw, FRAME_MS);
      return pending;
    },
    async end() {
      clearTimeout(timer);
      stdout.off('resize', onResize);
      isOver = true;
      feed.end();
      redraw?.();
      // React draws in a later turn of the event loop. The last rows must be written before the terminal is released.
      await new Promise((resolve) => setTimeout(resolve, 0));
      instance.unmount();
      await instance.waitUntilExit();
    },
  };
}
