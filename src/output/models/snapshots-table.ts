import { localDayText, localMomentText } from '../../core/time/local-text.ts';
import { bytesText } from '../../text/bytes.ts';
import type { Market } from '../../storage/market/market.ts';
import { countText } from '../text/number.ts';
import type { Table } from '../table/table.ts';

export type Snapshots = ReturnType<Market['moments']>;

/** Returns the snapshots, oldest first. */
export function snapshotsTable(snapshots: Snapshots): Table {
  return {
    columns: [
      { heading: 'from', align: 'left', dropOrder: 0 },
      { heading: 'seen until', align: 'left', dropOrder: 1 },
      { heading: 'models', align: 'right', dropOrder: 0 },
    ],
    rows: snapshots.map(({ at, until, models }) => [
      { text: localMomentText(at) },
      { text: localMomentText(until), tone: 'dim' },
      { text: countText(models) },
    ]),
  };
}

/** Returns a summary: `12 snapshots since 2026-08-01, 2.3 MB at …`. */
export function snapshotsNote(snapshots: Snapshots, bytes: number, path: string): string {
  const since = snapshots[0] === undefined ? '' : ` since ${localDayText(snapshots[0].at)}`;
  return `${countText(snapshots.length)} ${snapshots.length === 1 ? 'snapshot' : 'snapshots'}${since}, ${bytesText(bytes)} at ${path}`;
}
