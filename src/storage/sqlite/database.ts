import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import Libsql from 'libsql';
import { OrxError } from '../../errors.ts';
import { damage } from './errors.ts';
import { openedFiles } from './opened-files.ts';
import { patiently } from './patiently.ts';
import { keepDatabasePrivate, makePrivateFolder } from '../files/private-mode.ts';

/** A SQLite database. The methods are those of better-sqlite3, which libsql implements. */
export type Database = InstanceType<typeof Libsql>;

/** How long SQLite itself waits for another process: patiently.ts waits longer, and with shorter pauses. */
const BUSY_TIMEOUT_MS = 100;
/** Largest plausible number of migrations: a higher one is damage, not the schema of a newer orx. */
const MOST_LAYOUTS = 1000;

/** One step from an older schema to the next. A released migration is never edited: a later one fixes it. */
export interface Migration {
  name: string;
  sql: string;
}

export interface OpenDatabaseOptions {
  path: string;
  /** All migrations, oldest first. */
  migrations: readonly Migration[];
}

/** The files of a database: the database itself, its write-ahead log, and the shared memory of that log. */
const DATABASE_PARTS = ['', '-wal', '-shm'];

/**
 * Creates an empty database. It is created under another name and then renamed, so that an empty file is always one that lost its data. Throws
 * the system's error. `newest`: SturdyKind.newest.
 */
export function createDatabase(path: string, migrations: readonly Migration[], newest?: string): void {
  const beside = `${path}.new`;
  try {
    createUnfinished(beside, migrations, newest).close();
    // Not synced to disk: the database is empty, and after a crash the next process creates it again.
    renameSync(beside, path);
  } finally {
    removeDatabase(beside);
  }
}

/** Replaces a file with another one atomically, after syncing it to disk. */
export function moveInto(from: string, path: string): void {
  const file = openSync(from, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(from, path);
}

/**
 * Creates a database that no other process uses yet. It has no write-ahead log: SQLite would continue to use a log of this name when this
 * process opens the same file under its new name.
 */
export function createUnfinished(path: string, migrations: readonly Migration[], newest?: string): Database {
  removeDatabase(path);
  makePrivateFolder(dirname(path));
  closeSync(openSync(path, 'wx', 0o600));
  const database = new Libsql(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    // A crash loses nothing until moveInto has put the file in its place.
    database.exec('PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF');
    migrate(database, path, migrations, newest);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Deletes a database with its log. A missing file is not an error. */
export function removeDatabase(path: string): void {
  for (const part of DATABASE_PARTS) rmSync(path + part, { force: true });
}

/**
 * Opens a database for several processes at once (write-ahead log), private to this user, and migrates it to the newest schema. A database that
 * is newer than this program stays unchanged: kind `unexpected`, code `database-newer`. Throws SQLite's error for a damaged file and the
 * system's error for a missing one: this function neither creates nor repairs a file.
 */
export function openDatabase({ path, migrations }: OpenDatabaseOptions): Database {
  // SQLite gives the write-ahead log the mode of the database.
  keepDatabasePrivate(path);
  openedFiles.add(path);
  const database = new Libsql(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    patiently(() => {
      database.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
      // SQLite then reports a page with impossible cell sizes as damage instead of writing to it.
      database.pragma('cell_size_check = ON');
      checkFormat(database, path);
      database.pragma('journal_mode = WAL');
      database.pragma('synchronous = NORMAL');
      migrate(database, path, migrations);
    });
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Throws damage for a file whose format differs from the one that orx creates, or whose size does not match its pages. */
function checkFormat(database: Database, path: string): void {
  database.exec('BEGIN');
  try {
    const [form] = database
      .prepare(
        `SELECT encoding, auto_vacuum vacuum, page_size * page_count bytes
         FROM pragma_encoding, pragma_auto_vacuum, pragma_page_size, pragma_page_count`,
      )
      .all() as { encoding: string; vacuum: number; bytes: number }[];
    if (form?.encoding !== 'UTF-8' || form.vacuum !== 0) throw damage('the header of the file is damaged');
    // The log may contain some of the pages. Without a log, nobody writes to the file while this transaction reads it.
    const size = statSync(path).size;
    if (form.bytes !== size && !hasLog(path)) throw damage('the file has not as many pages as its header says');
  } finally {
    rollBack(database);
  }
}

function hasLog(path: string): boolean {
  return (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

/**
 * Opens a database that cannot be written, such as one in another user's folder. If the folder does not allow what shared access needs, the file
 * is opened as immutable, and the latest changes may be missing. Undefined if that fails too, or if the schema is an older one, which cannot be
 * migrated.
 */
export function openReadOnly(path: string, migrations: readonly Migration[]): Database | undefined {
  openedFiles.add(path);
  for (const way of ['mode=ro', 'immutable=1']) {
    let database: Database | undefined;
    try {
      database = new Libsql(`${pathToFileURL(path).href}?${way}`);
      if (layoutOf(database) === migrations.length) return database;
    } catch {
      // Try the next way.
    }
    database?.close();
  }
  return undefined;
}

/** Returns an empty in-memory database as a sample of an intact schema. */
export function openSample(migrations: readonly Migration[]): Database {
  const database = new Libsql(':memory:');
  for (const { sql } of migrations) database.exec(sql);
  return database;
}

/** Migrates in one transaction, including the version number. If two processes do so at once, the second one finds nothing to do. */
function migrate(database: Database, path: string, migrations: readonly Migration[], newest?: string): void {
  if (layoutOf(database) === migrations.length) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    const layout = layoutOf(database);
    if (layout > MOST_LAYOUTS) throw damage('the number of its layout is damaged');
    if (layout > migrations.length) throw newer(path);
    const missing = layout === 0 && newest !== undefined ? [newest] : migrations.slice(layout).map(({ sql }) => sql);
    for (const sql of missing) database.exec(sql);
    database.pragma(`user_version = ${migrations.length}`);
    database.exec('COMMIT');
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

/** Rolls back a transaction. Never throws: the original error is what matters. */
export function rollBack(database: Database): void {
  try {
    // If the disk is full, SQLite has rolled back itself.
    if (database.inTransaction) database.exec('ROLLBACK');
  } catch {
    // Closing the database rolls back.
  }
}

/** Returns the whole schema of a database as one text. */
export function schemaOf(database: Database): string {
  const rows = database
    .prepare(`SELECT CAST(concat_ws(' ', type, name, tbl_name, sql) AS BLOB) line FROM sqlite_schema ORDER BY type, name`)
    .all() as { line: Uint8Array }[];
  // Line breaks do not matter.
  return rows
    .map(({ line }) =>
      Buffer.from(line)
        .toString('latin1')
        .replaceAll(/\s+/g, ' ')
        .replaceAll(/ ?([(),]) ?/g, '$1'),
    )
    .join('\n');
}

/** Returns the number of migrations that a database has. */
function layoutOf(database: Database): number {
  // libsql has no `simple` option: it returns the whole row.
  const [row] = database.pragma('user_version') as { user_version: number }[];
  return row?.user_version ?? 0;
}

function newer(path: string): OrxError {
  return new OrxError(`${path} was written by a newer orx`, {
    kind: 'unexpected',
    code: 'database-newer',
    hints: ['update orx; this version does not change the file'],
  });
}
