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
}
