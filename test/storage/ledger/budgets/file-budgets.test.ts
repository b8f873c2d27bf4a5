import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFileBudgets } from '../../../../src/storage/ledger/budgets/file-budgets.ts';
import { testLedger } from '../../../support/ledger.ts';
import { tempFolder } from '../../../support/temp-home.ts';

const DAY = { period: 'day', limit: '2', warnAt: 0.8 } as const;
const TEAM = { period: 'month', limit: '50', tag: 'team-a', warnAt: 0.8 } as const;

async function open() {
  const folder = tempFolder();
  const ledger = await testLedger({ folder });
  const budgets = openFileBudgets({ folder, name: 'gateway-budgets', openLedger: async () => ledger });
  const limits = (): (readonly [string, string])[] => ledger.budgets().map(({ period, limit }) => [period, limit] as const);
  return { folder, ledger, limits, ...budgets };
}

test('a file sets its budgets, changes them and takes them back', async () => {
  const { apply, limits, ledger } = await open();
  expect(await apply('a.yaml', [DAY, TEAM])).toEqual([]);
  expect(limits()).toEqual([
    ['day', '2'],
    ['month', '50'],
  ]);
  const [before] = ledger.budgets();
  expect(await apply('a.yaml', [{ ...DAY, limit: '3' }])).toEqual([]);
  expect(ledger.budgets()).toEqual([{ ...before, limit: '3' }]);
  await apply('a.yaml', []);
  expect(limits()).toEqual([]);
});

test('a budget that something else has set is replaced with a notice, and one that was changed since stays', async () => {
  const { apply, limits, ledger } = await open();
  ledger.setBudget({ ...DAY, limit: '9' });
  const [changed] = await apply('a.yaml', [DAY]);
  expect([changed?.before.limit, changed?.after.limit]).toEqual(['9', '2']);
  expect(await apply('a.yaml', [DAY])).toEqual([]);
  ledger.setBudget({ ...DAY, limit: '7' });
  await apply('a.yaml', []);
  expect(limits()).toEqual([['day', '7']]);
});

test('a budget of two files stays until neither has it', async () => {
  const { apply, limits } = await open();
  await apply('a.yaml', [DAY]);
  await apply('b.yaml', [DAY]);
  await apply('a.yaml', []);
  expect(limits()).toEqual([['day', '2']]);
  await apply('b.yaml', []);
  expect(limits()).toEqual([]);
});

test('a damaged list of them is an error, and other content is ignored', async () => {
  const { apply, folder, limits } = await open();
  const path = join(folder, 'gateway-budgets.json');
  writeFileSync(path, '{"/x.yaml": [{"period": "day"}, 3], "/y.yaml": 7}');
  await apply('a.yaml', [DAY]);
  expect(limits()).toEqual([['day', '2']]);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ '/y.yaml': 7 });
  writeFileSync(path, 'nothing');
  await expect(apply('a.yaml', [])).rejects.toMatchObject({ kind: 'usage', code: 'file-corrupt' });
});
