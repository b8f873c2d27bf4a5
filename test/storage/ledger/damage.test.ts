import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Libsql from 'libsql';
import { beforeAll, describe, expect, test } from 'vitest';
import type { LedgerEntry } from '../../../src/storage/ledger/entry.ts';
import { openLedger } from '../../../src/storage/ledger/open-ledger.ts';
import { entryOf, NOW, resultOf } from '../../support/ledger-entries.ts';
import { testLedger } from '../../support/ledger.ts';
import { tempFolder } from '../../support/temp-home.ts';

const COUNT = 2000;
const settled = (index: number): LedgerEntry => ({
  ...entryOf(`entry-${index}`, { openedAt: NOW + index, conversation: `c${index}` }),
  ...resultOf(`0.${String(index).padStart(4, '0')}1`),
  state: 'settled',
});
let sound: Buffer;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'orx-damage-'));
  const ledger = await openLedger({ folder, name: 'ledger' });
  ledger.import(Array.from({ length: COUNT }, (_, index) => settled(index)));
  ledger.setBudget({ period: 'month', limit: '20', warnAt: 0.8, project: '/work' });
  ledger.close();
  // All that is in the log, into the file.
  const database = new Libsql(join(folder, 'ledger.db'));
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.close();
  sound = readFileSync(join(folder, 'ledger.db'));
  rmSync(folder, { recursive: true });
});

function failureOf(work: () => unknown): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Always the same bytes, which are no pages of a database. */
function noise(length: number): Buffer {
  let state = 12_345;
  return Buffer.from(Uint8Array.from({ length }, () => (state = Math.imul(state, 1_103_515_245) + 12_345) >>> 24));
}

function withNoise(at: number, length: number): Buffer {
  const bytes = Buffer.from(sound);
  noise(length).copy(bytes, at);
  return bytes;
}

describe('a damaged ledger', () => {
  const cases: [string, () => Buffer, number, number][] = [
    ['with a header of noise', () => withNoise(0, 100), COUNT, 1],
    ['cut in half', () => sound.subarray(0, Math.floor(sound.length / 2)), 100, 0],
    ['with a first page of noise', () => withNoise(0, 4096), 0, 0],
    ['of noise alone', () => noise(20_000), 0, 0],
    ['shorter than a header', () => Buffer.from('no database'), 0, 0],
  ];
  test.each(cases)('%s is set aside, and what can be read of it is taken over', async (_, damaged, fewest, budgets) => {
    const folder = tempFolder();
    const bytes = damaged();
    writeFileSync(join(folder, 'ledger.db'), bytes);
    const ledger = await testLedger({ folder });
    const entries = [...ledger.entries({})];
    expect(entries.length).toBeGreaterThanOrEqual(fewest);
    for (const entry of entries) expect(entry).toEqual(settled(entry.openedAt - NOW));
    expect(ledger.budgets().length).toBeGreaterThanOrEqual(budgets);
    const aside = readdirSync(folder).find((name) => name.startsWith('ledger.damaged-'));
    expect(aside).toBeDefined();
    expect(readFileSync(join(folder, aside!)).equals(bytes)).toBe(true);
    expect(statSync(join(folder, aside!)).mode & 0o077).toBe(0);
    expect(ledger.notices).toEqual([
      expect.stringMatching(new RegExp(`damaged: .*recovered ${entries.length} entr.*${join(folder, aside!)}$`)),
    ]);
    ledger.open(entryOf('next'));
    expect(ledger.check().problems).toEqual([]);
    // The next one hears nothing of it.
    expect((await testLedger({ folder })).notices).toEqual([]);
    expect(readdirSync(folder).filter((name) => !/^ledger\.(db|damaged-.*?)(-wal|-shm)?$/.test(name))).toEqual([]);
  });

  test.each([
    // Neither the first pages nor the last rows.
    ['some pages of noise', () => withNoise(4096 * 30, 4096 * 3)],
    ['the end of its last page gone', () => sound.subarray(0, sound.length - 1000)],
  ])('with %s, which shows only when it is read, is mended by the next who opens it', async (_, damaged) => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'ledger.db'), damaged());
    const first = await testLedger({ folder });
    // Which of them meets it depends on what is broken; a check reads all.
    const readings = [() => [...first.entries({})].length, () => first.sums({}), () => first.check()].map(failureOf);
    const failures = readings.filter((failure) => failure !== undefined);
    for (const failure of failures) expect(failure).toMatchObject({ name: 'OrxError', code: 'ledger-unreadable' });
    expect(failures.length).toBeGreaterThan(0);
    expect(existsSync(join(folder, 'ledger.db.damaged'))).toBe(true);
    const second = await testLedger({ folder });
    expect(second.notices).toEqual([expect.stringContaining('recovered')]);
    const entries = [...second.entries({})];
    expect(entries.length).toBeGreaterThan(COUNT * 0.8);
    for (const entry of entries) expect(entry).toEqual(settled(entry.openedAt - NOW));
    expect(second.check().problems).toEqual([]);
    expect(second.budgets()).toHaveLength(1);
    // The one that has the damaged file open goes on in the new one.
    first.open(entryOf('from the first'));
    expect([...second.entries({ until: NOW + 1 })].map(({ id }) => id)).toContain('from the first');
  });

  test('is mended by one of many that open it at once', async () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'ledger.db'), withNoise(0, 100));
    const ledgers = await Promise.all(Array.from({ length: 4 }, () => testLedger({ folder })));
    expect(ledgers.flatMap(({ notices }) => notices)).toHaveLength(1);
    for (const ledger of ledgers) expect(ledger.sums({}).requests).toBe(COUNT);
  });

  test('that became empty beside its log is read out of the log', async () => {
    const [folder, broken] = [tempFolder(), tempFolder()];
    const ledger = await testLedger({ folder });
    ledger.open(entryOf('1'));
    for (const part of ['', '-wal']) copyFileSync(join(folder, `ledger.db${part}`), join(broken, `ledger.db${part}`));
    truncateSync(join(broken, 'ledger.db'));
    const mended = await testLedger({ folder: broken });
    expect(mended.notices).toEqual([expect.stringContaining('recovered 1 entry')]);
    expect([...mended.entries({})].map(({ id }) => id)).toEqual(['1']);
  });
});

test('an empty file is a new ledger', async () => {
  const folder = tempFolder();
  writeFileSync(join(folder, 'ledger.db'), '');
  const ledger = await testLedger({ folder });
  expect([ledger.notices, ledger.sums({}).requests]).toEqual([[], 0]);
});

test('a ledger of a newer orx is refused and stays as it is', async () => {
  const folder = tempFolder();
  const path = join(folder, 'ledger.db');
  writeFileSync(path, sound);
  const database = new Libsql(path);
  database.pragma('user_version = 999');
  database.close();
  const before = readFileSync(path);
  await expect(openLedger({ folder, name: 'ledger' })).rejects.toMatchObject({ name: 'OrxError', code: 'database-newer' });
  expect(readFileSync(path).equals(before)).toBe(true);
  expect(readdirSync(folder).filter((name) => name.includes('damaged'))).toEqual([]);
});
