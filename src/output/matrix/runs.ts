import type { StoredRun } from '../../storage/matrix/runs.ts';
import type { Table } from '../table/table.ts';
import { localTimeText } from '../text/local-time.ts';
import { moneyText } from '../text/money.ts';
import { countText } from '../text/number.ts';
import { visibleLine } from '../text/visible.ts';

/** Returns the stored runs as a table, the newest first. */
export function runsTable(runs: readonly StoredRun[], now: number): Table {
  return {
    columns: [
      { heading: 'run', align: 'left', dropOrder: 0 },
      { heading: 'last', align: 'left', dropOrder: 2 },
      { heading: 'answered', align: 'right', dropOrder: 1 },
      { heading: 'lanes', align: 'right', dropOrder: 3 },
      { heading: 'cost', align: 'right', dropOrder: 0 },
      { heading: 'file', align: 'left', dropOrder: 0, cut: 'name' },
    ],
    rows: runs.map(({ run, lastAt, totals, isActive }) => [
      { text: run.id },
      { text: isActive ? 'running' : localTimeText(lastAt, now) },
      { text: countText(totals.answered) },
      { text: String(run.lanes.length) },
      { text: moneyText(totals.cost) },
      { text: visibleLine(run.source) },
    ]),
  };
}

/** Returns a stored run as data. Amounts are exact USD. */
export function runsJson({ run, lastAt, totals, bytes, isActive }: StoredRun): Record<string, unknown> {
  return {
    id: run.id,
    source: run.source,
    lanes: run.lanes,
    started_at: new Date(run.at).toISOString(),
    last_at: new Date(lastAt).toISOString(),
    running: isActive,
    answered: totals.answered,
    failed: totals.failed,
    cost: totals.cost,
    judge_cost: totals.judgeCost,
    bytes,
  };
}
