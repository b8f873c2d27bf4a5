import { isUtf8 } from 'node:buffer';
import { type Database, openSample, type Migration, schemaOf } from '../database.ts';

const MOST_LINES = 20;

interface Sample {
  schema: string;
  texts: readonly { table: string; name: string }[];
}

const SAMPLES = new WeakMap<readonly Migration[], Sample>();

/**
 * Reads a whole database. Returns what is wrong with it, one line each: problems that SQLite's integrity check finds, a schema that differs from
 * these migrations, and texts that are not UTF-8. Throws SQLite's error if it cannot check at all.
 */
export function wrongWith(database: Database, migrations: readonly Migration[]): string[] {
  const { schema, texts } = sampleOf(migrations);
  const isSameSchema = schemaOf(database) === schema;
  return [
    ...(isSameSchema ? [] : ['the schema is not the one that orx made']),
    ...integrityProblems(database),
    ...(isSameSchema ? badTexts(database, texts) : []),
  ].slice(0, MOST_LINES);
}

function sampleOf(migrations: readonly Migration[]): Sample {
  const known = SAMPLES.get(migrations);
  if (known !== undefined) return known;
  const database = openSample(migrations);
  try {
    const texts = database
      .prepare(
        `SELECT tables.name "table", columns.name FROM pragma_table_list tables, pragma_table_info(tables.name) columns
         WHERE tables.schema = 'main' AND tables.type = 'table' AND tables.name NOT LIKE 'sqlite%' AND columns.type = 'TEXT'`,
      )
      .all() as Sample['texts'];
    const sample = { schema: schemaOf(database), texts };
    SAMPLES.set(migrations, sample);
    return sample;
  } finally {
    database.close();
  }
}

/** Returns the problems that SQLite's integrity check finds. */
function integrityProblems(database: Database): string[] {
  // Read as bytes, because the messages contain names from the file.
  const rows = database.prepare(`SELECT CAST(integrity_check AS BLOB) line FROM pragma_integrity_check(${MOST_LINES})`).all() as {
    line: Uint8Array;
  }[];
  // One row may contain several lines.
  const lines = rows.flatMap(({ line }) => Buffer.from(line).toString().split('\n'));
  return lines.filter((line) => line !== 'ok' && !line.startsWith('***'));
}

function badTexts(database: Database, columns: Sample['texts']): string[] {
  return columns.flatMap(({ table, name }) => {
    const matches = database.prepare(
      `SELECT CAST(${name} AS BLOB) bytes FROM ${table} NOT INDEXED WHERE ${name} GLOB '*[^ -~]*'`,
    );
    let count = 0;
    for (const row of matches.iterate()) if (!isUtf8((row as { bytes: Uint8Array }).bytes)) count += 1;
    return count === 0
      ? []
      : [`${count} ${count === 1 ? 'text' : 'texts'} of ${table}.${name} ${count === 1 ? 'is' : 'are'} not UTF-8`];
  });
}
