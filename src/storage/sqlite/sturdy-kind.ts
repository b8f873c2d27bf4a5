import type { Migration, Database } from './database.ts';
import type { DatabaseName } from './errors.ts';
import type { RecoveredTables } from './recover/recover-tables.ts';
import type { Sql } from './sql.ts';

/** A kind of database that repairs itself: how to open one, and what to save of a damaged one. */
export interface SturdyKind {
  name: DatabaseName;
  migrations: readonly Migration[];
  /** Reads a little of everything, but no text, so that most damage shows at once. */
  probe: (database: Database) => void;
  /** What does not fit together though every page is readable, a line each. */
  contradictions?: (sql: Sql) => string[];
  /** Whether a file of which nothing can be recovered is left in its place, and opening it fails. */
  keepsHopeless?: boolean;
  /** Takes over what was recovered of a damaged one, and says what that is: `3 entries`. */
  takeOver: (damaged: RecoveredTables, fresh: Sql) => string;
}
