import { join } from 'node:path';
import Libsql from 'libsql';
import { expect, onTestFinished, test } from 'vitest';
import { openSound } from '../../../src/storage/sqlite/open-sound.ts';
import { openSturdy } from '../../../src/storage/sqlite/sturdy-database.ts';
import type { SturdyKind } from '../../../src/storage/sqlite/sturdy-kind.ts';
import { tempFolder } from '../../support/temp-home.ts';

const KIND: SturdyKind = {
  name: { code: 'ledger', title: 'the ledger', isPlural: false, command: 'orx ledger check' },
  migrations: [
    { name: 'first', sql: 'CREATE TABLE one (n INTEGER NOT NULL) STRICT; CREATE TABLE sum (n INTEGER NOT NULL) STRICT;' },
  ],
  probe: () => undefined,
  takeOver: () => {
    throw new Error('nothing is damaged here');
  },
};

test('a write of another process between two queries of the check is no contradiction', async () => {
  const folder = tempFolder();
  const { database } = await openSturdy({ folder, file: 'x.db' }, KIND);
  database.close();
  const other = new Libsql(join(folder, 'x.db'));
  onTestFinished(() => void other.close());
  let looks = 0;
  const contradictions: SturdyKind['contradictions'] = (sql) => {
    looks += 1;
    const count = (table: string): number => sql.first<{ n: number }>(`SELECT COUNT(*) n FROM ${table}`)!.n;
    const ones = count('one');
    other.exec('BEGIN; INSERT INTO one VALUES (1); INSERT INTO sum VALUES (1); COMMIT');
    return ones === count('sum') ? [] : ['the sum differs'];
  };
  openSound(join(folder, 'x.db'), { ...KIND, contradictions }, true).close();
  expect(looks).toBe(1);
  expect(other.prepare('SELECT COUNT(*) n FROM sum').get()).toMatchObject({ n: 1 });
});
