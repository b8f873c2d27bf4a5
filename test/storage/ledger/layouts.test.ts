import { chmodSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Libsql from 'libsql';
import { expect, test } from 'vitest';
import { createDatabase, openDatabase } from '../../../src/storage/sqlite/database.ts';
import { LEDGER_MIGRATIONS } from '../../../src/storage/ledger/migrations.ts';
import { entryOf, NOW, resultOf, scopeOf, SPANS } from '../../support/ledger-entries.ts';
import { testLedger } from '../../support/ledger.ts';
import { tempFolder } from '../../support/temp-home.ts';

/** The first released layout, as layouts.test.ts stores it: every later version must open it. */
const FIRST_LAYOUT = readFileSync(new URL('../__snapshots__/ledger-1.sql', import.meta.url), 'utf8');

const FIRST_DATA = `
  INSERT INTO label (id, text) VALUES (1, 'chat'), (2, 'default'), (3, '/work'), (4, 'sandbox'), (5, 'a/one'), (6, 'a'), (7, 'P');
  INSERT INTO entry (row, id, opened_at, command, conversation, profile, project, api, requested_model, model, family,
    estimated_prompt_tokens, outcome, provider, cost, cost_nano, cost_rest, cost_source, attempts)
    VALUES (1, 'old', ${NOW}, 1, 'c1', 2, 3, 4, 5, 5, 6, 100, 0, 7, '0.5000000001', 500000000, 100000000, 3, 1);
  INSERT INTO entry (row, id, opened_at, command, conversation, profile, project, api, requested_model, model, family,
    estimated_prompt_tokens, expected_cost) VALUES (2, 'open', ${NOW}, 1, 'c1', 2, 3, 4, 5, 5, 6, 100, '0.25');
  INSERT INTO lease (entry, expires_at, pid, host, amount, models) VALUES (2, ${NOW + 1}, 1, 'elsewhere', '0.3', '["a/one"]');
  INSERT INTO budget (id, period, amount, warn_at) VALUES (4, 'month', '20', 0.8);
  INSERT INTO budget_total (budget, start, end, conversation, nano, rest)
    VALUES (4, ${SPANS.month.start}, ${SPANS.month.end}, '', 500000000, 100000000);
  PRAGMA user_version = 1;
`;

test('a ledger of the first layout opens with all of its data', async () => {
  const folder = tempFolder();
  const database = new Libsql(join(folder, 'ledger.db'));
  database.exec(FIRST_LAYOUT);
  database.exec(FIRST_DATA);
  database.close();
  const ledger = await testLedger({ folder });
  expect(ledger.notices).toEqual([]);
  expect(ledger.check()).toMatchObject({ entries: 2, open: 1, reservations: 1, problems: [] });
  expect(ledger.standings(scopeOf())).toMatchObject([{ budget: { id: 4 }, spent: '0.5000000001', reserved: '0.3' }]);
  expect(ledger.closeLost(NOW + 1)).toBe(1);
  expect([...ledger.entries({})]).toEqual([
    { ...entryOf('old'), ...resultOf('0.5000000001'), provider: 'P', state: 'settled' },
    {
      ...entryOf('open', { expectedCost: '0.25' }),
      ...resultOf('0.25', { outcome: 'lost', costSource: 'estimated' }),
      state: 'settled',
    },
  ]);
  expect(ledger.standings(scopeOf())).toMatchObject([{ spent: '0.7500000001', reserved: '0' }]);
});

test('for old requests, the name of the model determines the vendor', async () => {
  const folder = tempFolder();
  const database = new Libsql(join(folder, 'ledger.db'));
  database.exec(FIRST_LAYOUT);
  database.exec(FIRST_DATA);
  const names = ['anthropic:claude-sonnet-4-6', 'a/one:free', 'ollama:hf.co/x:q4', 'auto'];
  for (const [index, name] of names.entries()) {
    database.exec(`INSERT INTO label (id, text) VALUES (${20 + index}, '${name}')`);
    database.exec(`INSERT INTO entry (id, opened_at, command, conversation, profile, project, api, requested_model, model, family,
      estimated_prompt_tokens, outcome, cost_source, attempts)
      VALUES ('n${index}', ${NOW + 1 + index}, 1, 'c1', 2, 3, 4, ${20 + index}, ${20 + index}, 6, 1, 0, 0, 1)`);
  }
  database.close();
  const ledger = await testLedger({ folder });
  const vendors = ['openrouter', 'openrouter', 'anthropic', 'openrouter', 'ollama', 'openrouter'];
  expect([...ledger.entries({})].map(({ vendor }) => vendor)).toEqual(vendors);
  const { groups } = ledger.report({}, { by: 'vendor', zone: [{ from: -Infinity, offsetMs: 0 }] });
  expect(new Map(groups.map(({ group, requests }) => [group, requests]))).toEqual(
    new Map([
      ['openrouter', 4],
      ['anthropic', 1],
      ['ollama', 1],
    ]),
  );
  expect(ledger.check()).toMatchObject({ problems: [] });
});

test("an old request with the user's provider key is an estimate, until the provider's charge is looked up", async () => {
  const folder = tempFolder();
  const database = new Libsql(join(folder, 'ledger.db'));
  database.exec(FIRST_LAYOUT);
  database.exec(FIRST_DATA);
  database.exec("UPDATE entry SET is_byok = 1, generation_id = 'gen-1' WHERE id = 'old'");
  database.close();
  const ledger = await testLedger({ folder });
  const [entry] = ledger.unbilled({ since: 0, limit: 1 });
  expect(entry).toMatchObject({ id: 'old', cost: '0.5000000001', costSource: 'estimated', isByok: true });
  ledger.settle('old', { ...entry, ...resultOf('0.25', { costSource: 'looked-up', isByok: true, upstreamCost: '1.5' }) });
  expect(ledger.standings(scopeOf())).toMatchObject([{ spent: '1.75' }]);
  expect(ledger.sums({})).toMatchObject({ cost: '1.75', upstreamCost: '1.5', estimated: 0 });
  expect(ledger.check()).toMatchObject({ problems: [] });
  // A better source that has no charge keeps the stored one.
  ledger.import([{ ...entry!, costSource: 'billed', cost: '0.5', upstreamCost: undefined }]);
  expect(ledger.sums({})).toMatchObject({ cost: '2', upstreamCost: '1.5' });
});

test('migrations run once and in order, and a failing one leaves the database unchanged', () => {
  const path = join(tempFolder(), 'steps.db');
  createDatabase(path, []);
  const first = { name: 'first', sql: 'CREATE TABLE one (a)' };
  const second = { name: 'second', sql: 'CREATE TABLE two (b); INSERT INTO one VALUES (1)' };
  const tables = (migrations: { name: string; sql: string }[]): unknown[] => {
    const database = openDatabase({ path, migrations });
    const names = database.prepare('SELECT name FROM sqlite_schema ORDER BY name').all() as { name: string }[];
    const [{ n }] = database.prepare('SELECT COUNT(*) n FROM one').all() as [{ n: number }];
    database.close();
    return [...names.map(({ name }) => name), n];
  };
  expect(tables([first])).toEqual(['one', 0]);
  expect(() => tables([first, { name: 'broken', sql: 'CREATE TABLE two (b); nonsense' }])).toThrow('nonsense');
  expect(tables([first])).toEqual(['one', 0]);
  expect(tables([first, second])).toEqual(['one', 'two', 1]);
  expect(tables([first, second])).toEqual(['one', 'two', 1]);
  expect(() => tables([first])).toThrow(expect.objectContaining({ code: 'database-newer' }));
});

test('only this user can read a database and its log', () => {
  const folder = join(tempFolder(), 'data');
  const path = join(folder, 'x.db');
  createDatabase(path, LEDGER_MIGRATIONS);
  const database = openDatabase({ path, migrations: LEDGER_MIGRATIONS });
  database.prepare("INSERT INTO label (text) VALUES ('a')").run();
  for (const name of [folder, path, `${path}-wal`]) expect(statSync(name).mode & 0o077).toBe(0);
  chmodSync(path, 0o644);
  openDatabase({ path, migrations: LEDGER_MIGRATIONS }).close();
  expect(statSync(path).mode & 0o077).toBe(0);
  expect(readFileSync(path).subarray(0, 15).toString()).toBe('SQLite format 3');
});
