import type { Sql, SqlValue } from '../sql.ts';
import type { StoredValue } from './record.ts';
import type { RecoveredTables } from './recover-tables.ts';

export interface TakenTable {
  name: string;
  columns: readonly string[];
  /** Returns the row to write; it may add values that a damaged row lacks. Default: the recovered values. */
  complete?: (
    values: Readonly<Record<string, StoredValue | undefined>>,
    isSound: boolean,
  ) => Record<string, StoredValue | undefined>;
}

/** Writes the recovered rows of a table into a new database. Returns their number. */
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
      // The column does not accept a value, or another row has the same key. Other errors, such as a full disk, are thrown.
      if (!isConstraint(error)) throw error;
      damaged.addProblem(`a row of ${name} is damaged`);
    }
  }
  return count;
}

function isConstraint(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_CONSTRAINT');
}
