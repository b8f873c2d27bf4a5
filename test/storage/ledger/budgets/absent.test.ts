import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { hasNoBudgets } from '../../../../src/storage/ledger/budgets/absent.ts';
import type { Budget } from '../../../../src/storage/ledger/budgets/budget.ts';
import type { Ledger } from '../../../../src/storage/ledger/ledger.ts';
import { LEDGER_MIGRATIONS } from '../../../../src/storage/ledger/migrations.ts';
import { openLedger } from '../../../../src/storage/ledger/open-ledger.ts';
import { createDatabase, openDatabase } from '../../../../src/storage/sqlite/database.ts';
import { entryOf, NOW, resultOf } from '../../../support/ledger-entries.ts';
import { tempFolder } from '../../../support/temp-home.ts';

const BUDGET: Omit<Budget, 'id'> = { period: 'day', limit: '1', warnAt: 0.8 };

async function ledgerIn(folder: string): Promise<Ledger> {
  const ledger = await openLedger({ folder, name: 'ledger' });
  onTestFinished(() => ledger.close());
  return ledger;
}

/** Writes the log into the file, as closing does in a process that then ends. */
function writeLogBack(folder: string): void {
  const database = openDatabase({ path: join(folder, 'ledger.db'), migrations: LEDGER_MIGRATIONS });
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.close();
}

/** Creates a closed ledger with an entry, and with a budget if it is asked for, but without the copy of the budgets. */
async function closedLedger({ hasBudget = false } = {}): Promise<{ folder: string; path: string; isFree: () => boolean }> {
  const folder = tempFolder();
  const ledger = await openLedger({ folder, name: 'ledger' });
  ledger.open(entryOf('e1'));
  if (hasBudget) ledger.setBudget(BUDGET);
  ledger.close();
  writeLogBack(folder);
  rmSync(join(folder, 'ledger.budgets.json'), { force: true });
  return { folder, path: join(folder, 'ledger.db'), isFree: () => hasNoBudgets({ folder, name: 'ledger' }) };
}

test('a missing ledger and one without budgets have none, also while another connection writes to its log', async () => {
  const folder = tempFolder();
  const place = { folder, name: 'ledger' };
  expect(hasNoBudgets(place)).toBe(true);
  expect(hasNoBudgets({ folder: join(folder, 'missing'), name: 'ledger' })).toBe(true);
  const ledger = await ledgerIn(folder);
  ledger.close();
  const open = await ledgerIn(folder);
  // Enough that the file grows, which changes its first page.
  for (let index = 0; index < 100; index += 1) open.open(entryOf(`e${index}`, { conversation: `c${'x'.repeat(200)}${index}` }));
  expect(readFileSync(join(folder, 'ledger.db-wal')).length).toBeGreaterThan(0);
  expect(hasNoBudgets(place)).toBe(true);
});

test('a budget is seen in the log, in the file, and in the copy of the budgets alone', async () => {
  const folder = tempFolder();
  const place = { folder, name: 'ledger' };
  (await ledgerIn(folder)).close();
  const ledger = await ledgerIn(folder);
  const { id } = ledger.setBudget(BUDGET);
  const copy = join(folder, 'ledger.budgets.json');
  const saved = readFileSync(copy);
  rmSync(copy);
  expect(hasNoBudgets(place)).toBe(false);
  ledger.close();
  writeLogBack(folder);
  expect(hasNoBudgets(place)).toBe(false);

  const again = await ledgerIn(folder);
  again.removeBudget(id);
  again.close();
  writeLogBack(folder);
  expect(hasNoBudgets(place)).toBe(true);
  for (const content of [saved, 'damaged']) {
    writeFileSync(copy, content);
    expect(hasNoBudgets(place)).toBe(false);
  }
});

test('a backup with a budget, restored into the same file or in its place, is seen', async () => {
  const backup = await closedLedger({ hasBudget: true });
  const restored = await closedLedger();
  expect(restored.isFree()).toBe(true);
  copyFileSync(backup.path, restored.path);
  expect(restored.isFree()).toBe(false);
  const replaced = await closedLedger();
  renameSync(backup.path, replaced.path);
  expect(replaced.isFree()).toBe(false);
});

test('a ledger of another version of orx is left to SQLite', async () => {
  for (const migrations of [LEDGER_MIGRATIONS.slice(0, -1), [...LEDGER_MIGRATIONS, { name: 'next', sql: 'SELECT 1;' }]]) {
    const folder = tempFolder();
    const path = join(folder, 'ledger.db');
    createDatabase(path, migrations);
    openDatabase({ path, migrations }).close();
    expect(hasNoBudgets({ folder, name: 'ledger' })).toBe(false);
  }
});

test('a ledger that is damaged, or may be, is left to SQLite', async () => {
  const { path, isFree } = await closedLedger();
  const whole = readFileSync(path);
  const states: (() => void)[] = [
    () => truncateSync(path, 0),
    () => truncateSync(path, 5000),
    () => writeFileSync(path, Buffer.alloc(whole.length, 7)),
    () => writeFileSync(path, Buffer.concat([whole.subarray(0, 100), Buffer.alloc(whole.length - 100, 7)])),
    () => writeFileSync(`${path}.damaged`, ''),
    () => writeFileSync(`${path}-journal`, ''),
    () => writeFileSync(`${path}-wal`, Buffer.alloc(50)),
    () => mkdirSync(`${path}-wal`),
    () => {
      rmSync(path);
      writeFileSync(`${path}-wal`, Buffer.alloc(9000, 1));
    },
    () => {
      rmSync(path);
      mkdirSync(path);
    },
  ];
  for (const damage of states) {
    for (const name of [path, `${path}.damaged`, `${path}-journal`, `${path}-wal`])
      rmSync(name, { force: true, recursive: true });
    writeFileSync(path, whole);
    expect(isFree()).toBe(true);
    damage();
    expect([damage.toString(), isFree()]).toEqual([damage.toString(), false]);
  }
});

test('whatever happens to a ledger, one with budgets is never said to have none', async () => {
  const step = fc.oneof(
    fc.constantFrom('open', 'settle', 'budget', 'remove', 'prune', 'reopen', 'other'),
    fc.constantFrom('budget', 'remove'),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const folder = tempFolder();
      let ledger = await openLedger({ folder, name: 'ledger' });
      const others: Ledger[] = [];
      for (const [index, kind] of steps.entries()) {
        if (kind === 'open') ledger.open(entryOf(`e${index}`, { openedAt: NOW - index }));
        else if (kind === 'settle') ledger.settle(`e${index - 1}`, resultOf('0.1'));
        else if (kind === 'budget') ledger.setBudget({ ...BUDGET, project: `/p${index % 3}` });
        else if (kind === 'remove') for (const { id } of ledger.budgets().slice(0, 2)) ledger.removeBudget(id);
        else if (kind === 'prune') ledger.prune(NOW + 1);
        else if (kind === 'other') others.push(await openLedger({ folder, name: 'ledger' }));
        else {
          ledger.close();
          ledger = await openLedger({ folder, name: 'ledger' });
        }
        rmSync(join(folder, 'ledger.budgets.json'), { force: true });
        const hasSome = ledger.budgets().length > 0;
        const isSaidFree = hasNoBudgets({ folder, name: 'ledger' });
        expect(isSaidFree && hasSome).toBe(false);
      }
      for (const one of [ledger, ...others]) one.close();
    }),
    { numRuns: 15 },
  );
});
