import type { KnownBudgets } from './budgets/known.ts';
import type { OpeningEntry } from './entry.ts';
import type { Labels } from './labels.ts';
import type { Owner } from '../files/owner.ts';
import type { Sql } from '../sqlite/sql.ts';

/**
 * Returns entries of processes of this machine that have ended: they noted each one in a file before they sent its request, and may not have
 * written it to the ledger.
 */
export type NotedBy = (pids: ReadonlySet<number>) => readonly OpeningEntry[];

/** What all parts of the ledger share. */
export interface Store {
  sql: Sql;
  labels: Labels;
  owner: Owner;
  notedBy?: NotedBy | undefined;
  /** Cached budgets while many requests are written at once. Undefined: they are read from the database. */
  book?: KnownBudgets | undefined;
  /** Reports over at most this many entries read each of them, and have measured times. Default: FEW_ENTRIES. */
  fewEntries?: number | undefined;
  /** The rollups are damaged: reports read the entries until they have been made again. */
  ignoresRollups?: boolean;
}

const FEW_ENTRIES = 10_000;

export function fewEntriesOf({ fewEntries = FEW_ENTRIES }: Store): number {
  return fewEntries;
}
