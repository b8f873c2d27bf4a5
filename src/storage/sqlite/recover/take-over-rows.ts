import type { Sql, SqlValue } from '../sql.ts';
import type { StoredValue } from './record.ts';
import type { RecoveredTables } from './recover-tables.ts';

export interface TakenTable {
  name: string;
  columns: readonly string[];
  /** The row as it is written, if it can be; what a damaged one lacks may be put in. */
  complete?: (
    values: Readonly<Record<string, StoredValue | undefined>>,
    isSound: boolean,
  ) => Record<string, StoredValue | undefined>;
}

/** Writes the recovered rows of a table into a new database. Returns how many. */
export function takeOverRows(damaged: RecoveredTables, fresh: Sql, { name, columns, complete }: TakenTable): number {
  const sql = `INSERT INTO ${name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
  let count = 0;
  for (const { values, isSound } of damaged.rows(name)) {
    const row = complete?.(values, isSound) ?? values;
    try {
      fresh.run(
        sql,
        columns.map((column) => row[column] as SqlValue),
      );
      count += 1;
    } catch (error) {
      // A value that its column refuses, or a second row of the same key. A full disk is another matter.
      if (!isConstraint(error)) throw error;
      damaged.addProblem(`a row of ${name} is damaged`);
    }
  }
  return count;
}

function isConstraint(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_CONSTRAINT');
}
