import Libsql from 'libsql';
import { expect, test } from 'vitest';
import { CONVERSATION_MIGRATIONS } from '../../src/storage/conversations/migrations.ts';
import { LEDGER_MIGRATIONS } from '../../src/storage/ledger/migrations.ts';
import { MARKET_MIGRATIONS } from '../../src/storage/market/open-market.ts';
import { NEWEST_LEDGER } from '../../src/storage/ledger/newest.ts';
import { type Migration, openSample, schemaOf } from '../../src/storage/sqlite/database.ts';

// Databases of every released layout exist on disks, so none of these files ever changes: a new migration adds one.

const DATABASES: Readonly<Record<string, readonly Migration[]>> = {
  ledger: LEDGER_MIGRATIONS,
  conversations: CONVERSATION_MIGRATIONS,
  market: MARKET_MIGRATIONS,
};
const LAYOUTS = Object.entries(DATABASES).flatMap(([name, migrations]) =>
  migrations.map((_, index): [string, number] => [name, index + 1]),
);

/** Returns SQLite's own description of a database after these migrations. */
function layoutAfter(migrations: readonly Migration[]): string {
  const database = new Libsql(':memory:');
  for (const { sql } of migrations) database.exec(sql);
  const rows = database.prepare('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid').all() as { sql: string }[];
  database.close();
  return rows.map(({ sql }) => `${sql.replaceAll(/\n\s*/g, '\n  ').replace(/\n {2}\)([^\n]*)$/, '\n)$1')};\n`).join('');
}

test.each(LAYOUTS)('layout of the %s after step %i', async (name, steps) => {
  await expect(layoutAfter(DATABASES[name]!.slice(0, steps))).toMatchFileSnapshot(`__snapshots__/${name}-${steps}.sql`);
});

test('a new ledger is what all migrations make', () => {
  const [made, migrated] = [openSample([{ name: 'newest', sql: NEWEST_LEDGER }]), openSample(LEDGER_MIGRATIONS)];
  expect(schemaOf(made)).toBe(schemaOf(migrated));
  const tables = migrated.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all() as { name: string }[];
  const rows = (database: typeof made): unknown =>
    tables.map(({ name }) => [name, database.prepare(`SELECT * FROM "${name}"`).all()]);
  expect(rows(made)).toEqual(rows(migrated));
  for (const database of [made, migrated]) database.close();
});
