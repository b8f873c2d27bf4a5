import type { KnownBudgets } from './budgets/known.ts';
import type { Labels } from './labels.ts';
import type { Owner } from '../files/owner.ts';
import type { Sql } from '../sqlite/sql.ts';

/** What every part of the ledger works on. */
export interface Store {
  sql: Sql;
  labels: Labels;
  owner: Owner;
  /** What is known of budgets already, while many requests are written at once. Absent: it is read. */
  book?: KnownBudgets | undefined;
}
