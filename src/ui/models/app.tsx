import { useInput } from 'ink';
import { type ReactElement, useCallback, useEffect, useRef, useState } from 'react';
import type { LiveKey } from '../../core/models/live/key.ts';
import type { LiveTable } from '../../core/models/live/state.ts';
import type { Table } from '../../output/table/table.ts';
import type { Theme } from '../../output/text/theme.ts';
import type { Line } from '../screen/line.ts';
import { drawOther, useOtherScreen } from '../screen/draw-other.ts';
import { LinesScreen } from '../screen/lines-screen.tsx';
import { modelsFrame, type ModelsView } from './frame.ts';
import { liveKeys } from './input.ts';
import { layoutModels } from './layout.ts';
import { type ModelCells, modelCells } from './rows.ts';
import type { JobControl } from '../screen/job-control.ts';
import { openOtherScreen } from '../screen/other-screen.ts';

/** A key is on the screen within one frame of it. */
const FRAMES_PER_SECOND = 60;
/** The age of the catalogue is shown in seconds. */
const CLOCK_MS = 1000;

/** The table behind the screen: it changes by keys, and on its own. */
export interface LiveSession {
  view: () => ModelsView;
  press: (key: LiveKey) => void;
  /** Tells how many models there is room for. */
  resize: (bodyRows: number) => void;
  /** Called after each change; returns what ends that. */
  onChange: (listener: () => void) => () => void;
  /** Resolves when the user has chosen, or has had enough. */
  ended: Promise<void>;
  /** Ends it from outside. */
  stop: () => void;
}

export interface ModelsAppOptions {
  session: LiveSession;
  /** The cells of all models, in the columns that the table shows. */
  cellsTable: (table: LiveTable) => Table;
  stdin: NodeJS.ReadStream;
  /** Where it is drawn: a terminal. */
  stdout: NodeJS.WriteStream;
  jobControl: JobControl;
  theme: Theme;
}

/** Shows the live table on the terminal's other screen until it has ended; the terminal is then as it was. */
export async function runModelsApp({ session, cellsTable, stdin, stdout, jobControl, theme }: ModelsAppOptions): Promise<void> {
  const screen = openOtherScreen({ stdin, stdout, jobControl });
  let cells: ModelCells | undefined;
  let madeFor: LiveTable | undefined;

  const draw = (): readonly Line[] => {
    const layout = layoutModels(stdout.rows, session.view().table);
    session.resize(layout.bodyRows);
    const view = session.view();
    if (cells === undefined || madeFor === undefined || !hasSameCells(madeFor, view.table)) {
      cells = modelCells(view.table.models, cellsTable(view.table));
      madeFor = view.table;
    }
    return modelsFrame(view, cells, layout, stdout.columns);
  };

  function App(): ReactElement {
    const [lines, setLines] = useState(draw);
    const isDue = useRef(false);
    // Keys that come together are one frame.
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
      const end = session.onChange(update);
      return () => {
        clearInterval(timer);
        end();
      };
    }, [update]);
    useInput((input, key) => {
      for (const pressed of liveKeys(input, key)) session.press(pressed);
    });
    return <LinesScreen lines={lines} theme={theme} />;
  }

  const instance = drawOther(screen, <App />, { stdin, maxFps: FRAMES_PER_SECOND });
  const failure = instance.waitUntilExit().then(
    () => undefined,
    (error: unknown) => {
      session.stop();
      return error;
    },
  );
  try {
    await session.ended;
  } finally {
    instance.unmount();
  }
  const error = await failure;
  if (error !== undefined) throw error;
}

function hasSameCells(one: LiveTable, other: LiveTable): boolean {
  return one.models === other.models && one.columns === other.columns && one.facts === other.facts && one.sort === other.sort;
}
