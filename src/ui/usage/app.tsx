import { useInput } from 'ink';
import { type ReactElement, useEffect, useState } from 'react';
import { USAGE_SORTS, type UsageSort } from '../../core/usage/sort-usage.ts';
import { USAGE_GROUPINGS, type UsageGrouping } from '../../core/usage/usage-report.ts';
import type { UsageView } from '../../core/usage/usage-view.ts';
import type { Theme } from '../../output/text/theme.ts';
import { drawOther, useOtherScreen } from '../screen/draw-other.ts';
import type { JobControl } from '../screen/job-control.ts';
import { openOtherScreen } from '../screen/other-screen.ts';
import { LinesScreen } from '../screen/lines-screen.tsx';
import { usageFrame } from './frame.ts';

const CTRL_C = '\u0003';
const WATCH_MS = 2000;

export interface UsageAppOptions {
  /** The selectable periods, as `--since` takes them. Contains `period`. */
  periods: readonly string[];
  period: string;
  by: UsageGrouping;
  /** Reads the ledger. */
  read: (period: string, by: UsageGrouping) => UsageView;
  /** Reads the ledger again every two seconds. */
  isWatching: boolean;
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  jobControl: JobControl;
  theme: Theme;
  /** Closes the dashboard when aborted. */
  signal: AbortSignal;
}

/** What the user selected in the dashboard. */
interface Place {
  period: string;
  by: UsageGrouping;
  sort: UsageSort;
  showsKeys: boolean;
}

/**
 * Shows the dashboard on the terminal's alternate screen until the user leaves it, then restores the terminal. Resolves to the
 * last shown report and its order. Rejects with the error of a failed read, or with the signal's reason.
 */
export async function runUsageApp(options: UsageAppOptions): Promise<{ view: UsageView; sort: UsageSort }> {
  const { stdin, stdout, jobControl, signal, isWatching } = options;
  let place: Place = { period: options.period, by: options.by, sort: 'cost', showsKeys: false };
  let view = options.read(place.period, place.by);
  let failure: unknown;
  const screen = openOtherScreen({ stdin, stdout, jobControl });
  const frame = () =>
    usageFrame(
      { view, sort: place.sort, showsKeys: place.showsKeys, isWatching },
      { columns: stdout.columns, rows: stdout.rows },
    );
  const leave = (error?: unknown): void => {
    failure ??= error;
    instance.unmount();
  };
  const readAgain = (): void => {
    try {
      view = options.read(place.period, place.by);
    } catch (error) {
      leave(error);
    }
  };

  function App(): ReactElement {
    const [lines, setLines] = useState(frame);
    useOtherScreen(screen, stdout, () => setLines(frame()));
    useEffect(() => {
      const timer = isWatching
        ? setInterval(() => {
            readAgain();
            setLines(frame());
          }, WATCH_MS)
        : undefined;
      return () => clearInterval(timer);
    }, []);
    useInput((input, key) => {
      if (key.escape || (key.ctrl && input === 'c') || input.includes(CTRL_C) || input.includes('q')) return leave();
      const arrow = key.leftArrow ? 'left' : key.rightArrow ? 'right' : key.upArrow ? 'up' : key.downArrow ? 'down' : '';
      const before = place;
      for (const pressed of arrow === '' ? keysOf(input) : [arrow]) place = afterKey(place, pressed, options.periods);
      if (place.period !== before.period || place.by !== before.by || input.includes('r')) readAgain();
      setLines(frame());
    });
    return <LinesScreen lines={lines} theme={options.theme} />;
  }

  const instance = drawOther(screen, <App />, { stdin });
  const onAbort = (): void => leave(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    await instance.waitUntilExit();
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
  if (failure !== undefined) throw failure;
  return { view, sort: place.sort };
}

const ARROWS: Readonly<Record<string, string>> = { A: 'up', B: 'down', C: 'right', D: 'left' };

/**
 * Splits an input into keys, because keys that arrive together are one input. Arrows are recognized by the rest of their escape
 * sequences.
 */
function keysOf(input: string): string[] {
  // oxlint-disable-next-line no-control-regex -- arrows are sent as control sequences
  return [...input.matchAll(/\u001b?\[([A-D])|[^]/g)].map(([key, arrow]) => ARROWS[arrow ?? ''] ?? key);
}

function afterKey(place: Place, key: string, periods: readonly string[]): Place {
  if (key === 'right' || key === 'left') return { ...place, by: next(USAGE_GROUPINGS, place.by, key === 'right' ? 1 : -1) };
  if (key === 'up' || key === '+') return { ...place, period: next(periods, place.period, 1) };
  if (key === 'down' || key === '-') return { ...place, period: next(periods, place.period, -1) };
  if (key === 's') return { ...place, sort: next(USAGE_SORTS, place.sort, 1) };
  if (key === '?') return { ...place, showsKeys: !place.showsKeys };
  return place;
}

/** Returns the next or previous element, cyclically. */
function next<T>(all: readonly T[], current: T, step: 1 | -1): T {
  return all[(all.indexOf(current) + step + all.length) % all.length] ?? current;
}
