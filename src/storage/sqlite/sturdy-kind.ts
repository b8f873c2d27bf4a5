import type { Migration, Database } from './database.ts';
import type { DatabaseName } from './errors.ts';
import type { RecoveredTables } from './recover/recover-tables.ts';
import type { Sql } from './sql.ts';

/** A kind of database that repairs itself: how to open it, and what to recover from a damaged one. */
export interface SturdyKind {
  name: DatabaseName;
  migrations: readonly Migration[];
  /** What all migrations together make of an empty file: a new database starts with it, in a third of the time. Default: the migrations. */
  newest?: string;
  /** Reads a sample of every table, but no text, so that most damage shows immediately. */
  probe: (database: Database) => void;
  /** Returns contradictions in data whose pages are all readable, one line each. */
  contradictions?: (sql: Sql) => string[];
  /** Whether a file without any recoverable data stays in place, so that opening it fails. */
  keepsHopeless?: boolean;
  /** Copies the recovered data into a new database and returns what it was: `3 entries`. */
  takeOver: (damaged: RecoveredTables, fresh: Sql) => string;
}
