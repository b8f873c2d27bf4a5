import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OrxError } from '../errors.ts';
import { databaseError, isDamage, type DatabaseName } from './database-errors.ts';
import { openDatabase, openReadOnly, type Database, type Migration } from './database.ts';
import type { Sql } from './sql.ts';

/** A kind of database that looks after itself: how to open one, and what to save of a damaged one. */
export interface SturdyKind {
  name: DatabaseName;
  migrations: readonly Migration[];
  /** Reads a little of everything, so that most damage shows at once. */
  probe: (database: Database) => void;
  /** Takes over what can be read of a damaged one, and says what that was: `3 entries`. */
  takeOver: (damaged: Database, fresh: Sql) => string;
}

/** An open database, and what is needed to go on with it: guarded-sql.ts. */
export interface SturdyDatabase {
  database: Database;
  path: string;
  name: DatabaseName;
  /** What the user should hear. */
  notices: readonly string[];
  /** Why it can only be read; undefined when it can be written. */
  readOnlyBecause?: string | undefined;
  /** Opens it anew: the file was replaced while it was open. */
  reopen: () => Database;
  /** Told of every error of the database, before it is thrown. */
  onError: (error: unknown) => void;
}

/**
 * Opens a database, makes it, or brings an old one to the newest layout. A damaged file is set aside, and what can be read of it is taken
 * over. One that cannot be written is opened for reading: only what writes throws. Throws OrxError: code `database-newer` for one of a newer
 * orx, `…-unwritable` when there is none to read either.
 */
export async function openSturdy(folder: string, file: string, kind: SturdyKind): Promise<SturdyDatabase> {
  const path = join(folder, `${file}.db`);
  const mark = `${path}.damaged`;
  const { name, migrations } = kind;
  const notices: string[] = [];
  const openSound = (): Database => openAndProbe(path, kind);
  const parts = {
    path,
    name,
    notices,
    reopen: openSound,
    // Damage deep inside shows only when it is read: the next one to open the database looks at all of it.
    onError: (error: unknown) => void (isDamage(error) && leaveMark(mark)),
  };
  const isLost = hasLostItsBeginning(path);
  try {
    if (!existsSync(mark) && !isLost) return { ...parts, database: openSound() };
  } catch (error) {
    if (error instanceof OrxError) throw error;
    if (!isDamage(error)) return openForReading(error);
  }
  try {
    const { mendDatabase } = await import('./mend-database.ts');
    const notice = await mendDatabase({ ...kind, path, mark, hasLostItsBeginning: isLost, open: openSound });
    if (notice !== undefined) notices.push(notice);
    return { ...parts, database: openSound() };
  } catch (error) {
    throw databaseError(error, { name, path, doing: 'write' });
  }

  function openForReading(reason: unknown): SturdyDatabase {
    const error = databaseError(reason, { name, path, doing: 'write' });
    const database = openReadOnly(path, migrations);
    if (database === undefined) throw error;
    notices.push(error instanceof Error ? error.message : String(error));
    return { ...parts, database, readOnlyBecause: reason instanceof Error ? reason.message : String(reason) };
  }
}

function openAndProbe(path: string, { migrations, probe }: SturdyKind): Database {
  const database = openDatabase({ path, migrations });
  try {
    probe(database);
    return database;
  } catch (error) {
    database.close();
    // A table that is not there any more is damage, too.
    if (error instanceof Error && 'code' in error && error.code === 'SQLITE_ERROR') error.code = 'SQLITE_CORRUPT';
    throw error;
  }
}

// SQLite takes an empty file for a new database, and throws its log away.
function hasLostItsBeginning(path: string): boolean {
  const size = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  return existsSync(path) && size(path) === 0 && size(`${path}-wal`) > 0;
}

function leaveMark(mark: string): void {
  try {
    writeFileSync(mark, '', { mode: 0o600 });
  } catch {
    // Then whoever reads that place again finds the damage again.
  }
}
