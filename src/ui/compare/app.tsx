import { useInput } from 'ink';
import { type ReactElement, useEffect, useState } from 'react';
import type { LaneIdentity } from '../../core/compare/lane-plan.ts';
import type { CompareStep } from '../../core/compare/compare.ts';
import { type CompareState, isFinal, startCompare } from '../../core/compare/state.ts';
import type { Theme } from '../../output/text/theme.ts';
import { drawOther, useOtherScreen } from '../screen/draw-other.ts';
import type { JobControl } from '../screen/job-control.ts';
import type { Line } from '../screen/line.ts';
import { liveKeys } from '../screen/live-keys.ts';
import { openOtherScreen } from '../screen/other-screen.ts';
import { LinesScreen } from '../screen/lines-screen.tsx';
import { type CompareFrame, compareFrame } from './frame.ts';
import { createLaneDiff } from './lane-diff.ts';
import { createLaneRows, type LaneRowsOptions } from './lane-rows.ts';
import type { RunningCost } from './lane-status.ts';
import { pressCompareKey, startView } from './view-state.ts';

/** Frame interval in ms while text arrives. A key is drawn at once. A frame of several lanes costs Ink as much as a screen of text. */
const FRAME_MS = 150;
/** Frame interval in ms while nothing arrives, for the clocks. */
const IDLE_FRAME_MS = 500;

const CTRL_C = '\u0003';

export interface CompareAppOptions extends LaneRowsOptions {
  steps: AsyncIterable<CompareStep>;
  plans: readonly LaneIdentity[];
  isSandbox: boolean;
  prompt: string;
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  jobControl: JobControl;
  theme: Theme;
  runningCost: RunningCost;
  /** Returns milliseconds of a monotonic clock. */
  monotonic: () => number;
  /** Ends the view, because the command is ended from outside. */
  signal: AbortSignal;
  /** Called when the user stops the comparison. The steps must then end soon. */
  onStop: () => void;
  /** Called when the user stops one lane; its steps must then end soon. */
  onStopLane: (lane: number) => void;
}

/** A comparison as the user left it. */
export interface CompareEnd {
  state: CompareState;
  /** The user has pressed a key, so somebody watches. */
  isAttended: boolean;
}

/**
 * Shows a comparison while it runs, on the terminal's alternate screen. Resolves when the steps have ended and, if a key was pressed
 * before, the user leaves; then the terminal is restored. Leaving while answers stream stops them.
 */
export async function runCompareApp(options: CompareAppOptions): Promise<CompareEnd> {
  const { stdin, stdout, jobControl, monotonic, plans, signal } = options;
  let state = startCompare(plans, monotonic());
  let view = startView(plans.length);
  let isSettled = false;
  let shown: CompareState | undefined;
  let frame: CompareFrame = { lines: [], extents: [], isBehind: false };
  let shownAt = 0;
  let leave = (): void => undefined;
  const left = new Promise<void>((resolve) => (leave = resolve));
  const screen = openOtherScreen({ stdin, stdout, jobControl });
  const { hasKeyboard } = screen;
  const rows = plans.map(() => createLaneRows(options));
  let redraw = (): void => undefined;
  const diff = createLaneDiff(options.theme, () => redraw());

  const draw = (): readonly Line[] => {
    shown = state;
    shownAt = monotonic();
    frame = compareFrame({
      isSandbox: options.isSandbox,
      prompt: options.prompt,
      state,
      view,
      rows,
      diff: (lane, width) => diff(state, lane, width),
      runningCost: options.runningCost,
      size: { columns: stdout.columns, rows: stdout.rows },
      now: shownAt,
      hasKeyboard,
      isSettled,
    });
    return frame.lines;
  };
  const stopOrLeave = (): void => {
    if (isSettled) leave();
    else options.onStop();
  };

  function App(): ReactElement {
    const [lines, setLines] = useState(draw);
    useOtherScreen(screen, stdout, () => setLines(draw()));
    useEffect(() => {
      redraw = () => setLines(draw());
      const timer = setInterval(() => {
        const isIdle = monotonic() - shownAt >= IDLE_FRAME_MS;
        if (state !== shown || frame.isBehind || (isIdle && !isSettled)) setLines(draw());
      }, FRAME_MS);
      return () => {
        clearInterval(timer);
        redraw = () => undefined;
      };
    }, []);
    useInput(
      (input, key) => {
        // Keys that arrive together are one input.
        if ((key.ctrl && input === 'c') || input.includes(CTRL_C)) return stopOrLeave();
        for (const pressed of liveKeys(input, key)) {
          if (pressed.name.startsWith('ctrl-')) continue;
          const next = pressCompareKey(view, pressed, { columns: stdout.columns, extents: frame.extents });
          view = next.view;
          if (next.command?.type === 'leave') {
            leave();
            if (!isSettled) options.onStop();
          } else if (next.command?.type === 'stop-lane') options.onStopLane(next.command.lane);
          else if (next.command?.type === 'stop-all') plans.forEach((_, lane) => options.onStopLane(lane));
        }
        setLines(draw());
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
      leave();
      options.onStop();
      return error;
    },
  );
  try {
    for await (const step of options.steps) state = step.state;
    isSettled = state.lanes.every(isFinal);
    signal.addEventListener('abort', leave, { once: true });
    // Without a key press, there may be no one to close the view.
    if (signal.aborted || !view.isAttended) leave();
    redraw();
    await left;
  } finally {
    signal.removeEventListener('abort', leave);
    instance.unmount();
  }
  const error = await failure;
  if (error !== undefined) throw error;
  return { state, isAttended: view.isAttended };
}
