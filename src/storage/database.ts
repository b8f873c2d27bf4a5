import { closeSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import Libsql from 'libsql';
import { OrxError } from '../errors.ts';
import { damage } from './database-errors.ts';
import { keepFilePrivate, makePrivateFolder } from './private-mode.ts';

/** A database of SQLite. The methods are those of better-sqlite3, which libsql follows. */
export type Database = InstanceType<typeof Libsql>;

const BUSY_TIMEOUT_MS = 10_000;

/** One step from an older layout to the next. Never edited once it is released: a later one mends it. */
export interface Migration {
  name: string;
  sql: string;
}

export interface OpenDatabaseOptions {
  path: string;
  /** All there ever were, oldest first. */
  migrations: readonly Migration[];
  /** How long a statement waits for another process. Default 10 s; a transaction may wait longer: sql.ts. */
  busyTimeoutMs?: number;
}

/** The files of a database: itself, its write-ahead log, and what its users share of that. */
export const DATABASE_PARTS = ['', '-wal', '-shm'];

/**
 * Makes an empty database. It is made beside its place and then moved there: a file of no bytes is always one that lost them. Throws what the
 * system says.
 */
export function createDatabase(path: string, migrations: readonly Migration[]): void {
  const beside = `${path}.new`;
  try {
    createUnfinished(beside, migrations).close();
    renameSync(beside, path);
  } finally {
    removeDatabase(beside);
  }
}

/** A new database that nobody else uses yet: all of it is in one file when it is closed. */
export function createUnfinished(path: string, migrations: readonly Migration[]): Database {
  removeDatabase(path);
  makePrivateFolder(dirname(path));
  closeSync(openSync(path, 'wx', 0o600));
  const database = new Libsql(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    // As it stays from then on: to change it later takes a moment in which nobody else has it open.
    database.pragma('journal_mode = WAL');
    migrate(database, path, migrations);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

export function removeDatabase(path: string): void {
  for (const part of DATABASE_PARTS) rmSync(path + part, { force: true });
}

/**
 * Opens a database for several processes at once (write-ahead log), private to this user, and brings it to the newest layout. One that is
 * newer than this program is left as it is: kind `unexpected`, code `database-newer`. Throws what SQLite says for a damaged file, and what the
 * system says when there is none: nothing is made or repaired here.
 */
export function openDatabase({ path, migrations, busyTimeoutMs = BUSY_TIMEOUT_MS }: OpenDatabaseOptions): Database {
  const descriptor = openSync(path, 'r');
  try {
    // SQLite gives the write-ahead log the mode of the database.
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

/** A database in memory with nothing in it: what a sound one of this layout looks like. */
export function openSample(migrations: readonly Migration[]): Database {
  const database = new Libsql(':memory:');
  for (const { sql } of migrations) database.exec(sql);
  return database;
}

/** Each step and the note that it was taken are one transaction; of two processes at once the second finds nothing left to do. */
function migrate(database: Database, path: string, migrations: readonly Migration[]): void {
  if (layoutOf(database) === migrations.length) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    const layout = layoutOf(database);
    if (layout > migrations.length) throw hasSchemaOf(database, migrations) ? damage('the number of its layout is damaged') : newer(path);
    for (const { sql } of migrations.slice(layout)) database.exec(sql);
    database.pragma(`user_version = ${migrations.length}`);
    database.exec('COMMIT');
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

/** Undoes a transaction. Never throws: what went wrong before is what matters. */
export function rollBack(database: Database): void {
  try {
    // SQLite itself has undone it when the disk was full.
    if (database.inTransaction) database.exec('ROLLBACK');
  } catch {
    // It is undone when the database is closed.
  }
}

/** All that the schema of a database says, as one text. */
export function schemaOf(database: Database): string {
  const rows = database
    .prepare(`SELECT CAST(concat_ws(' ', type, name, tbl_name, sql) AS BLOB) line FROM sqlite_schema ORDER BY rowid`)
    .all() as { line: Uint8Array }[];
  return rows.map(({ line }) => Buffer.from(line).toString('latin1')).join('\n');
}

function hasSchemaOf(database: Database, migrations: readonly Migration[]): boolean {
  const sample = openSample(migrations);
  try {
    return schemaOf(database) === schemaOf(sample);
  } finally {
    sample.close();
  }
}

/** How many steps have been taken to the layout of a database. */
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
