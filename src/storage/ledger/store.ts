import type { Labels } from './labels.ts';
import type { Owner } from '../files/owner.ts';
import type { Sql } from '../sqlite/sql.ts';

/** What every part of the ledger works on. */
export interface Store {
  sql: Sql;
  labels: Labels;
  owner: Owner;
}
