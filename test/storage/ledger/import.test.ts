import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Libsql from 'libsql';
import { describe, expect, test } from 'vitest';
import type { LedgerEntry } from '../../../src/storage/ledger/entry.ts';
import { Labels } from '../../../src/storage/ledger/labels.ts';
import { openLedger } from '../../../src/storage/ledger/open-ledger.ts';
import { foldEntries } from '../../../src/storage/ledger/rollups/fold.ts';
import { Sql } from '../../../src/storage/sqlite/sql.ts';
import { entryOf, holdOf, NOW, resultOf, scopeOf } from '../../support/ledger-entries.ts';
import { ownerOf, testLedger } from '../../support/ledger.ts';
import { tempFolder } from '../../support/temp-home.ts';

const settled = (id: string, fields: Partial<LedgerEntry> = {}): LedgerEntry => ({
  ...entryOf(id),
  ...resultOf('0.5'),
  state: 'settled',
  ...fields,
});

describe('an import', () => {
  test('of an export gives the same entries, and a second one adds nothing', async () => {
    const [from, to] = [await testLedger(), await testLedger()];
    from.import(
      Array.from({ length: 1100 }, (_, index) =>
        settled(`e${index}`, { openedAt: NOW - (index % 7), provider: `P${index % 3}` }),
      ),
    );
    from.open(entryOf('open'));
    expect(to.import(from.entries({}))).toEqual({ added: 1101, known: 0 });
    expect([...to.entries({})]).toEqual([...from.entries({})]);
    expect(to.import(from.entries({}))).toEqual({ added: 0, known: 1101 });
    // The process of an open entry is not on this machine.
    expect(to.closeLost(NOW)).toBe(1);
  });

  test('keeps known entries, but accepts a better cost', async () => {
    const ledger = await testLedger();
    ledger.setBudget({ period: 'month', limit: '10', warnAt: 1 });
    ledger.import([settled('1', { costSource: 'estimated' }), settled('2')]);
    ledger.standings(scopeOf());
    const given = [
      settled('1', { cost: '0.7', command: 'other' }),
      settled('2', { cost: '9', costSource: 'looked-up' }),
      settled('3'),
    ];
    expect(ledger.import(given)).toEqual({ added: 1, known: 2 });
    expect([...ledger.entries({})].map(({ cost, costSource, command }) => [cost, costSource, command])).toEqual([
      ['0.7', 'billed', 'chat'],
      ['0.5', 'billed', 'chat'],
      ['0.5', 'billed', 'chat'],
    ]);
    expect(ledger.standings(scopeOf())).toMatchObject([{ spent: '1.7' }]);
  });

  const refused: [unknown, RegExp][] = [
    [{ openedAt: NOW }, /entry 2 has no `id`/],
    [{ id: '', openedAt: NOW }, /entry 2 has no `id`/],
    [{ id: 7, openedAt: NOW }, /entry 2 has no `id`/],
    [{ id: 'x' }, /entry 2 has no `openedAt`/],
    [{ id: 'x', openedAt: '2026' }, /entry 2 has no `openedAt`/],
    [{ id: 'x', openedAt: -1 }, /entry 2 has no `openedAt`/],
    [null, /entry 2 has no `id`/],
    ['text', /entry 2 has no `id`/],
  ];
  test.each(refused)('of %j fails as a whole', async (entry, message) => {
    const ledger = await testLedger();
    const run = () => ledger.import([settled('1', { provider: 'New' }), entry as LedgerEntry]);
    expect(run).toThrow(expect.objectContaining({ kind: 'usage', message: expect.stringMatching(message) }));
    expect(ledger.sums({}).requests).toBe(0);
    // A rolled-back import leaves nothing behind.
    ledger.import([settled('1', { provider: 'Other' }), settled('2', { provider: 'New' })]);
    expect([...ledger.entries({ provider: 'New' })].map(({ id }) => id)).toEqual(['2']);
  });

  test('into an empty ledger that has been added up leaves every entry in the reports, as does a later one', async () => {
    const [folder, owner] = [tempFolder(), ownerOf(1)];
    const ledger = await openLedger({ folder, name: 'ledger', owner, fewEntries: 0, now: () => NOW });
    const sql = new Sql(new Libsql(join(folder, 'ledger.db')));
    const fold = () => {
      const store = { sql, labels: new Labels(sql), owner, fewEntries: 0 };
      sql.write(() => foldEntries(store, { now: NOW, limit: Infinity, phase: 0 }));
    };
    const past = (id: string, days: number) => settled(id, { openedAt: NOW - days * 24 * 3_600_000 });
    fold();
    ledger.import([past('1', 3), past('2', 700)]);
    fold();
    // Entries before the end of what was added up are added up, too.
    expect(sql.all('SELECT 1 FROM rollup_span WHERE level = 1')).toHaveLength(2);
    expect(ledger.sums({}).requests).toBe(2);
    ledger.import([past('3', 3), past('4', 20)]);
    fold();
    expect(ledger.sums({}).requests).toBe(4);
    expect(ledger.prune(NOW - 100 * 24 * 3_600_000)).toBe(1);
    expect(ledger.sums({}).requests).toBe(3);
    expect(ledger.check()).toMatchObject({ problems: [], repaired: [] });
    sql.close();
    ledger.close();
  });

  test('skips records of another kind', async () => {
    const ledger = await testLedger();
    const strange = {
      id: 'x',
      openedAt: NOW,
      cost: -5,
      costSource: 'magic',
      outcome: 1,
      promptTokens: 'many',
      provider: {},
      isByok: 'no',
      clientKey: 7,
      tags: 'red',
    };
    ledger.import([strange as unknown as LedgerEntry]);
    const opening = {
      command: '',
      conversation: '',
      profile: '',
      project: '',
      api: '',
      requestedModel: '',
      family: '',
      vendor: 'openrouter',
    };
    const rest = { estimatedPromptTokens: 0, state: 'settled', outcome: 'lost', costSource: 'unknown', attempts: 1 };
    expect([...ledger.entries({})]).toEqual([{ id: 'x', openedAt: NOW, ...opening, ...rest }]);
  });
});

describe('a check', () => {
  const wrongs: [string, RegExp][] = [
    ['DELETE FROM lease', /1 open entries have no lease/],
    [
      "INSERT INTO lease (entry, expires_at, pid, host, models) VALUES (2, 1, 1, '', '[]')",
      /1 settled entries still hold a lease/,
    ],
    [
      "PRAGMA foreign_keys = OFF; INSERT INTO lease (entry, expires_at, pid, host, models) VALUES (99, 1, 1, '', '[]')",
      /1 leases belong to no entry/,
    ],
    ['UPDATE budget_total SET nano = nano + 1', /running total of budget 1/],
    ["UPDATE entry SET cost = '0.51' WHERE cost IS NOT NULL", /the cost of settled is not what/],
  ];
  test.each(wrongs)('finds the effect of %s', async (sql, problem) => {
    const folder = tempFolder();
    const ledger = await testLedger({ folder });
    ledger.setBudget({ period: 'month', limit: '10', warnAt: 1 });
    ledger.open(entryOf('open'), holdOf('1'));
    ledger.import([settled('settled')]);
    ledger.standings(scopeOf());
    expect(ledger.check()).toMatchObject({ entries: 2, open: 1, unbilled: 0, reservations: 1, problems: [] });
    expect(ledger.check().bytes).toBeGreaterThan(4096);
    const database = new Libsql(join(folder, 'ledger.db'));
    database.exec(sql);
    database.close();
    expect(ledger.check().problems).toEqual([expect.stringMatching(problem)]);
  });
});

test('a ledger deleted while it is open is created again', async () => {
  const folder = tempFolder();
  const ledger = await testLedger({ folder });
  ledger.open(entryOf('1'));
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
  ledger.open(entryOf('2'));
  expect([...ledger.entries({})].map(({ id, project }) => [id, project])).toEqual([['2', '/work']]);
});

test('the next process that opens the ledger releases the reservation and closes the entry of a dead process in one transaction', async () => {
  const folder = tempFolder();
  const gone = await testLedger({ folder, owner: ownerOf(2) });
  const ledger = await testLedger({ folder, owner: ownerOf(1, () => false) });
  ledger.setBudget({ period: 'day', limit: '1', warnAt: 1 });
  gone.open(entryOf('gone'), holdOf('1'));
  expect(ledger.open(entryOf('next'), holdOf('1')).kind).toBe('opened');
  expect([...ledger.entries({})].map(({ id, outcome }) => [id, outcome])).toEqual([
    ['gone', 'lost'],
    ['next', undefined],
  ]);
});
