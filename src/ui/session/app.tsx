import { render, Static, Text, useCursor } from 'ink';
import { memo, type ReactElement, useLayoutEffect, useState } from 'react';
import { LinesScreen } from '../screen/lines-screen.tsx';
import { endlessRows } from '../screen/ink-writes.ts';
import { drawing } from '../../output/text/terminal-border.ts';
import type { Theme } from '../../output/text/theme.ts';
import { type Line, paintTone } from '../screen/line.ts';
import { createLivePart } from '../chat/live-part.ts';
import { sessionFrame, type SessionView } from './frame.ts';

/** The conversation's place on the terminal: a transcript that only grows, and a short live part below it. */
export interface SessionScreen {
  /** Writes lines to the transcript, once and for all. */
  print: (lines: readonly Line[]) => void;
  /** The view has changed. `soon`: with the next frame, for what changes many times a second. */
  redraw: (when: 'now' | 'soon') => void;
  /** Takes the live part away while something else has the terminal, and draws it again below what that left. */
  suspend: <T>(work: () => Promise<T>) => Promise<T>;
  /** Takes the live part away for good. */
  close: () => Promise<void>;
}

export interface SessionScreenOptions {
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  theme: Theme;
  /** What to draw; cheap enough to be asked for with every frame. */
  view: () => SessionView;
  /** The screen has another size: before it is drawn anew. */
  onResize: () => void;
}

/** Frame interval while an answer comes: faster is not seen, and each frame costs. */
const FRAME_MS = 80;
/** Ink's own limit, which is what a key press may have to wait for. */
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
    // While somebody else has the terminal, lines wait.
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

  // Before Ink hears of it, which draws all of it again by itself when there are fewer columns.
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
      update?.();
      // React draws on a turn of its own; the last rows must be out before the terminal is given back.
      await new Promise((resolve) => setTimeout(resolve, 0));
      instance.unmount();
      await instance.waitUntilExit();
      // Ink leaves an empty row where the live part was.
      drawing(stdout).write(UP);
    },
  };
}

interface TranscriptProps {
  blocks: readonly (readonly Line[])[];
  theme: Theme;
}

// Unless it is memoised, every frame writes through <Static> and past Ink's frame limit.
const Transcript = memo(function Transcript({ blocks, theme }: TranscriptProps): ReactElement {
  return <Static items={[...blocks]}>{(lines, index) => <Text key={index}>{blockText(lines, theme)}</Text>}</Static>;
});

/** As one text: each is laid out on its own. Rows fit, unless the screen became narrower since: then they wrap. */
function blockText(lines: readonly Line[], theme: Theme): string {
  // An empty row must still be one.
  return lines.map((line) => line.map(({ text, tone }) => paintTone(text, tone, theme)).join('') || ' ').join('\n');
}
