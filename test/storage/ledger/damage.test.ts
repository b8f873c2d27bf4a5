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
import fc from 'fast-check';
import Libsql from 'libsql';
import { beforeAll, describe, expect, test } from 'vitest';
import { OrxError } from '../../../src/errors.ts';
import type { LedgerEntry } from '../../../src/storage/ledger/entry.ts';
import type { Ledger } from '../../../src/storage/ledger/ledger.ts';
import { openLedger } from '../../../src/storage/ledger/open-ledger.ts';
import { entryOf, holdOf, NOW, resultOf, scopeOf } from '../../support/ledger-entries.ts';
import { testLedger } from '../../support/ledger.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { IS_LONG } from '../../support/long-tests.ts';

/** Enough for each tree to have leaves below a root. */
const COUNT = 800;
/** Half of the entries belong to a client of the gateway. */
const ASKED = { vendor: 'anthropic', clientKey: 'laptop', tags: ['blue', 'red'] };
const settled = (index: number): LedgerEntry => ({
  ...entryOf(`entry-${index}`, { openedAt: NOW + index, conversation: `c${index}`, ...(index % 2 === 0 && ASKED) }),
  ...resultOf(`0.${String(index).padStart(4, '0')}1`),
  state: 'settled',
});
let sound: Buffer;

beforeAll(async () => void (sound = await soundLedger(COUNT)));

async function soundLedger(count: number): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'orx-damage-'));
  const ledger = await openLedger({ folder, name: 'ledger' });
  ledger.import(Array.from({ length: count }, (_, index) => settled(index)));
  ledger.setBudget({ period: 'month', limit: '20', warnAt: 0.8, project: '/work' });
  ledger.close();
  // Moves everything from the log into the file.
  const database = new Libsql(join(folder, 'ledger.db'));
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.close();
  const bytes = readFileSync(join(folder, 'ledger.db'));
  rmSync(folder, { recursive: true });
  return bytes;
}

function failureOf(work: () => unknown): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Returns bytes that are always the same and are not pages of a database. */
function noise(length: number): Buffer {
  let state = 12_345;
  return Buffer.from(Uint8Array.from({ length }, () => (state = Math.imul(state, 1_103_515_245) + 12_345) >>> 24));
}

function withNoise(at: number, length: number): Buffer {
  const bytes = Buffer.from(sound);
  noise(length).copy(bytes, at);
  return bytes;
}

/** A row that only the indexes still have contains the fields of the indexes. */
const inPart = ({ id, openedAt, cost, costSource, conversation, requestedModel }: LedgerEntry) => ({
  id,
  openedAt,
  cost,
  costSource,
  conversation,
  requestedModel,
});
const textOf = (entry: LedgerEntry): string => JSON.stringify(inPart(entry));
const FILES = /^ledger\.(db|damaged-.*?|budgets\.json)(-wal|-shm)?$/;

describe('a damaged ledger', () => {
  const cases: [string, () => Buffer, number, number][] = [
    ['with a header of noise', () => withNoise(0, 100), COUNT, 1],
    ['cut in half', () => sound.subarray(0, Math.floor(sound.length / 8192) * 4096), 100, 0],
    ['cut in the middle of a page', () => sound.subarray(0, Math.floor(sound.length / 3) + 1000), 100, 0],
    ['with a first page of noise', () => withNoise(0, 4096), COUNT, 1],
    ['of noise alone', () => noise(20_000), 0, 0],
    ['of another kind', () => Buffer.from('a letter to a friend\n'.repeat(300)), 0, 0],
    ['shorter than a header', () => Buffer.from('no database'), 0, 0],
    ['of no bytes', () => Buffer.alloc(0), 0, 0],
  ];
  test.each(cases)('%s is stored next to a new one, which has the readable data', async (_, damaged, fewest, budgets) => {
    const folder = tempFolder();
    const bytes = damaged();
    writeFileSync(join(folder, 'ledger.db'), bytes);
    const ledger = await testLedger({ folder });
    const entries = [...ledger.entries({})];
    expect(entries.length).toBeGreaterThanOrEqual(fewest);
    // Only a part remains of a row that is cut itself.
    const isCut = ({ requestedModel }: LedgerEntry): boolean => requestedModel === '';
    expect(entries.filter(isCut).length).toBeLessThanOrEqual(1);
    for (const entry of entries.filter((one) => !isCut(one))) {
      const { conversation, ...known } = inPart(settled(entry.openedAt - NOW));
      expect(inPart(entry)).toMatchObject(known);
      expect(['', conversation]).toContain(entry.conversation);
    }
    expect(ledger.budgets().length).toBeGreaterThanOrEqual(budgets);
    const stored = readdirSync(folder).find((name) => name.startsWith('ledger.damaged-'));
    expect(stored).toBeDefined();
    expect(readFileSync(join(folder, stored!)).equals(bytes)).toBe(true);
    expect(statSync(join(folder, stored!)).mode & 0o077).toBe(0);
    expect(ledger.notices[0]).toMatch(new RegExp(`damaged: .*recovered ${entries.length} entr.*${join(folder, stored!)}$`));
    expect(ledger.isIncomplete).toBe(entries.length < COUNT || stored!.endsWith('-incomplete'));
    ledger.open(entryOf('next'));
    expect(ledger.check().problems).toEqual([]);
    // The next process gets no notice, unless it shows data of the ledger and part of that is missing.
    expect((await testLedger({ folder })).notices).toEqual([]);
    const shown = await openLedger({ folder, name: 'ledger' }, { isThorough: true });
    expect([shown.isIncomplete, shown.notices.length]).toEqual([ledger.isIncomplete, ledger.isIncomplete ? 1 : 0]);
    shown.close();
    expect(readdirSync(folder).filter((name) => !FILES.test(name))).toEqual([]);
  });

  test('any single page of noise loses at most its own content, and no command shows figures without a notice', async () => {
    for (let page = 1; page < sound.length / 4096; page += 1 + Math.floor(sound.length / 4096 / (IS_LONG ? 25 : 10))) {
      const folder = tempFolder();
      writeFileSync(join(folder, 'ledger.db'), withNoise(4096 * page, 4096));
      const ledger = await openLedger({ folder, name: 'ledger' }, { isThorough: true });
      const entries = [...ledger.entries({})];
      expect([page, ledger.notices.length]).toEqual([page, 1]);
      // A leaf has about twenty rows, and the indexes contain them again.
      expect(entries.map(textOf).toSorted()).toEqual(
        Array.from({ length: COUNT }, (_, index) => textOf(settled(index))).toSorted(),
      );
      expect(ledger.check().problems).toEqual([]);
      ledger.close();
    }
  });

  test('that is found during a read is recovered by the next process that opens it', async () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'ledger.db'), withNoise(4096 * 40, 4096 * 6));
    const first = await testLedger({ folder });
    expect(first.notices).toEqual([]);
    // Which of them finds the damage depends on what is broken.
    const failures = [() => [...first.entries({})].length, () => first.sums({}), () => first.standings(scopeOf())]
      .map(failureOf)
      .filter((failure) => failure !== undefined);
    for (const failure of failures) expect(failure).toMatchObject({ name: 'OrxError', code: 'ledger-unreadable' });
    expect(failures.length).toBeGreaterThan(0);
    expect(existsSync(join(folder, 'ledger.db.damaged'))).toBe(true);
    const second = await testLedger({ folder });
    expect(second.notices).toEqual([expect.stringContaining('recovered')]);
    expect(second.check().problems).toEqual([]);
    expect(second.budgets()).toHaveLength(1);
    // The process that has the damaged file open continues in the new one.
    first.open(entryOf('from the first'));
    expect([...second.entries({ until: NOW + 1 })].map(({ id }) => id)).toContain('from the first');
    expect(first.sums({}).requests).toBe(second.sums({}).requests);
  });

  test('is recovered by one of many that open it at once', async () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'ledger.db'), withNoise(0, 100));
    const ledgers = await Promise.all(Array.from({ length: 4 }, () => testLedger({ folder })));
    expect(ledgers.flatMap(({ notices }) => notices)).toHaveLength(1);
    for (const ledger of ledgers) expect(ledger.sums({}).requests).toBe(COUNT);
  });

  test('that became empty, or is gone, next to its log is restored from the log', async () => {
    for (const lose of [truncateSync, rmSync]) {
      const [folder, broken] = [tempFolder(), tempFolder()];
      const ledger = await testLedger({ folder });
      ledger.open(entryOf('1'));
      for (const part of ['', '-wal']) copyFileSync(join(folder, `ledger.db${part}`), join(broken, `ledger.db${part}`));
      lose(join(broken, 'ledger.db'));
      const recovered = await testLedger({ folder: broken });
      expect(recovered.notices).toEqual([expect.stringContaining('recovered 1 entry')]);
      expect([...recovered.entries({})].map(({ id }) => id)).toEqual(['1']);
    }
  });

  test('whose log is damaged loses nothing after the damage', async () => {
    const [folder, broken] = [tempFolder(), tempFolder()];
    const ledger = await testLedger({ folder });
    for (let index = 0; index < 40; index += 1) ledger.open(entryOf(`${index}`));
    for (const part of ['', '-wal']) copyFileSync(join(folder, `ledger.db${part}`), join(broken, `ledger.db${part}`));
    const log = readFileSync(join(broken, 'ledger.db-wal'));
    // A byte that makes the log look as if it ended there.
    log[32 + 24 + 2000]! ^= 0x55;
    writeFileSync(join(broken, 'ledger.db-wal'), log);
    const recovered = await testLedger({ folder: broken });
    expect(recovered.notices).toEqual([expect.stringContaining('write-ahead log')]);
    expect([...recovered.entries({})].length).toBeGreaterThanOrEqual(39);
    expect(recovered.isIncomplete).toBe(true);
  });
});

describe('one changed byte of a small ledger', () => {
  const PLACES = IS_LONG ? 200 : 60;
  let small: { database: Buffer; budgets: Buffer; content: string };
  const contentOf = (ledger: Ledger): string => JSON.stringify([[...ledger.entries({})], ledger.budgets()]);
  const writeSmall = (folder: string, database: Buffer): void => {
    writeFileSync(join(folder, 'ledger.db'), database);
    writeFileSync(join(folder, 'ledger.budgets.json'), small.budgets);
  };
  const changed = (at: number, mask: number): Buffer => {
    const bytes = Buffer.from(small.database);
    bytes[at]! ^= mask;
    return bytes;
  };

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'orx-flip-'));
    const ledger = await openLedger({ folder, name: 'ledger' });
    const more = {
      turn: 'turn-1',
      generationId: 'gen-1-abcdef',
      expectedCost: '0.0021',
      template: 'review',
      estimatedExtraTokens: 7,
      attempts: 2,
      isByok: false,
      finishReason: 'stop',
      throughput: 71.23,
      fallbackFrom: 'a/zero',
      fallbackReason: 'a/zero: rate-limit 429',
    };
    ledger.import(Array.from({ length: 30 }, (_, index) => ({ ...settled(index), ...more })));
    ledger.setBudget({ period: 'month', limit: '20', warnAt: 0.8, project: '/work' });
    const content = contentOf(ledger);
    ledger.close();
    const database = new Libsql(join(folder, 'ledger.db'));
    database.pragma('wal_checkpoint(TRUNCATE)');
    database.close();
    const read = (name: string): Buffer => readFileSync(join(folder, name));
    small = { database: read('ledger.db'), budgets: read('ledger.budgets.json'), content };
    rmSync(folder, { recursive: true });
  });

  test('is reported wherever it changes the content of the ledger', async () => {
    const used = [...small.database.keys()].filter((at) => small.database[at] !== 0);
    const places = fc.sample(fc.tuple(fc.constantFrom(...used), fc.nat(7)), { numRuns: PLACES, seed: 11 });
    const [silent, wrong]: [number[], number[]] = [[], []];
    let reported = 0;
    for (const [at, bit] of places) {
      const folder = mkdtempSync(join(tmpdir(), 'orx-flip-'));
      writeSmall(folder, changed(at, 1 << bit));
      const ledger = await openLedger({ folder, name: 'ledger' }, { isThorough: 'if-small' }).catch(() => undefined);
      const isOther = ledger !== undefined && contentOf(ledger) !== small.content;
      if (ledger === undefined || ledger.damage.length > 0 || ledger.check().problems.length > 0) reported += 1;
      else if (isOther) silent.push(at);
      // If the table and an index contradict each other, nobody knows which is right, so the ledger must not be reported as complete.
      if (isOther && !ledger.isIncomplete) wrong.push(at);
      ledger?.close();
      rmSync(folder, { recursive: true });
    }
    expect([silent, wrong]).toEqual([[], []]);
    expect(reported).toBeGreaterThan(PLACES / 2);
  });

  test('of the header loses no entry, even if a command only writes', async () => {
    const lost: number[] = [];
    const newer: (string | undefined)[] = [];
    for (let at = 0; at < 100; at += IS_LONG ? 1 : 3) {
      const folder = mkdtempSync(join(tmpdir(), 'orx-flip-'));
      writeSmall(folder, changed(at, 1 << (at % 8)));
      // The first process may find the damage only when it writes; then the next one recovers the file.
      for (const id of ['1', '2']) {
        const writing = await openLedger({ folder, name: 'ledger' }).catch(() => undefined);
        if (writing !== undefined) {
          failureOf(() => writing.open(entryOf(id, { openedAt: NOW + 5000 })));
          writing.close();
        }
      }
      const ledger = await openLedger({ folder, name: 'ledger' }, { isThorough: true }).catch(
        (error: unknown) => error as OrxError,
      );
      // orx changes nothing in a layout that is newer than its own.
      if (ledger instanceof OrxError) newer.push(ledger.code);
      else {
        const [entries, ids] = [ledger.entries({ until: NOW + 1000 }), ledger.entries({ since: NOW + 1000 })];
        if (JSON.stringify([[...entries], ledger.budgets()]) !== small.content || ![...ids].some(({ id }) => id === '2'))
          lost.push(at);
        ledger.close();
      }
      rmSync(folder, { recursive: true });
    }
    expect(lost).toEqual([]);
    expect(new Set(newer)).toEqual(new Set(['database-newer']));
  });
});

test.each(['id', 'conversation', 'generation_id', 'cost', 'expected_cost'])(
  'a text that is not UTF-8 in entry.%s ends no process and loses no entry',
  async (column) => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'ledger.db'), sound);
    const database = new Libsql(join(folder, 'ledger.db'));
    database.exec(`UPDATE entry SET ${column} = CAST(x'41ff42' AS TEXT) WHERE row = ${COUNT / 2}`);
    database.pragma('wal_checkpoint(TRUNCATE)');
    database.close();
    const first = await testLedger({ folder });
    const failure = failureOf(() => [...first.entries({})]);
    expect(failure).toMatchObject({ code: 'ledger-unreadable', message: expect.stringContaining('not UTF-8') });
    first.close();
    const second = await openLedger({ folder, name: 'ledger' }, { isThorough: true });
    expect(second.notices).toEqual([expect.stringContaining('damaged')]);
    const matches = [...second.entries({})];
    expect(matches).toHaveLength(COUNT);
    const { id: _id, conversation: _c, ...known } = inPart(settled(COUNT / 2 - 1));
    expect(matches.find(({ openedAt }) => openedAt === NOW + COUNT / 2 - 1)).toMatchObject(known);
    second.close();
  },
);

test.each([
  ['label', 'text', `id = 1`],
  ['lease', 'models', 'TRUE'],
  ['lease', 'host', 'TRUE'],
  ['budget', 'amount', 'TRUE'],
  ['budget', 'project', 'TRUE'],
  ['budget', 'client', 'TRUE'],
  ['budget', 'tag', 'TRUE'],
  ['budget_total', 'conversation', 'TRUE'],
])('nor does one in %s.%s', async (table, column, where) => {
  const folder = tempFolder();
  const ledger = await testLedger({ folder });
  ledger.setBudget({ period: 'month', limit: '20', warnAt: 0.8, project: '/work', clientKey: 'laptop', tag: 'red' });
  const scope = scopeOf({ clientKey: 'laptop', tags: ['red'] });
  ledger.open(entryOf('1', { clientKey: 'laptop', tags: ['red'] }), holdOf('1', scope));
  ledger.close();
  const database = new Libsql(join(folder, 'ledger.db'));
  database.exec(`UPDATE ${table} SET ${column} = CAST(x'41ff42' AS TEXT) WHERE ${where}`);
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.close();
  const recovered = await openLedger({ folder, name: 'ledger' }, { isThorough: true });
  expect(recovered.notices[0]).toContain('not UTF-8');
  expect([...recovered.entries({})].map(({ id, project }) => [id, project])).toEqual([['1', '/work']]);
  // The copy next to the ledger has the budget.
  expect(recovered.budgets()).toMatchObject([{ limit: '20', project: '/work', clientKey: 'laptop', tag: 'red' }]);
  expect(recovered.check().problems).toEqual([]);
  recovered.close();
});

test('a ledger of a newer orx is an error and stays unchanged', async () => {
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
