import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { databaseError } from '../../../src/storage/sqlite/errors.ts';
import { createDatabase, openDatabase } from '../../../src/storage/sqlite/database.ts';
import { Sql } from '../../../src/storage/sqlite/sql.ts';
import { entryOf, resultOf } from '../../support/ledger-entries.ts';
import { testLedger } from '../../support/ledger.ts';
import { tempFolder } from '../../support/temp-home.ts';

const NAME = { code: 'ledger', title: 'the ledger', isPlural: false, command: 'orx ledger check' };

/** Makes another process hold a database for writing for this time. */
async function holdElsewhere(path: string, ms: number): Promise<void> {
  const script = `
    const Libsql = require(${JSON.stringify(createRequire(import.meta.url).resolve('libsql'))});
    const database = new Libsql(${JSON.stringify(path)});
    database.exec('BEGIN IMMEDIATE');
    console.log('locked');
    setTimeout(() => { database.exec('COMMIT'); database.close(); }, ${ms});`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill());
  await once(child.stdout, 'data');
}

test('an answer is settled even if another process holds the ledger for longer than SQLite waits', async () => {
  const folder = tempFolder();
  const ledger = await testLedger({ folder });
  ledger.setBudget({ period: 'day', limit: '1', warnAt: 1 });
  ledger.open(entryOf('1'));
  await holdElsewhere(join(folder, 'ledger.db'), 7_000);
  ledger.settle('1', resultOf('0.25'));
  expect([...ledger.entries({})]).toMatchObject([{ id: '1', state: 'settled', cost: '0.25' }]);
});

test('a transaction that begins too late names the blocking process, and not the disk', async () => {
  const path = join(tempFolder(), 'x.db');
  createDatabase(path, [{ name: 'one', sql: 'CREATE TABLE one (a)' }]);
  const [first, second] = [1, 2].map(() => new Sql(openDatabase({ path, migrations: [{ name: 'one', sql: '' }] }))) as [Sql, Sql];
  onTestFinished(() => [first, second].forEach((sql) => sql.close()));
  let failure: unknown;
  first.write(() => {
    try {
      second.write(() => second.run('INSERT INTO one VALUES (1)'), 200);
    } catch (error) {
      failure = databaseError(error, { name: NAME, path, doing: 'write' });
    }
  });
  expect(failure).toMatchObject({
    name: 'OrxError',
    code: 'ledger-busy',
    message: expect.stringContaining('in use by another program'),
  });
  expect((failure as { hints: string[] }).hints.join(' ')).not.toMatch(/space|disk/);
});

test('the original error is reported, not the failed rollback', () => {
  const path = join(tempFolder(), 'x.db');
  createDatabase(path, [{ name: 'one', sql: 'CREATE TABLE one (a)' }]);
  const database = openDatabase({ path, migrations: [{ name: 'one', sql: '' }] });
  const exec = database.exec.bind(database);
  database.exec = (text) => {
    if (text === 'ROLLBACK') throw new Error('there is nothing to undo');
    return exec(text);
  };
  const sql = new Sql(database);
  expect(() =>
    sql.write(() => {
      sql.run('INSERT INTO one VALUES (1)');
      throw new Error('the disk is full');
    }),
  ).toThrow('the disk is full');
  sql.close();
  // A migration to another layout that fails, too.
  const other = join(tempFolder(), 'y.db');
  createDatabase(other, [{ name: 'one', sql: 'CREATE TABLE one (a)' }]);
  const broken = { name: 'two', sql: 'ROLLBACK; CREATE TABLE nonsense' };
  expect(() => openDatabase({ path: other, migrations: [{ name: 'one', sql: '' }, broken] })).toThrow(/nonsense|incomplete/);
});
