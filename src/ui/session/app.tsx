import { render, Static, Text, useCursor } from 'ink';
import { memo, type ReactElement, useLayoutEffect, useState } from 'react';
import { LinesScreen } from '../screen/lines-screen.tsx';
import { endlessRows } from '../screen/ink-writes.ts';
import { drawing } from '../../output/text/terminal-border.ts';
import type { Theme } from '../../output/text/theme.ts';
import { type Line, paintTone } from '../screen/line.ts';
import { createLivePart } from '../chat/live-part.ts';
import { sessionFrame, type SessionView } from './frame.ts';

/** The conversation on the terminal: a transcript that only grows, and a short live part below it. */
export interface SessionScreen {
  /** Appends lines to the transcript. */
  print: (lines: readonly Line[]) => void;
  /** Redraws the view. Use `soon` for changes that happen many times a second: they are drawn with the next frame. */
  redraw: (when: 'now' | 'soon') => void;
  /** Removes the live part while `work` uses the terminal, and draws it again below the output of `work`. */
  suspend: <T>(work: () => Promise<T>) => Promise<T>;
  /** Removes the live part permanently. */
  close: () => Promise<void>;
}

export interface SessionScreenOptions {
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  theme: Theme;
  /** Returns what to draw. Must be cheap, because it is called for every frame. */
  view: () => SessionView;
  /** Called after the screen's size has changed, before the redraw. */
  onResize: () => void;
}

/** Frame interval in ms while an answer arrives. Faster frames would not be noticed and would cost time. */
const FRAME_MS = 80;
/** Ink's frames per second. They limit how soon a key press is shown. */
const MOST_FRAMES = 60;
const UP = '\u001b[A';

export function openSessionScreen(options: SessionScreenOptions): SessionScreen {
  const { stdin, stdout } = options;
  let mounted: Mounted | undefined = mount(options);
  let isClosed = false;
  let waiting: Line[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  const draw = (): void => {
    clearTimeout(timer);
    timer = undefined;
    // While `suspend` has given the terminal away, lines wait.
    if (mounted !== undefined) mounted.draw(waiting.splice(0));
  };
  const unmount = async (): Promise<void> => {
    draw();
    const last = mounted;
    mounted = undefined;
    await last?.end();
  };
  return {
    print(lines) {
      waiting.push(...lines);
      timer ??= setTimeout(draw, FRAME_MS);
    },
    redraw(when) {
      if (when === 'now') draw();
      else timer ??= setTimeout(draw, FRAME_MS);
    },
    async suspend(work) {
      await unmount();
      try {
        return await work();
      } finally {
        if (!isClosed) mounted = mount({ ...options, stdin, stdout });
        draw();
      }
    },
    async close() {
      isClosed = true;
      await unmount();
      waiting = [];
    },
  };
}

interface Mounted {
  draw: (printed: readonly Line[]) => void;
  end: () => Promise<void>;
}

function mount({ stdin, stdout, theme, view, onResize }: SessionScreenOptions): Mounted {
  let blocks: readonly (readonly Line[])[] = [];
  let isEnding = false;
  const live = createLivePart(() => stdout.getWindowSize()[0]);
  let columns = stdout.columns;
  let update: (() => void) | undefined;

  function App(): ReactElement {
    const [, setTick] = useState(0);
    const { setCursorPosition } = useCursor();
    useLayoutEffect(() => {
      update = () => setTick((tick) => tick + 1);
      return () => (update = undefined);
    }, []);
    const frame = isEnding ? undefined : sessionFrame(view(), { columns: stdout.columns, rows: stdout.rows });
    setCursorPosition(frame?.cursor);
    return (
      <>
        <Transcript blocks={blocks} theme={theme} />
        {frame === undefined ? null : <LinesScreen lines={frame.lines} theme={theme} />}
      </>
    );
  }

  // Runs before Ink handles the resize. When there are fewer columns, Ink redraws everything itself.
  const resized = (): void => {
    if (stdout.columns >= columns) drawing(stdout).write(live.redraw(stdout.rows));
    columns = stdout.columns;
    onResize();
    update?.();
  };
  stdout.on('resize', resized);
  const instance = render(<App />, {
    stdin,
    stdout: endlessRows(stdout, live.rewrite),
    exitOnCtrlC: false,
    patchConsole: false,
    maxFps: MOST_FRAMES,
  });
  return {
    draw(printed) {
      if (printed.length > 0) blocks = [...blocks, printed];
      update?.();
    },
    async end() {
      stdout.off('resize', resized);
      isEnding = true;
      // A change of state is drawn in a later turn of the event loop, this immediately: the last lines must be written before the terminal is released.
      instance.rerender(<App />);
      instance.unmount();
      await instance.waitUntilExit();
      // Ink leaves an empty row in place of the live part.
      drawing(stdout).write(UP);
    },
  };
}

interface TranscriptProps {
  blocks: readonly (readonly Line[])[];
  theme: Theme;
}

// Without memo, every frame would write through <Static> and bypass Ink's frame limit.
const Transcript = memo(function Transcript({ blocks, theme }: TranscriptProps): ReactElement {
  return <Static items={[...blocks]}>{(lines, index) => <Text key={index}>{blockText(lines, theme)}</Text>}</Static>;
});

/**
 * Returns the lines as one text, because Ink lays out each text separately. The rows fit, unless the screen has become narrower:
 * then they wrap.
 */
function blockText(lines: readonly Line[], theme: Theme): string {
  // An empty row must still take up a row.
  return lines.map((line) => line.map(({ text, tone }) => paintTone(text, tone, theme)).join('') || ' ').join('\n');
}
