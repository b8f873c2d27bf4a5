import { useInput } from 'ink';
import { type ReactElement, useCallback, useEffect, useRef, useState } from 'react';
import type { LiveKey } from '../../core/live-key.ts';
import type { Theme } from '../../output/text/theme.ts';
import { drawOther, useOtherScreen } from './draw-other.ts';
import type { Line } from './line.ts';
import { liveKeys } from './live-keys.ts';
import { openOtherScreen, type OtherScreenOptions } from './other-screen.ts';
import { LinesScreen } from './lines-screen.tsx';

/** A key press is shown within one frame. */
const FRAMES_PER_SECOND = 60;
/** The redraw interval in ms, because ages and times are shown in seconds. */
const CLOCK_MS = 1000;

/** The source of a view. It changes when a key is pressed, and on its own. */
export interface LiveSource {
  press: (key: LiveKey) => void;
  /** Calls `listener` after each change. Returns a function that stops this. */
  onChange: (listener: () => void) => () => void;
  /** Resolves when the user has chosen something or has left the view. */
  ended: Promise<void>;
  /** Ends the view from outside. */
  stop: () => void;
}

export interface LiveViewOptions extends OtherScreenOptions {
  source: LiveSource;
  /** Returns the current lines of the screen. */
  draw: () => readonly Line[];
  theme: Theme;
}

/** Shows a view on the terminal's alternate screen until its source ends, then restores the terminal. */
export async function runLiveView({ source, draw, stdin, stdout, jobControl, theme }: LiveViewOptions): Promise<void> {
  const screen = openOtherScreen({ stdin, stdout, jobControl });

  function App(): ReactElement {
    const [lines, setLines] = useState(draw);
    const isDue = useRef(false);
    // Keys that arrive together are drawn in one frame.
    const update = useCallback((): void => {
      if (isDue.current) return;
      isDue.current = true;
      queueMicrotask(() => {
        isDue.current = false;
        setLines(draw());
      });
    }, []);
    useOtherScreen(screen, stdout, update);
    useEffect(() => {
      const timer = setInterval(update, CLOCK_MS);
      const end = source.onChange(update);
      return () => {
        clearInterval(timer);
        end();
      };
    }, [update]);
    useInput((input, key) => {
      for (const pressed of liveKeys(input, key)) source.press(pressed);
    });
    return <LinesScreen lines={lines} theme={theme} />;
  }

  const instance = drawOther(screen, <App />, { stdin, maxFps: FRAMES_PER_SECOND });
  const failure = instance.waitUntilExit().then(
    () => undefined,
    (error: unknown) => {
      source.stop();
      return error;
    },
  );
  try {
    await source.ended;
  } finally {
    instance.unmount();
  }
  const error = await failure;
  if (error !== undefined) throw error;
}
