import { render, useInput, useStdout } from 'ink';
import { type ReactElement, useEffect, useLayoutEffect, useState } from 'react';
import { USAGE_SORTS, type UsageSort } from '../core/usage/sort-usage.ts';
import { USAGE_GROUPINGS, type UsageGrouping } from '../core/usage/usage-report.ts';
import type { UsageView } from '../core/usage/usage-view.ts';
import { CompareScreen } from './compare-screen.tsx';
import { endlessRows } from './endless-rows.ts';
import { usageFrame } from './usage-frame.ts';

/** The screen that has no scrollback: see compare-app.tsx. */
const ENTER_OTHER_SCREEN = '\u001b[?1049h\u001b[H';
const LEAVE_OTHER_SCREEN = '\u001b[?1049l';
const HOME_AND_ERASE = '\u001b[H\u001b[J';
/** By then what fits the new size is drawn. */
const TIDY_MS = 100;
const CTRL_C = '\u0003';
const WATCH_MS = 2000;

export interface UsageAppOptions {
  /** Periods to choose from (as `--since` takes them), the first shown one among them. */
  periods: readonly string[];
  period: string;
  by: UsageGrouping;
  /** Reads the ledger. */
  read: (period: string, by: UsageGrouping) => UsageView;
  /** Reads again every two seconds. */
  isWatching: boolean;
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  /** Ends it from outside. */
  signal: AbortSignal;
}

/** Where the user is, and what is there. */
interface Place {
  period: string;
  by: UsageGrouping;
  sort: UsageSort;
  showsKeys: boolean;
}

/**
 * The dashboard, on the terminal's other screen, until the user leaves it: resolves to what was shown last, and the terminal is as it was.
 * Rejects with what reading threw, or with the signal's reason.
 */
export async function runUsageApp(options: UsageAppOptions): Promise<{ view: UsageView; sort: UsageSort }> {
  const { stdin, stdout, signal, isWatching } = options;
  let place: Place = { period: options.period, by: options.by, sort: 'cost', showsKeys: false };
  let view = options.read(place.period, place.by);
  let failure: unknown;
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
    const { write } = useStdout();
    useLayoutEffect(() => () => void stdout.write(LEAVE_OTHER_SCREEN), []);
    useEffect(() => {
      let tidying: ReturnType<typeof setTimeout> | undefined;
      const onResize = (): void => {
        setLines(frame());
        // A terminal that became smaller has moved or broken what stood there: Ink draws its last frame again on an empty screen.
        clearTimeout(tidying);
        tidying = setTimeout(() => write(HOME_AND_ERASE), TIDY_MS);
      };
      const timer = isWatching
        ? setInterval(() => {
            readAgain();
            setLines(frame());
          }, WATCH_MS)
        : undefined;
      stdout.on('resize', onResize);
      return () => {
        clearInterval(timer);
        clearTimeout(tidying);
        stdout.off('resize', onResize);
      };
    }, [write]);
    useInput((input, key) => {
      // Keys that come together come as one input.
      if (key.escape || (key.ctrl && input === 'c') || input.includes(CTRL_C) || input.includes('q')) return leave();
      const before = place;
      if (key.leftArrow || key.rightArrow) place = { ...place, by: next(USAGE_GROUPINGS, place.by, key.rightArrow ? 1 : -1) };
      else if (key.upArrow || key.downArrow)
        place = { ...place, period: next(options.periods, place.period, key.upArrow ? 1 : -1) };
      for (const letter of input) place = afterLetter(place, letter, options.periods);
      if (place.period !== before.period || place.by !== before.by || input.includes('r')) readAgain();
      setLines(frame());
    });
    return <CompareScreen lines={lines} />;
  }

  stdout.write(ENTER_OTHER_SCREEN);
  const instance = render(<App />, { stdin, stdout: endlessRows(stdout), exitOnCtrlC: false, patchConsole: false });
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

function afterLetter(place: Place, letter: string, periods: readonly string[]): Place {
  if (letter === '+' || letter === '-') return { ...place, period: next(periods, place.period, letter === '+' ? 1 : -1) };
  if (letter === 's') return { ...place, sort: next(USAGE_SORTS, place.sort, 1) };
  if (letter === '?') return { ...place, showsKeys: !place.showsKeys };
  return place;
}

/** Round and round. */
function next<T>(all: readonly T[], current: T, step: 1 | -1): T {
  return all[(all.indexOf(current) + step + all.length) % all.length] ?? current;
}
