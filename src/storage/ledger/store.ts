import type { KnownBudgets } from './budgets/known.ts';
import type { Labels } from './labels.ts';
import type { Owner } from '../files/owner.ts';
import type { Sql } from '../sqlite/sql.ts';

/** What all parts of the ledger share. */
export interface Store {
  sql: Sql;
  labels: Labels;
  owner: Owner;
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
