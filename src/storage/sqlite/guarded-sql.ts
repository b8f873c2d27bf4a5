import { statSync } from 'node:fs';
import { databaseError, unwritable } from './errors.ts';
import { Sql } from './sql.ts';
import type { SturdyDatabase } from './sturdy-database.ts';

/** Transactions whose errors are those of orx. */
export interface GuardedSql {
  sql: Sql;
  /** One snapshot of the database for several queries. */
  read: <Result>(work: () => Result) => Result;
  /** One transaction that may write. Throws code `…-unwritable` for a database that can only be read. */
  write: <Result>(work: () => Result, patienceMs?: number) => Result;
  /** Turns what `work` throws into orx's errors, without a transaction. */
  guarded: <Result>(doing: 'read' | 'write', work: () => Result) => Result;
  /** Gives the room of what was deleted back to the disk, where nobody else has the database open. */
  giveSpaceBack: () => void;
}

/** `onReplaced` hears when the file was replaced meanwhile: what is remembered of the old one is wrong, and its settings are gone. */
export function guardSql(
  { database, path, name, readOnlyBecause, reopen, onError }: SturdyDatabase,
  onReplaced: () => void = () => undefined,
): GuardedSql {
  const sql = new Sql(database);
  let file = fileAt(path);
  const followFile = (): void => {
    // Another process recovered a damaged one meanwhile, or somebody deleted it: what is written to the old file would be lost.
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
        // Impossible while others read: then the room is used for what is to come.
      }
    },
  };
}

function fileAt(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}
