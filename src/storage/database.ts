import { closeSync, existsSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import Libsql from 'libsql';
import { OrxError } from '../errors.ts';
import { keepFilePrivate, makePrivateFolder } from './private-mode.ts';

/** A database of SQLite. The methods are those of better-sqlite3, which libsql follows. */
export type Database = InstanceType<typeof Libsql>;

/** One step from an older layout to the next. Never edited once it is released: a later one mends it. */
export interface Migration {
  name: string;
  sql: string;
}

export interface OpenDatabaseOptions {
  path: string;
  /** All there ever were, oldest first. */
  migrations: readonly Migration[];
  /** Default 5000: how long a statement waits for another process. */
  busyTimeoutMs?: number;
}

/**
 * Opens a database for several processes at once (write-ahead log), private to this user, and brings it to the newest layout. One that is
 * newer than this program is left as it is: kind `unexpected`, code `database-newer`. Throws what SQLite says for a damaged file; nothing
 * is repaired here.
 */
export function openDatabase({ path, migrations, busyTimeoutMs = 5000 }: OpenDatabaseOptions): Database {
  makePrivateFolder(dirname(path));
  // SQLite gives the write-ahead log the mode of the database: it has to be right from the first moment.
  const descriptor = openSync(path, existsSync(path) ? 'r' : 'a', 0o600);
  try {
    keepFilePrivate(descriptor);
  } finally {
    closeSync(descriptor);
  }
  const database = new Libsql(path, { timeout: busyTimeoutMs });
  try {
    database.pragma(`busy_timeout = ${busyTimeoutMs}`);
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    migrate(database, path, migrations);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Opens a database that cannot be written, such as one in a folder of somebody else's. Where that folder lacks what several processes at once
 * need, it is read as a file that nobody changes, and what was written last may be missing. Undefined when that does not work either, or when
 * its layout is another: it cannot be brought to the newest.
 */
export function openReadOnly(path: string, migrations: readonly Migration[]): Database | undefined {
  for (const way of ['mode=ro', 'immutable=1']) {
    let database: Database | undefined;
    try {
      database = new Libsql(`${pathToFileURL(path).href}?${way}`);
      if (layoutOf(database) === migrations.length) return database;
    } catch {
      // The next way.
    }
    database?.close();
  }
  return undefined;
}

/** Opens what is left of a damaged database, for reading what can be read. */
export function openDamaged(path: string): Database {
  return new Libsql(path);
}

/** Each step and the note that it was taken are one transaction; of two processes at once the second finds nothing left to do. */
function migrate(database: Database, path: string, migrations: readonly Migration[]): void {
  if (layoutOf(database) === migrations.length) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    const layout = layoutOf(database);
    if (layout > migrations.length) throw newer(path);
    for (const { sql } of migrations.slice(layout)) database.exec(sql);
    database.pragma(`user_version = ${migrations.length}`);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

function layoutOf(database: Database): number {
  // libsql has no `simple` of its own: it gives the whole row.
  const [row] = database.pragma('user_version') as { user_version: number }[];
  return row?.user_version ?? 0;
}

function newer(path: string): OrxError {
  return new OrxError(`${path} was written by a newer orx`, {
    kind: 'unexpected',
    code: 'database-newer',
    hints: ['update orx; until then this file is not touched'],
  });
}
