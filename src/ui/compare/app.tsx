import { useInput } from 'ink';
import { type ReactElement, useEffect, useState } from 'react';
import { type CompareState, startCompare } from '../../core/compare/state.ts';
import type { LaneIdentity } from '../../core/compare/lane-plan.ts';
import type { CompareStep } from '../../core/compare/compare.ts';
import type { Theme } from '../../output/text/theme.ts';
import { compareFrame } from './frame.ts';
import { drawOther, useOtherScreen } from '../screen/draw-other.ts';
import { LinesScreen } from '../screen/lines-screen.tsx';
import { createLaneWindow } from './lane-window.ts';
import type { Line } from '../screen/line.ts';
import type { JobControl } from '../screen/job-control.ts';
import { openOtherScreen } from '../screen/other-screen.ts';

/** Frame interval in ms while text arrives. Faster frames would not be noticed and would cost time. */
const FRAME_MS = 66;
/** Frame interval in ms while nothing arrives, for the clocks. */
const IDLE_FRAME_MS = 250;

const CTRL_C = '\u0003';

export interface CompareAppOptions {
  steps: AsyncIterable<CompareStep>;
  plans: readonly LaneIdentity[];
  isSandbox: boolean;
  prompt: string;
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  jobControl: JobControl;
  theme: Theme;
  /** Returns milliseconds of a monotonic clock. */
  monotonic: () => number;
  /** Called when the user stops the comparison. The steps must then end soon. */
  onStop: () => void;
}

/**
 * Shows a comparison while it runs, with its lanes side by side on the terminal's alternate screen. Returns its result when the
 * steps have ended, and restores the terminal. Esc and Ctrl-C stop the comparison.
 */
export async function runCompareApp(options: CompareAppOptions): Promise<CompareState> {
  const { stdin, stdout, jobControl, monotonic } = options;
  let state = startCompare(options.plans, monotonic());
  let shown: CompareState | undefined;
  let shownAt = 0;
  const screen = openOtherScreen({ stdin, stdout, jobControl });
  const windows = options.plans.map(() => createLaneWindow());
  const { hasKeyboard } = screen;
  const hint = hasKeyboard ? 'esc stop' : 'ctrl-c stop';

  const draw = (): readonly Line[] => {
    shown = state;
    shownAt = monotonic();
    const size = { columns: stdout.columns, rows: stdout.rows };
    return compareFrame({ isSandbox: options.isSandbox, prompt: options.prompt, state, windows, size, now: shownAt, hint });
  };

  function App(): ReactElement {
    const [lines, setLines] = useState(draw);
    useOtherScreen(screen, stdout, () => setLines(draw()));
    useEffect(() => {
      const timer = setInterval(() => {
        if (state !== shown || monotonic() - shownAt >= IDLE_FRAME_MS) setLines(draw());
      }, FRAME_MS);
      return () => clearInterval(timer);
    }, []);
    useInput(
      (input, key) => {
        // Keys that arrive together are one input.
        if (key.escape || (key.ctrl && input === 'c') || input.includes(CTRL_C)) options.onStop();
      },
      { isActive: hasKeyboard },
    );
    return <LinesScreen lines={lines} theme={options.theme} />;
  }

  const instance = drawOther(screen, <App />, { stdin });
  const failure = instance.waitUntilExit().then(
    () => undefined,
    (error: unknown) => {
      // The screen has failed, so stop the comparison.
      options.onStop();
      return error;
    },
  );
  try {
    for await (const step of options.steps) state = step.state;
  } finally {
    instance.unmount();
  }
  const error = await failure;
  if (error !== undefined) throw error;
  return state;
}
