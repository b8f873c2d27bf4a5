import { momentText } from '../core/market/parse-moment.ts';
import { dayText } from '../core/parse-day.ts';
import type { Market } from '../storage/market/market.ts';
import { countText } from './number-text.ts';
import type { Table } from './table.ts';

export type Snapshots = ReturnType<Market['moments']>;

/** The snapshots there are, oldest first. */
export function snapshotsTable(snapshots: Snapshots): Table {
  return {
    columns: [
      { heading: 'from (UTC)', align: 'left', dropOrder: 0 },
      { heading: 'seen until', align: 'left', dropOrder: 0 },
      { heading: 'models', align: 'right', dropOrder: 0 },
    ],
    rows: snapshots.map(({ at, until, models }) => [
      { text: momentText(at) },
      { text: momentText(until), tone: 'dim' },
      { text: countText(models) },
    ]),
  };
}

/** `12 snapshots since 2026-08-01, 2.3 MB at …` */
export function snapshotsNote(snapshots: Snapshots, bytes: number, path: string): string {
  const since = snapshots[0] === undefined ? '' : ` since ${dayText(snapshots[0].at)}`;
  return `${countText(snapshots.length)} ${snapshots.length === 1 ? 'snapshot' : 'snapshots'}${since}, ${sizeText(bytes)} at ${path}`;
}

function sizeText(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
