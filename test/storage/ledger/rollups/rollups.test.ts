import { join } from 'node:path';
import fc from 'fast-check';
import Libsql from 'libsql';
import { expect, test } from 'vitest';
import { percentiles } from '../../../../src/core/usage/percentile.ts';
import type { EntryFilter, EntryOutcome, LedgerEntry } from '../../../../src/storage/ledger/entry.ts';
import type { Ledger } from '../../../../src/storage/ledger/ledger.ts';
import { openLedger } from '../../../../src/storage/ledger/open-ledger.ts';
import {
  type PastWorkload,
  type Report,
  REPORT_DIMENSIONS,
  type ZoneShift,
} from '../../../../src/storage/ledger/reports/report.ts';
import { bucketSql, bucketValue, RELATIVE_ERROR } from '../../../../src/storage/ledger/rollups/buckets.ts';
import { foldEntries } from '../../../../src/storage/ledger/rollups/fold.ts';
import { Labels } from '../../../../src/storage/ledger/labels.ts';
import { Sql } from '../../../../src/storage/sqlite/sql.ts';
import { entryOf, NOW } from '../../../support/ledger-entries.ts';
import { ownerOf } from '../../../support/ledger.ts';
import { IS_LONG } from '../../../support/long-tests.ts';
import { tempFolder } from '../../../support/temp-home.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** An hour with enough requests that every facet of it is stored. */
const BUSY = NOW - 9 * DAY;
const SHIFT = NOW - 8 * DAY + 6.75 * HOUR;
const ZONES: ZoneShift[][] = [
  [{ from: -Infinity, offsetMs: 0 }],
  [{ from: -Infinity, offsetMs: -11 * HOUR }],
  [{ from: -Infinity, offsetMs: 5.5 * HOUR }],
  [{ from: -Infinity, offsetMs: 5.75 * HOUR }],
  [
    { from: -Infinity, offsetMs: HOUR },
    { from: NOW - 200 * DAY, offsetMs: 2 * HOUR },
    { from: NOW - 8 * DAY, offsetMs: HOUR },
  ],
  [
    { from: -Infinity, offsetMs: 5.5 * HOUR },
    { from: SHIFT, offsetMs: 4.5 * HOUR },
    { from: SHIFT + 1234, offsetMs: 4 * HOUR + 1000 },
  ],
];
const FILTERS: EntryFilter[] = [
  {},
  { project: '/work' },
  { model: 'b/*' },
  { tag: 'red' },
  { clientKey: 'ci', command: 'serve' },
  { vendor: 'anthropic', profile: 'work', provider: 'P' },
  { provider: 'of nobody' },
];

const moment = fc.oneof(
  fc.integer({ min: BUSY, max: BUSY + HOUR - 1 }),
  fc.integer({ min: NOW - 700 * DAY, max: NOW + DAY }),
  fc.integer({ min: NOW - 10 * DAY, max: NOW }),
  fc.integer({ min: SHIFT - HOUR, max: SHIFT + HOUR }),
);
const textOf = (...values: string[]) => fc.constantFrom(...values);
const optional = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
const time = optional(fc.double({ min: 0.5, max: 1e6, noNaN: true }));
const tokens = optional(fc.constantFrom(0, 1, 999, 32_000, 32_001, 128_000, 200_001, 1e9));
const amount = fc.nat({ max: 10 ** 9 }).map((nanos) => `${nanos % 7}.${String(nanos).padStart(18, '0')}`);

const draft = fc
  .record({
    openedAt: moment,
    command: textOf('chat', 'serve'),
    profile: textOf('default', 'work'),
    project: textOf('/work', '/other'),
    requestedModel: textOf('a/one', 'b/one'),
    servedModel: optional(textOf('a/one', 'b/two')),
    provider: optional(textOf('P', 'Q')),
    vendor: textOf('openrouter', 'anthropic'),
    clientKey: optional(textOf('laptop', 'ci')),
    tags: optional(fc.constantFrom(['red'], ['blue', 'red'])),
    outcome: fc.constantFrom<EntryOutcome>('complete', 'complete', 'stopped', 'failed', 'lost'),
    costSource: fc.constantFrom('billed', 'computed', 'estimated', 'unknown'),
    upstreamCost: optional(amount),
    cost: amount,
    promptTokens: tokens,
    cachedTokens: tokens,
    completionTokens: tokens,
    durationMs: time,
    timeToFirstTokenMs: time,
    throughput: time,
  })
  .map((fields) => {
    const { id: _, ...entry } = entryOf('', fields);
    const whole = { ...entry, ...fields, state: 'settled' as const, attempts: 1 };
    return fields.costSource === 'unknown' ? { ...whole, cost: undefined, upstreamCost: undefined } : { ...whole, isByok: true };
  });
type Draft = Omit<LedgerEntry, 'id'>;

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('open' as const), entry: draft }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('settle' as const), which: fc.nat(), entry: draft }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('import' as const), entries: fc.array(draft, { maxLength: 40 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('fold' as const), now: moment, limit: fc.constantFrom(1, 10, Infinity) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('prune' as const), before: moment }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lost' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('relabel' as const), which: fc.nat({ max: 100 }) }) },
);
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

interface Both {
  folder: string;
  /** Reports from rollups as far as there are any. */
  rollups: Ledger;
  /** Reports from the entries. */
  entries: Ledger;
  fold: (now: number, limit?: number, phase?: number) => boolean;
  sql: Sql;
  close: () => void;
}

/** `few`: how many entries reports read one by one. */
async function openBoth(few = 0): Promise<Both> {
  const folder = tempFolder();
  const owner = ownerOf(1);
  const rollups = await openLedger({ folder, name: 'ledger', fewEntries: few, owner, now: () => NOW });
  const entries = await openLedger({ folder, name: 'ledger', fewEntries: Infinity, owner, now: () => NOW });
  const sql = new Sql(new Libsql(join(folder, 'ledger.db')));
  const store = { sql, labels: new Labels(sql), owner, fewEntries: few };
  return {
    folder,
    rollups,
    entries,
    sql,
    fold: (now, limit = Infinity, phase = 0) => sql.write(() => foldEntries(store, { now, limit, phase })),
    close() {
      for (const one of [rollups, entries, sql]) one.close();
    },
  };
}

function perform({ rollups: ledger, sql, fold }: Both, steps: readonly Step[], phase: number): void {
  let made = 0;
  for (const one of steps) {
    if (one.kind === 'open') ledger.open({ ...opening(one.entry), id: `e${(made += 1)}` });
    else if (one.kind === 'settle') ledger.settle(`e${1 + (one.which % (made + 1))}`, resultOf(one.entry));
    else if (one.kind === 'import') ledger.import(one.entries.map((entry) => ({ ...entry, id: `e${(made += 1)}` })));
    else if (one.kind === 'fold') fold(one.now, one.limit, phase);
    else if (one.kind === 'prune') ledger.prune(one.before);
    else if (one.kind === 'lost') ledger.closeLost(NOW + 1000 * DAY);
    // As a later migration might.
    else sql.run('UPDATE entry SET tags = NULL, project = (SELECT MIN(project) FROM entry) WHERE row % 101 = ?', [one.which]);
  }
}

function opening({ openedAt, command, profile, project, requestedModel, vendor, clientKey, tags }: Draft) {
  return entryOf('', { openedAt, command, profile, project, requestedModel, vendor, clientKey, tags, expectedCost: '0.5' });
}

function resultOf({ outcome = 'complete', attempts = 1, ...result }: Draft) {
  return { ...result, outcome, attempts };
}

/** Returns a report without its times, in an order that does not depend on how it was made. */
function sumsIn({ total, days, groups, models }: Report) {
  const byGroup = <Row extends { group: string }>(rows: readonly Row[]) =>
    rows.map(({ ...row }) => ({ ...row, times: undefined })).toSorted((a, b) => (a.group < b.group ? -1 : 1));
  return { total, days, groups: byGroup(groups), models: byGroup(models) };
}

function expectTimes(report: Report, exact: Report): void {
  const all = ({ times, groups, models }: Report) => [
    ['', times] as const,
    ...groups.map((row) => [`group ${row.group}`, row.times] as const),
    ...models.map((row) => [`model ${row.group}`, row.times] as const),
  ];
  const known = new Map(all(exact));
  for (const [name, times] of all(report)) {
    for (const kind of ['durationMs', 'timeToFirstTokenMs', 'throughput'] as const) {
      const shares = [0, 0.5, 0.95, 1];
      const right = percentiles(known.get(name)?.[kind] ?? { values: [], counts: [] }, ...shares);
      const found = percentiles(times?.[kind] ?? { values: [], counts: [] }, ...shares);
      for (const [index, value] of found.entries()) {
        expect(value === undefined).toBe(right[index] === undefined);
        expect(Math.abs((value ?? 0) - (right[index] ?? 0))).toBeLessThanOrEqual((right[index] ?? 0) * (RELATIVE_ERROR + 1e-9));
      }
    }
  }
}

function sorted(workloads: readonly PastWorkload[]): string[] {
  return workloads.map((workload) => JSON.stringify(Object.entries(workload).sort(([a], [b]) => (a < b ? -1 : 1)))).sort();
}

const span = fc
  .tuple(fc.constantFrom(-Infinity, BUSY - 1, NOW - 600 * DAY), fc.constantFrom(Infinity, BUSY + HOUR / 3, NOW))
  .map(([since, until]) => ({ since, until }));
const anyCut = fc.record({
  sizes: fc.constantFrom([], [32_000, 200_000], [1000]),
  minutes: fc.constantFrom([], [60, 720], [1, 1439]),
  isByWeekday: fc.boolean(),
  moments: fc.constantFrom([], [NOW - 20 * DAY, BUSY + 1.5, NOW - HOUR]),
});

const inTenDays = (day: number): string => `from ${Math.floor(day / 10) * 10}`;

test('reports from rollups equal those from the entries, after any changes, in any zone', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 5, maxLength: 25 }),
      fc.record({
        zone: fc.constantFrom(...ZONES),
        filter: fc.constantFrom(...FILTERS),
        range: span,
        by: fc.constantFrom(String, inTenDays, ...REPORT_DIMENSIONS),
        withDays: fc.boolean(),
        cut: anyCut,
        phase: fc.constantFrom(0, HOUR / 2),
        few: fc.constantFrom(0, 0, 10),
      }),
      async (steps, { zone, filter, range, by, withDays, cut, phase, few }) => {
        const both = await openBoth(few);
        perform(both, steps, phase);
        for (const last of [undefined, NOW, NOW + 1000 * DAY]) {
          if (last !== undefined) both.fold(last, Infinity, phase);
          const all = { ...filter, ...range };
          expect(both.rollups.sums(all)).toEqual(both.entries.sums(all));
          const options = { by, zone, withModels: true, withDays };
          const [report, exact] = [both.rollups, both.entries].map((one) => one.report(all, options)) as [Report, Report];
          expect(sumsIn(report)).toEqual(sumsIn(exact));
          expectTimes(report, exact);
          for (const byModel of [true, false]) {
            const [past, known] = [both.rollups, both.entries].map((one) => one.pastWorkloads(all, { ...cut, byModel }));
            expect(sorted(past!)).toEqual(sorted(known!));
          }
        }
        expect(both.rollups.check()).toMatchObject({ problems: [], repaired: [] });
        both.close();
      },
    ),
    { numRuns: IS_LONG ? 25 : 12 },
  );
});

async function folded(): Promise<Both> {
  const both = await openBoth();
  const entries = fc.sample(draft, { numRuns: 300, seed: 1 });
  both.rollups.import(
    entries.map((entry, index) => ({ ...entry, openedAt: Math.min(entry.openedAt, NOW - 2 * DAY), id: `e${index}` })),
  );
  expect(both.fold(NOW)).toBe(true);
  return both;
}

test('rollups answer without the entries that they contain', async () => {
  const both = await folded();
  const options = { by: 'model', zone: ZONES[4]!, withModels: true } as const;
  const before = both.rollups.report({}, options);
  // Deletes entries without telling the rollups, but neither the first nor the last one.
  both.sql.run('DROP TRIGGER rollup_delete');
  const gone = both.sql.run('DELETE FROM entry WHERE opened_at > ? AND opened_at < ?', [NOW - 650 * DAY, NOW - 100 * DAY]);
  expect(gone).toBeGreaterThan(20);
  expect(both.rollups.sums({})).toMatchObject({ requests: 300 });
  expect(both.rollups.report({}, options).groups).toEqual(before.groups);
  both.close();
});

test.each([
  ['a changed byte of sums', "UPDATE rollup SET cells = CAST(cells || x'00' AS BLOB) WHERE facet = 0 AND level = 1"],
  ['a changed byte of times', 'UPDATE rollup_times SET times = zeroblob(length(times)) WHERE facet = 1 AND level = 1'],
  ['a missing row', 'DELETE FROM rollup WHERE facet = 1'],
  [
    'rows of another span',
    'UPDATE rollup SET cells = (SELECT cells FROM rollup WHERE facet = 0 AND level = 1 ORDER BY start LIMIT 1) WHERE facet = 0',
  ],
  ['a missing state', 'DELETE FROM rollup_state'],
  ['a wrong limit', 'UPDATE rollup_state SET folded_until = 5'],
  ['a span without entries', 'INSERT INTO rollup_span VALUES (0, 3600000, 1)'],
])('`orx ledger check` finds %s, and makes the rollups again', async (_, damage) => {
  const both = await folded();
  both.sql.run(damage);
  const { problems, repaired } = both.rollups.check();
  expect(problems).toEqual([]);
  expect(repaired).not.toEqual([]);
  expect(both.rollups.check()).toMatchObject({ problems: [], repaired: [] });
  expect(both.sql.all('SELECT 1 FROM rollup').length).toBeGreaterThan(100);
  expect(both.rollups.sums({})).toEqual(both.entries.sums({}));
  both.close();
});

test('a report that finds a damaged rollup reports it, makes the rollups again, and is right', async () => {
  const both = await folded();
  const notices: string[] = [];
  const ledger = await openLedger({
    folder: both.folder,
    name: 'ledger',
    fewEntries: 0,
    now: () => NOW,
    onNotice: (text) => notices.push(text),
  });
  both.sql.run("UPDATE rollup SET cells = x'0102030405060708'");
  const report = ledger.report({}, { by: 'model', zone: ZONES[0]! });
  expect(notices).toEqual([expect.stringMatching(/the sums for reports are damaged .* computes them again/)]);
  expect(sumsIn(both.entries.report({}, { by: 'model', zone: ZONES[0]! }))).toEqual(sumsIn(report));
  expect(ledger.check()).toMatchObject({ repaired: [] });
  ledger.close();
  both.close();
});

test('the value of a bucket is within the stated error of every value in it', () => {
  const database = new Libsql(':memory:');
  fc.assert(
    fc.property(fc.double({ min: 1e-3, max: 1e12, noNaN: true }), (value) => {
      const [{ bucket }] = database.prepare(`SELECT ${bucketSql('x')} bucket FROM (SELECT ? x)`).all(value) as [
        { bucket: number },
      ];
      expect(Math.abs(bucketValue(bucket) - value) / value).toBeLessThanOrEqual(RELATIVE_ERROR + 1e-9);
    }),
  );
  database.close();
});
