import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Migration, openReadOnly } from './sqlite/database.ts';
import { Sql } from './sqlite/sql.ts';

/**
 * Returns the result of `query` on a database, for completion, which must be fast. Only reads the file: it never creates, repairs or migrates
 * it. Undefined if the file is missing or cannot be read in this way.
 */
export function readForKeyPress<Result>(
  { folder, name }: { folder: string; name: string },
  migrations: readonly Migration[],
  query: (sql: Sql) => Result,
): Result | undefined {
  const path = join(folder, `${name}.db`);
  const database = existsSync(path) ? openReadOnly(path, migrations) : undefined;
  if (database === undefined) return undefined;
  try {
    return query(new Sql(database));
  } catch {
    // The next command reports a damaged file.
    return undefined;
  } finally {
    database.close();
  }
}
