import { isUtf8 } from 'node:buffer';
import { type Database, openSample, type Migration, schemaOf } from '../database.ts';

const MOST_LINES = 20;

/**
 * Reads all of a database. Returns what is wrong with it, a line each: what SQLite's integrity check finds, a schema that is not the one of
 * these migrations, and texts that are not UTF-8. Throws what SQLite throws when it cannot even look.
 */
export function wrongWith(database: Database, migrations: readonly Migration[]): string[] {
  const sample = openSample(migrations);
  try {
    const isSameSchema = schemaOf(database) === schemaOf(sample);
    return [
      ...(isSameSchema ? [] : ['the schema is not the one that orx made']),
      ...integrityProblems(database),
      ...(isSameSchema ? badTexts(database, sample) : []),
    ].slice(0, MOST_LINES);
  } finally {
    sample.close();
  }
}

/** What SQLite's own check finds. */
export function integrityProblems(database: Pick<Database, 'prepare'>): string[] {
  // Read as bytes: names in it come from the file.
  const rows = database.prepare(`SELECT CAST(integrity_check AS BLOB) line FROM pragma_integrity_check(${MOST_LINES})`).all() as {
    line: Uint8Array;
  }[];
  return rows.map(({ line }) => Buffer.from(line).toString()).filter((line) => line !== 'ok');
}

function badTexts(database: Database, sample: Database): string[] {
  const columns = sample
    .prepare(
      `SELECT tables.name "table", columns.name FROM pragma_table_list tables, pragma_table_info(tables.name) columns
       WHERE tables.schema = 'main' AND tables.type = 'table' AND tables.name NOT LIKE 'sqlite%' AND columns.type = 'TEXT'`,
    )
    .all() as { table: string; name: string }[];
  return columns.flatMap(({ table, name }) => {
    const found = database.prepare(`SELECT CAST(${name} AS BLOB) bytes FROM ${table} NOT INDEXED WHERE ${name} GLOB '*[^ -~]*'`);
    let count = 0;
    for (const row of found.iterate()) if (!isUtf8((row as { bytes: Uint8Array }).bytes)) count += 1;
    return count === 0 ? [] : [`${count} ${count === 1 ? 'text' : 'texts'} of ${table}.${name} ${count === 1 ? 'is' : 'are'} not UTF-8`];
  });
}
