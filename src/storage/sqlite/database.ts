import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import Libsql from 'libsql';
import { OrxError } from '../../errors.ts';
import { damage } from './errors.ts';
import { patiently } from './patiently.ts';
import { keepDatabasePrivate, makePrivateFolder } from '../files/private-mode.ts';

/** A database of SQLite. The methods are those of better-sqlite3, which libsql follows. */
export type Database = InstanceType<typeof Libsql>;

/** How long SQLite itself waits for another process: patiently.ts waits longer, and better. */
const BUSY_TIMEOUT_MS = 100;
/** There will never be so many: a higher number is no layout of a newer orx. */
const MOST_LAYOUTS = 1000;

/** One step from an older layout to the next. Never edited once it is released: a later one mends it. */
export interface Migration {
  name: string;
  sql: string;
}

export interface OpenDatabaseOptions {
  path: string;
  /** All there ever were, oldest first. */
  migrations: readonly Migration[];
}

/** The files of a database: itself, its write-ahead log, and what its users share of that. */
const DATABASE_PARTS = ['', '-wal', '-shm'];

/**
 * Makes an empty database. It is made beside its place and then moved there: a file of no bytes is always one that lost them. Throws what the
 * system says.
 */
export function createDatabase(path: string, migrations: readonly Migration[]): void {
  const beside = `${path}.new`;
  try {
    createUnfinished(beside, migrations).close();
    // It is empty: after a crash of the machine the next one is made.
    renameSync(beside, path);
  } finally {
    removeDatabase(beside);
  }
}

/** Puts a file in the place of another, whole and on the disk. */
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
 * A new database that nobody else uses yet. It has no write-ahead log: SQLite would go on with what belongs to that under this name, when this
 * process opens the same file under another.
 */
export function createUnfinished(path: string, migrations: readonly Migration[]): Database {
  removeDatabase(path);
  makePrivateFolder(dirname(path));
  closeSync(openSync(path, 'wx', 0o600));
  const database = new Libsql(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    // Until it is in its place, a crash costs nothing: moveInto.
    database.exec('PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF');
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
export function openDatabase({ path, migrations }: OpenDatabaseOptions): Database {
  // SQLite gives the write-ahead log the mode of the database.
  keepDatabasePrivate(path);
  const database = new Libsql(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    patiently(() => {
      database.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
      // A page whose rows do not fit into it is damage, not something to write into.
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

/** Throws damage for a file of another form than orx makes, and for one that has more or fewer bytes than its pages. */
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
    // With a log a part of the pages stands there. Without one, nobody writes the file while this transaction reads it.
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

/** A database in memory with nothing in it: the form of an intact one of this layout. */
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
    if (layout > MOST_LAYOUTS) throw damage('the number of its layout is damaged');
    if (layout > migrations.length) throw newer(path);
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
    .prepare(`SELECT CAST(concat_ws(' ', type, name, tbl_name, sql) AS BLOB) line FROM sqlite_schema ORDER BY type, name`)
    .all() as { line: Uint8Array }[];
  // How it is broken into lines says nothing.
  return rows
    .map(({ line }) =>
      Buffer.from(line)
        .toString('latin1')
        .replaceAll(/\s+/g, ' ')
        .replaceAll(/ ?([(),]) ?/g, '$1'),
    )
    .join('\n');
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
    hints: ['update orx; this version does not change the file'],
  });
}
