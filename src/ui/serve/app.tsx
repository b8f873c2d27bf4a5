import { useInput } from 'ink';
import { type ReactElement, useEffect, useState } from 'react';
import type { Theme } from '../../output/text/theme.ts';
import { drawOther, useOtherScreen } from '../screen/draw-other.ts';
import type { JobControl } from '../screen/job-control.ts';
import { openOtherScreen } from '../screen/other-screen.ts';
import { LinesScreen } from '../screen/lines-screen.tsx';
import { serveFrame, type ServeScreen } from './frame.ts';

const FRAME_MS = 500;
const CTRL_C = '\u0003';

export interface ServeAppOptions {
  /** Returns the current state of the gateway. */
  read: () => ServeScreen;
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  jobControl: JobControl;
  theme: Theme;
  /** Closes the screen when aborted. */
  signal: AbortSignal;
}

/**
 * Shows the gateway's activity on the terminal's alternate screen until the user presses q or Ctrl-C, then restores the terminal.
 */
export async function runServeApp({ read, stdin, stdout, jobControl, theme, signal }: ServeAppOptions): Promise<void> {
  const screen = openOtherScreen({ stdin, stdout, jobControl });
  const frame = () => serveFrame(read(), { columns: stdout.columns, rows: stdout.rows });
  const leave = (): void => instance.unmount();

  function App(): ReactElement {
    const [lines, setLines] = useState(frame);
    useOtherScreen(screen, stdout, () => setLines(frame()));
    useEffect(() => {
      const timer = setInterval(() => setLines(frame()), FRAME_MS);
      return () => clearInterval(timer);
    }, []);
    useInput(
      (input, key) => {
        // Keys that arrive together are one input.
        if ((key.ctrl && input === 'c') || input.includes(CTRL_C) || input.includes('q')) leave();
      },
      { isActive: screen.hasKeyboard },
    );
    return <LinesScreen lines={lines} theme={theme} />;
  }

  const instance = drawOther(screen, <App />, { stdin });
  signal.addEventListener('abort', leave, { once: true });
  if (signal.aborted) leave();
  try {
    await instance.waitUntilExit();
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
