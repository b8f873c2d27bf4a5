import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import Libsql from 'libsql';
import { describe, expect, test } from 'vitest';
import { recoverTables } from '../../../../src/storage/sqlite/recover/recover-tables.ts';
import { layoutOf, type RecoveredRow } from '../../../../src/storage/sqlite/recover/shape.ts';
import { tempFolder } from '../../../support/temp-home.ts';
import { IS_LONG } from '../../../support/long-tests.ts';

const PAGE = 4096;
const SCHEMA = `
  CREATE TABLE note (row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, weight REAL, text TEXT NOT NULL) STRICT;
  CREATE INDEX note_time ON note (at);
  CREATE TABLE tag (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
  CREATE TABLE pair (one INTEGER NOT NULL, other TEXT NOT NULL, many INTEGER NOT NULL, PRIMARY KEY (one, other)) WITHOUT ROWID;
`;

type Value = string | number | null;

function layout() {
  const empty = new Libsql(':memory:');
  empty.exec(SCHEMA);
  const match = layoutOf(empty);
  empty.close();
  return match;
}

/** Returns a database with rows of all three tables, as the bytes of its file. */
function databaseOf(notes: readonly (readonly Value[])[], others = 0): { bytes: Buffer; leaves: Map<number, number[]> } {
  const folder = mkdtempSync(join(tmpdir(), 'orx-recover-'));
  const path = join(folder, 'x.db');
  const database = new Libsql(path);
  database.exec(SCHEMA);
  database.exec('BEGIN');
  const insert = database.prepare('INSERT INTO note (row, id, at, weight, text) VALUES (?, ?, ?, ?, ?)');
  for (const note of notes) insert.run(...note);
  for (let index = 0; index < others; index += 1) {
    database.prepare('INSERT INTO tag (id, name) VALUES (?, ?)').run(index, `tag ${index}`);
    database.prepare('INSERT INTO pair VALUES (?, ?, ?)').run(index, `other ${index}`, index * 2);
  }
  database.exec('COMMIT');
  // The leaves hold the rows in order.
  const pages = database
    .prepare(`SELECT pageno, ncell FROM dbstat WHERE name = 'note' AND pagetype = 'leaf' ORDER BY path`)
    .all() as { pageno: number; ncell: number }[];
  const rows = notes.map(([row]) => Number(row)).toSorted((one, other) => one - other);
  const leaves = new Map(pages.map(({ pageno, ncell }) => [pageno, rows.splice(0, ncell)]));
  database.close();
  const bytes = readFileSync(path);
  rmSync(folder, { recursive: true });
  return { bytes, leaves };
}

function recovered(bytes: Buffer, table = 'note', log?: Buffer): { rows: RecoveredRow[]; problems: readonly string[] } {
  const path = join(tempFolder(), 'damaged.db');
  writeFileSync(path, bytes);
  if (log !== undefined) writeFileSync(`${path}-wal`, log);
  const tables = recoverTables(path, layout());
  try {
    return { rows: [...tables.rows(table)], problems: tables.problems() };
  } finally {
    tables.close();
  }
}

const many = (count: number): Value[][] =>
  Array.from({ length: count }, (_, index) => [
    index + 1,
    `id-${index}`,
    1_700_000_000_000 + index,
    index / 4,
    `text ${index} ${'x'.repeat(80)}`,
  ]);

const valuesOf = ({ values }: RecoveredRow): unknown[] => ['row', 'id', 'at', 'weight', 'text'].map((name) => values[name]);

test('invents nothing if the file ends inside a row', () => {
  const notes = many(60);
  const { bytes, leaves } = databaseOf(notes);
  const [leaf] = leaves.keys();
  const isLeft = (value: unknown, whole: unknown): boolean =>
    // The beginning of a text is worth keeping.
    typeof value === 'string' ? String(whole).startsWith(value) : (value ?? undefined) === undefined || Number(value) === whole;
  for (let known = 3000; known < 3300; known += 1) {
    const { rows } = recovered(bytes.subarray(0, (leaf! - 1) * PAGE + known));
    const madeUp = rows.filter((row) => {
      const note = notes[Number(row.values['row']) - 1] ?? [];
      return !valuesOf(row).every((value, index) => isLeft(value, note[index]));
    });
    expect(madeUp).toEqual([]);
  }
});

test('reads anything that SQLite wrote, also rows larger than a page', () => {
  const note = fc.tuple(
    fc.integer({ min: 1, max: 2 ** 52 }),
    fc.uuid(),
    fc.integer({ min: -(2 ** 53) + 1, max: 2 ** 53 - 1 }),
    fc.oneof(fc.constant(null), fc.double({ noNaN: true, noDefaultInfinity: true })),
    fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.integer({ min: 4000, max: 30_000 }).map((length) => 'é'.repeat(length)),
    ),
  );
  fc.assert(
    fc.property(fc.uniqueArray(note, { maxLength: 30, selector: ([row]) => row }), (notes) => {
      const clean = notes.map(([row, id, at, weight, text]) => [
        row,
        id,
        at,
        weight === 0 ? 0 : weight,
        text.replaceAll('\0', ''),
      ]);
      const { rows, problems } = recovered(databaseOf(clean).bytes);
      expect(problems).toEqual([]);
      expect(rows.map(valuesOf)).toEqual(clean.toSorted(([one], [other]) => Number(one) - Number(other)));
    }),
    { numRuns: 30 },
  );
});

describe('damage to one page', () => {
  const notes = many(600);
  const sound = databaseOf(notes, 400);

  test('never loses a row on another page', () => {
    const pages = sound.bytes.length / PAGE;
    const change = fc.oneof(
      fc.record({ kind: fc.constant('flip' as const), at: fc.nat(PAGE - 1), mask: fc.integer({ min: 1, max: 255 }) }),
      fc.record({
        kind: fc.constant('noise' as const),
        at: fc.nat(PAGE - 64),
        bytes: fc.uint8Array({ minLength: 1, maxLength: 64 }),
      }),
      fc.record({ kind: fc.constant('zero' as const) }),
      fc.record({ kind: fc.constant('copy' as const), from: fc.nat(pages - 1) }),
    );
    fc.assert(
      fc.property(fc.nat(pages - 1), change, (index, damage) => {
        const bytes = Buffer.from(sound.bytes);
        const page = bytes.subarray(index * PAGE, (index + 1) * PAGE);
        if (damage.kind === 'flip') page[damage.at]! ^= damage.mask;
        else if (damage.kind === 'noise') page.set(damage.bytes, damage.at);
        else if (damage.kind === 'zero') page.fill(0);
        else page.set(sound.bytes.subarray(damage.from * PAGE, (damage.from + 1) * PAGE));
        const { rows, problems } = recovered(bytes);
        const matches = new Map(rows.filter(({ isSound }) => isSound).map((row) => [row.row, valuesOf(row)]));
        const onIt = new Set(sound.leaves.get(index + 1));
        const others = notes.filter(([row]) => !onIt.has(Number(row)));
        expect(others.map(([row]) => matches.get(Number(row)))).toEqual(others);
        // Missing data is reported.
        expect(matches.size === notes.length || problems.length > 0).toBe(true);
      }),
      { numRuns: IS_LONG ? 600 : 50 },
    );
  });

  test.each(['first', 'middle', 'last'] as const)(
    'the %s row of a page never takes the number of a row on another page',
    (place) => {
      for (const other of [140, 500]) {
        const bytes = Buffer.from(sound.bytes);
        const onIt = [...sound.leaves.values()].find((rows) => rows.includes(300))!;
        const row = { first: onIt[0]!, middle: 300, last: onIt.at(-1)! }[place];
        // Before the first text of a row: its number in two bytes, and seven bytes with the types of its columns.
        const at = bytes.lastIndexOf(`id-${row - 1}`, bytes.indexOf(`text ${row - 1} `)) - 9;
        const numberOf = (): number => ((bytes[at]! & 0x7f) << 7) | bytes[at + 1]!;
        expect(numberOf()).toBe(row);
        bytes.set([0x80 | (other >> 7), other & 0x7f], at);
        const { rows, problems } = recovered(bytes);
        const matches = rows.map(valuesOf);
        expect(matches.filter(([number]) => number === other)).toEqual([notes[other - 1]]);
        expect(matches.toSorted(([one], [next]) => Number(one) - Number(next))).toEqual(
          notes.filter(([number]) => number !== row),
        );
        expect(problems).not.toEqual([]);
      }
    },
  );

  test('tables without row numbers are read too', () => {
    const bytes = Buffer.from(sound.bytes);
    bytes.fill(0, 0, PAGE);
    const { rows } = recovered(bytes, 'pair');
    // Some of them are on inner pages, which come first.
    const ordered = rows.toSorted((one, other) => Number(one.values['one']) - Number(other.values['one']));
    expect(ordered.map(({ values }) => [values['one'], values['other'], values['many']])).toEqual(
      Array.from({ length: 400 }, (_, index) => [index, `other ${index}`, index * 2]),
    );
    expect(recovered(bytes, 'tag').rows.map(({ values }) => values['name'])).toEqual(
      Array.from({ length: 400 }, (_, index) => `tag ${index}`),
    );
  });
});

test('deleted rows stay deleted while the list of free pages is readable', () => {
  const path = join(tempFolder(), 'x.db');
  writeFileSync(path, databaseOf(many(600)).bytes);
  const database = new Libsql(path);
  database.exec('DELETE FROM note WHERE row <= 300');
  database.close();
  const bytes = readFileSync(path);
  const last = bytes.length - PAGE;
  bytes.fill(0, last);
  const matches = recovered(bytes).rows.map(({ row }) => row);
  expect(Math.min(...matches.map(Number))).toBe(301);
});

test('the beginning of a long text is kept if the rest is lost', () => {
  const { bytes } = databaseOf([[1, 'one', 1, null, 'y'.repeat(20_000)]]);
  const cut = bytes.subarray(0, bytes.length - 2 * PAGE);
  const { rows, problems } = recovered(cut);
  expect(rows).toHaveLength(1);
  expect(rows[0]!.isSound).toBe(false);
  expect(String(rows[0]!.values['text'])).toMatch(/^y{1000,19999}$/);
  expect(problems).not.toEqual([]);
});
