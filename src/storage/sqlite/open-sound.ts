import { damage } from './errors.ts';
import { type Database, openDatabase } from './database.ts';
import { wrongWith } from './recover/wrong-with.ts';
import { Sql } from './sql.ts';
import type { SturdyKind } from './sturdy-kind.ts';

/**
 * Opens a database and reads a sample of every table, or everything. Throws an error that is damage (errors.ts) for a damaged one, and the
 * errors of openDatabase.
 */
export function openSound(path: string, { migrations, probe, contradictions }: SturdyKind, isThorough: boolean): Database {
  let database: Database | undefined;
  try {
    database = openDatabase({ path, migrations });
    probe(database);
    let wrong = isThorough ? wrongWith(database, migrations) : [];
    if (isThorough && wrong.length === 0) {
      // In one snapshot: a write of another process between two queries would look like damage.
      const sql = new Sql(database);
      wrong = sql.read(() => contradictions?.(sql) ?? []);
    }
    if (wrong.length > 0) throw damage(wrong.length === 1 ? wrong[0]! : `${wrong[0]}, and ${wrong.length - 1} more`);
    return database;
  } catch (error) {
    database?.close();
    // A table is missing, or exists before its migration creates it.
    if (error instanceof Error && 'code' in error && error.code === 'SQLITE_ERROR') throw damage(error.message);
    throw error;
  }
}
