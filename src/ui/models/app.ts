import type { LiveTable } from '../../core/models/live/state.ts';
import type { Table } from '../../output/table/table.ts';
import type { Line } from '../screen/line.ts';
import { type LiveSource, type LiveViewOptions, runLiveView } from '../screen/live-view.tsx';
import { modelsFrame, type ModelsView } from './frame.ts';
import { layoutModels } from './layout.ts';
import { type ModelCells, modelCells } from './rows.ts';

/** The state and actions of the live table. */
export interface LiveSession extends LiveSource {
  view: () => ModelsView;
  /** Sets how many models fit on the screen. */
  resize: (bodyRows: number) => void;
}

export interface ModelsAppOptions extends Omit<LiveViewOptions, 'source' | 'draw'> {
  session: LiveSession;
  /** Returns the cells of all models, in the table's visible columns. */
  cellsTable: (table: LiveTable) => Table;
}

/** Shows the live table until it ends. */
export async function runModelsApp({ session, cellsTable, ...options }: ModelsAppOptions): Promise<void> {
  const { stdout } = options;
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
  await runLiveView({ ...options, source: session, draw });
}

function hasSameCells(one: LiveTable, other: LiveTable): boolean {
  return one.models === other.models && one.columns === other.columns && one.facts === other.facts && one.sort === other.sort;
}
