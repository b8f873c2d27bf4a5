import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Migration, openReadOnly } from './sqlite/database.ts';
import { Sql } from './sqlite/sql.ts';

/**
 * What `query` finds in a database, for somebody who pressed a key and waits. The file is only read: never made, mended or brought to another
 * layout. Undefined when it is not there or cannot be read like that.
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
    // A damaged one: whoever runs a command hears of it.
    return undefined;
  } finally {
    database.close();
  }
}
