import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Libsql from 'libsql';
import { beforeAll, expect, test } from 'vitest';
import { OrxError } from '../../../src/errors.ts';
import type { LedgerCheck } from '../../../src/storage/ledger/ledger.ts';
import { openLedger } from '../../../src/storage/ledger/open-ledger.ts';
import { entryOf, holdOf, NOW, resultOf } from '../../support/ledger-entries.ts';
import { IS_LONG } from '../../support/long-tests.ts';

// Two reservations: one of a request in progress, and one whose cost is uncertain. Each is in the table and in its index.
const IDS = ['settled', 'under way', 'unsure'];
/** Every place in `npm run test:long`. */
const STEP = IS_LONG ? 1 : 3;
let sound: { database: Buffer; budgets: Buffer; check: LedgerCheck; cells: number; places: readonly number[] };

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'orx-lease-'));
  const ledger = await openLedger({ folder, name: 'ledger' });
  ledger.setBudget({ period: 'month', limit: '5', warnAt: 0.8 });
  for (const id of IDS) ledger.open(entryOf(id, { expectedCost: '0.5' }), holdOf('1'));
  ledger.settle('settled', resultOf('0.25'));
  ledger.settle('unsure', resultOf('0.5', { costSource: 'estimated' }), NOW + 60_000);
  const check = ledger.check();
  ledger.close();
  const database = new Libsql(join(folder, 'ledger.db'));
  database.exec('VACUUM');
  database.pragma('wal_checkpoint(TRUNCATE)');
  const roots = database.prepare(`SELECT rootpage FROM sqlite_schema WHERE tbl_name = 'lease'`).all() as { rootpage: number }[];
  database.close();
  const read = (name: string): Buffer => readFileSync(join(folder, name));
  const bytes = read('ledger.db');
  let cells = 0;
  // The cells of a page reach from the offset in its header to its end; the header and the list of cells come first.
  const places = roots.flatMap(({ rootpage }) => {
    const page = (rootpage - 1) * 4096;
    const [count, start] = [bytes.readUInt16BE(page + 3), bytes.readUInt16BE(page + 5)];
    cells += count;
    const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => page + from + index);
    return [...range(8, 8 + 2 * count), ...range(start, 4096)];
  });
  sound = { database: bytes, budgets: read('ledger.budgets.json'), check, cells, places };
  rmSync(folder, { recursive: true });
});

/** Runs with a ledger in which one byte has changed. */
async function withChanged(at: number, work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'orx-lease-'));
  try {
    const bytes = Buffer.from(sound.database);
    bytes[at]! ^= 1 << (at % 8);
    writeFileSync(join(folder, 'ledger.db'), bytes);
    writeFileSync(join(folder, 'ledger.budgets.json'), sound.budgets);
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('two reservations are in the table and in its index, one cell each', () => {
  expect(sound.check).toMatchObject({ open: 1, reservations: 2, problems: [] });
  expect(sound.cells).toBe(4);
  expect(sound.places.length).toBeGreaterThan(100);
});

test('a changed byte of a reservation is reported wherever it is, and loses no request', async () => {
  const wrong: unknown[] = [];
  for (const at of sound.places.filter((_, index) => index % STEP === 0)) {
    await withChanged(at, async (folder) => {
      const ledger = await openLedger({ folder, name: 'ledger' }, { isThorough: true });
      const opened = ledger.open(entryOf('next'), holdOf('1'));
      const ids = [...ledger.entries({})].map(({ id }) => id).toSorted();
      const { problems } = ledger.check();
      if (ledger.damage.length !== 1 || !ledger.isIncomplete || opened.kind !== 'opened') wrong.push([at, ledger.damage, opened]);
      expect([at, ids, problems]).toEqual([at, ['next', ...IDS].toSorted(), []]);
      // The request in progress gets its result, whatever happened to its reservation.
      ledger.settle('under way', resultOf('0.75'));
      expect([...ledger.entries({})].find(({ id }) => id === 'under way')?.cost).toBe('0.75');
      ledger.close();
    });
  }
  expect(wrong).toEqual([]);
});

test('a changed byte of a reservation blocks no request if nothing checks for damage', async () => {
  const [wrong, unreadable]: [unknown[], Set<string>] = [[], new Set()];
  for (const at of sound.places.filter((_, index) => index % STEP === 0)) {
    await withChanged(at, async (folder) => {
      const outcomes: string[] = [];
      // The first process may find the damage only when it writes; then the next one recovers the file.
      while (outcomes.length < 2 && outcomes.at(-1) !== 'opened') {
        const ledger = await openLedger({ folder, name: 'ledger' });
        try {
          outcomes.push(ledger.open(entryOf('next'), holdOf('1')).kind);
        } catch (error) {
          if (!(error instanceof OrxError)) throw error;
          unreadable.add(error.code ?? '');
          outcomes.push(error.code ?? '');
        }
        ledger.close();
      }
      if (outcomes.at(-1) !== 'opened') wrong.push([at, outcomes]);
    });
  }
  expect(wrong).toEqual([]);
  expect([...unreadable].filter((code) => code !== 'ledger-unreadable')).toEqual([]);
});
