import { statSync } from 'node:fs';
import { databaseError, unwritable } from './errors.ts';
import { Sql } from './sql.ts';
import type { SturdyDatabase } from './sturdy-database.ts';

/** Transactions that throw orx's errors. */
export interface GuardedSql {
  sql: Sql;
  /** Runs several queries on one snapshot of the database. */
  read: <Result>(work: () => Result) => Result;
  /** Runs one transaction that may write. Throws code `…-unwritable` for a database that can only be read. */
  write: <Result>(work: () => Result, patienceMs?: number) => Result;
  /** Converts errors of `work` to orx's errors, without a transaction. */
  guarded: <Result>(doing: 'read' | 'write', work: () => Result) => Result;
  /** Returns the space of deleted rows to the disk, if no other process has the database open. */
  giveSpaceBack: () => void;
}

/** Calls `onReplaced` when another process has replaced the file: cached data of the old file is invalid, and its settings are lost. */
export function guardSql(
  { database, path, name, readOnlyBecause, reopen, onError }: SturdyDatabase,
  onReplaced: () => void = () => undefined,
): GuardedSql {
  const sql = new Sql(database);
  let file = fileAt(path);
  const followFile = (): void => {
    // Another process has recovered the damaged file, or someone deleted it: writes to the old file would be lost.
    const current = fileAt(path);
    if (current === file || readOnlyBecause !== undefined) return;
    sql.replace(reopen());
    onReplaced();
    file = fileAt(path);
  };
  const guarded = <Result>(doing: 'read' | 'write', work: () => Result): Result => {
    try {
      return work();
    } catch (error) {
      onError(error);
      throw databaseError(error, { name, path, doing });
    }
  };
  return {
    sql,
    guarded,
    read: (work) =>
      guarded('read', () => {
        followFile();
        return sql.read(work);
      }),
    write(work, patienceMs) {
      if (readOnlyBecause !== undefined) throw unwritable({ name, path }, readOnlyBecause);
      return guarded('write', () => {
        followFile();
        return sql.write(work, patienceMs);
      });
    },
    giveSpaceBack() {
      try {
        sql.run('VACUUM');
        sql.pragma('wal_checkpoint(TRUNCATE)');
      } catch {
        // Not possible while others read: the space is then reused for new rows.
      }
    },
  };
}

function fileAt(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}
