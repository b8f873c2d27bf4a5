import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimal, decimalText } from '../../../../src/decimal.ts';
import type { EntryFilter, LedgerEntry } from '../../../../src/storage/ledger/entry.ts';
import {
  REPORT_DIMENSIONS,
  type PastWorkload,
  type Sums,
  type ZoneShift,
} from '../../../../src/storage/ledger/reports/report.ts';
import { openLedger } from '../../../../src/storage/ledger/open-ledger.ts';
import { dayPiece } from '../../../../src/storage/ledger/reports/time-pieces.ts';
import { entryOf, NOW, resultOf, scopeOf, SPANS } from '../../../support/ledger-entries.ts';
import { testLedger } from '../../../support/ledger.ts';
import { timesOf, workloadsOf } from '../../../support/ledger-report.ts';
import { IS_LONG } from '../../../support/long-tests.ts';
import { tempFolder } from '../../../support/temp-home.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SHIFT = NOW + 6.75 * HOUR;
/** Berlin's clock changes around the months of the test, and one that goes back over midnight. */
const ZONES: ZoneShift[][] = [
  [{ from: -Infinity, offsetMs: 0 }],
  [{ from: -Infinity, offsetMs: -11 * HOUR }],
  [
    { from: -Infinity, offsetMs: HOUR },
    { from: Date.UTC(2026, 2, 29, 1), offsetMs: 2 * HOUR },
    { from: Date.UTC(2026, 9, 25, 1), offsetMs: HOUR },
  ],
  [
    { from: -Infinity, offsetMs: 5.5 * HOUR },
    { from: SHIFT, offsetMs: 4.5 * HOUR },
  ],
];

const cost = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 15n }), fc.integer({ min: 0, max: 18 }))
  .map(([digits, scale]) => decimalText(decimal(String(digits)).div(`1e${scale}`)))
  .filter((text) => decimal(text).lte(1_000_000));
const textOf = (...values: string[]) => fc.constantFrom(...values);
const count = fc.option(fc.integer({ min: 0, max: 100_000 }), { nil: undefined });

const settled = fc
  .record({
    // Most of them near changes of days, months or clocks.
    openedAt: fc.oneof(
      fc.integer({ min: NOW - 60 * DAY, max: NOW + 2 * DAY }),
      fc.integer({ min: NOW, max: NOW + 12 * HOUR }),
      fc.integer({ min: SHIFT - 2 * HOUR, max: SHIFT + 2 * HOUR }),
      fc.constantFrom(...Object.values(SPANS).flatMap(({ start, end }) => [start - 1, start, end - 1, end])),
    ),
    command: textOf('chat', 'compare'),
    profile: textOf('default', 'work'),
    project: textOf('/work', '/other'),
    conversation: textOf('c1', 'c2', 'd'),
    requestedModel: textOf('a/one', 'a/two', 'b/one'),
    servedModel: fc.option(textOf('a/one', 'b/one', 'b/two'), { nil: undefined }),
    provider: fc.option(textOf('P', 'Q'), { nil: undefined }),
    vendor: textOf('openrouter', 'anthropic'),
    clientKey: fc.option(textOf('laptop', 'ci'), { nil: undefined }),
    tags: fc.option(fc.constantFrom(['red'], ['blue', 'red'], ['red', 'redder']), { nil: undefined }),
    outcome: fc.constantFrom('complete', 'stopped', 'failed', 'lost'),
    costSource: fc.constantFrom('billed', 'looked-up', 'computed', 'estimated', 'unknown'),
    upstreamCost: fc.option(cost, { nil: undefined }),
    promptTokens: count,
    cachedTokens: count,
    cacheWriteTokens: count,
    completionTokens: count,
    reasoningTokens: count,
    cost,
  })
  .map((fields): Omit<LedgerEntry, 'id'> => {
    const { id: _, ...entry } = entryOf('', fields);
    const whole = { ...entry, ...fields, state: 'settled' as const, attempts: 1 };
    return fields.costSource === 'unknown' ? { ...whole, cost: undefined, upstreamCost: undefined } : { ...whole, isByok: true };
  });

/** Cuts at the times of most entries, and at others. */
const anyCut = fc.record({
  sizes: fc.constantFrom([], [1000, 50_000]),
  minutes: fc.constantFrom([], [1, 720, 1439], [(NOW / 60_000) % 1440]),
  isByWeekday: fc.boolean(),
  moments: fc.constantFrom([], [NOW - 20 * DAY, NOW + 1.5, NOW + HOUR], [SPANS.day.start, SPANS.month.end]),
});

function sorted(workloads: readonly PastWorkload[]): string[] {
  return workloads.map((workload) => JSON.stringify(Object.entries(workload).sort(([a], [b]) => (a < b ? -1 : 1)))).sort();
}

function expected(entries: readonly LedgerEntry[]): Sums {
  const total = (of: (entry: LedgerEntry) => number | undefined): number =>
    entries.reduce((sum, entry) => sum + (of(entry) ?? 0), 0);
  const many = (is: (entry: LedgerEntry) => boolean): number => entries.filter(is).length;
  return {
    requests: entries.length,
    complete: many(({ outcome }) => outcome === 'complete'),
    stopped: many(({ outcome }) => outcome === 'stopped'),
    failed: many(({ outcome }) => outcome === 'failed' || outcome === 'lost'),
    promptTokens: total((entry) => entry.promptTokens),
    cachedTokens: total((entry) => entry.cachedTokens),
    cacheWriteTokens: total((entry) => entry.cacheWriteTokens),
    completionTokens: total((entry) => entry.completionTokens),
    reasoningTokens: total((entry) => entry.reasoningTokens),
    cost: decimalText(entries.reduce((sum, entry) => sum.plus(entry.cost ?? 0).plus(entry.upstreamCost ?? 0), decimal(0))),
    upstreamCost: decimalText(entries.reduce((sum, entry) => sum.plus(entry.upstreamCost ?? 0), decimal(0))),
    estimated: many(({ costSource }) => costSource === 'estimated'),
    computed: many(({ costSource }) => costSource === 'computed'),
    unknown: many(({ costSource }) => costSource === 'unknown'),
  };
}

const GROUP_OF = {
  model: (entry: LedgerEntry) => [entry.servedModel ?? entry.requestedModel],
  provider: (entry: LedgerEntry) => [entry.provider ?? ''],
  vendor: (entry: LedgerEntry) => [entry.vendor],
  command: (entry: LedgerEntry) => [entry.command],
  project: (entry: LedgerEntry) => [entry.project],
  profile: (entry: LedgerEntry) => [entry.profile],
  key: (entry: LedgerEntry) => [entry.clientKey ?? ''],
  // An entry counts under each of its tags.
  tag: (entry: LedgerEntry) => entry.tags ?? [''],
};

function withoutTimes<Row extends object>(row: Row & { times?: unknown }): Omit<Row, 'times'> {
  const { times: _, ...rest } = row;
  return rest;
}

function dayOf(at: number, zone: readonly ZoneShift[]): number {
  return Math.floor((at + (zone.findLast(({ from }) => from <= at)?.offsetMs ?? 0)) / DAY);
}

test('a piece of time is within one local day, for any clock changes', () => {
  const moment = fc.oneof(
    fc.integer({ min: SHIFT - 2 * HOUR, max: SHIFT + 2 * HOUR }),
    fc.integer({ min: NOW - 200 * DAY, max: NOW + 200 * DAY }),
  );
  fc.assert(
    fc.property(moment, fc.constantFrom(...ZONES), fc.double({ min: 0, max: 1, noNaN: true }), (at, zone, share) => {
      const { key, start, end } = dayPiece(at, zone);
      expect([start <= at, at < end, end - start <= DAY]).toEqual([true, true, true]);
      for (const inside of [at, start, end - 1, Math.floor(start + share * (end - 1 - start))])
        expect(dayOf(inside, zone)).toBe(key);
    }),
    { numRuns: 1000 },
  );
});

describe('sums', () => {
  test('by any grouping equal those of the entries, to the last digit', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(settled, { maxLength: 40 }),
        fc.constantFrom(...ZONES),
        fc.constantFrom<EntryFilter>(
          {},
          { project: '/work' },
          { model: 'b/*' },
          { vendor: 'anthropic' },
          { clientKey: 'ci' },
          { tag: 'red' },
          { tag: 're' },
          { conversation: 'c' },
          { since: NOW - 20 * DAY, until: NOW },
        ),
        anyCut,
        async (drafts, zone, filter, cut) => {
          const folder = tempFolder();
          const ledger = await openLedger({ folder, name: 'ledger' });
          ledger.import(drafts.map((draft, index) => ({ ...draft, id: String(index) })));
          const entries = [...ledger.entries(filter)];
          expect(ledger.sums(filter)).toEqual(expected(entries));
          const sumsBy = <Key>(keysOf: (entry: LedgerEntry) => readonly Key[]): Map<Key, Sums> =>
            new Map(
              [...new Set(entries.flatMap(keysOf))].map((key) => [
                key,
                expected(entries.filter((entry) => keysOf(entry).includes(key))),
              ]),
            );
          const models = [...sumsBy(GROUP_OF.model)].map(([group, { requests, complete, failed, cost: sum }]) => {
            return [group, { requests, complete, failed, cost: sum }];
          });
          const tenDays = (day: number): string => `from ${Math.floor(day / 10) * 10}`;
          for (const by of [String, tenDays, ...REPORT_DIMENSIONS]) {
            const report = ledger.report(filter, { by, zone, withModels: true });
            expect(report.total).toEqual(expected(entries));
            const days = report.days.map(({ day, ...sums }) => [day, sums] as const);
            const byDay = [...sumsBy(({ openedAt }) => [dayOf(openedAt, zone)])];
            expect(new Map(days)).toEqual(new Map(byDay.map(([day, { requests, cost: sum }]) => [day, { requests, cost: sum }])));
            expect(days.map(([day]) => day)).toEqual([...new Set(days.map(([day]) => day))].sort((a, b) => a - b));
            const groups = report.groups.map(({ group, ...sums }) => [group, withoutTimes(sums)] as const);
            expect(groups).toHaveLength(new Set(groups.map(([group]) => group)).size);
            const groupsOf = typeof by === 'string' ? GROUP_OF[by] : ({ openedAt }: LedgerEntry) => [by(dayOf(openedAt, zone))];
            expect(new Map(groups)).toEqual(sumsBy(groupsOf));
            for (const { group, times } of report.groups)
              expect(times).toEqual(timesOf(entries.filter((entry) => (groupsOf(entry) as readonly string[]).includes(group))));
            expect(new Map(report.models.map(({ group, ...sums }) => [group, withoutTimes(sums)]))).toEqual(
              new Map(models as never),
            );
            expect(report).toMatchObject({ times: timesOf(entries), timesError: 0 });
            expect(ledger.report(filter, { by, zone, withDays: false })).toEqual({ ...report, models: [], days: [] });
          }
          for (const byModel of [true, false]) {
            const past = ledger.pastWorkloads(filter, { ...cut, byModel });
            expect(sorted(past)).toEqual(sorted(workloadsOf(entries, cut, byModel)));
          }
          ledger.close();
        },
      ),
      { numRuns: IS_LONG ? 60 : 30 },
    );
  });

  test.each(ZONES)('equal those of the entries if a day has many groups, and then few again', async (...zone) => {
    const ledger = await testLedger();
    // A day of 101 projects, weeks of many, weeks of few, another such day; most of them near midnight.
    const days = Array.from({ length: 1200 }, (_, index) =>
      index < 101 ? 3 : index < 900 ? 3 + (index % 40) : 44 + (index % 60),
    );
    const crowd = Array.from({ length: 101 }, () => 90);
    ledger.import(
      [...days, ...crowd].map((day, index) => ({
        ...entryOf(String(index), {
          openedAt: NOW - 60 * DAY + day * DAY + ((index * 7919) % 47) * (HOUR / 2),
          project: `/${index < 900 || index >= 1200 ? index : index % 7}`,
        }),
        ...resultOf(`0.0${index}`),
        state: 'settled',
      })),
    );
    const entries = [...ledger.entries({})];
    const { days: sums, groups } = ledger.report({}, { by: 'project', zone });
    const numbers = [...new Set(entries.map(({ openedAt }) => dayOf(openedAt, zone)))].toSorted((a, b) => a - b);
    expect(sums).toEqual(
      numbers.map((day) => {
        const { requests, cost: sum } = expected(entries.filter(({ openedAt }) => dayOf(openedAt, zone) === day));
        return { day, requests, cost: sum };
      }),
    );
    expect(new Map(groups.map(({ group, ...its }) => [group, withoutTimes(its)]))).toEqual(
      new Map(groups.map(({ group }) => [group, expected(entries.filter(({ project }) => project === group))])),
    );
    expect(groups.reduce((sum, { requests }) => sum + requests, 0)).toBe(entries.length);
  });

  test('are exact far below a cent and far above one', async () => {
    const ledger = await testLedger();
    for (const [index, amount] of ['0.000000000000000001', '999999.999999999999999999', '1e-7', '0'].entries()) {
      ledger.open(entryOf(String(index)));
      ledger.settle(String(index), resultOf(amount));
    }
    expect(ledger.sums({}).cost).toBe('1000000.0000001');
    expect([...ledger.entries({})].map(({ cost: text }) => text)).toContain('1e-7');
  });

  test('cannot be made to overflow', async () => {
    const ledger = await testLedger();
    const huge = { ...resultOf('1000000', { promptTokens: 1e300, completionTokens: 1e12 }), state: 'settled' } as const;
    ledger.import(Array.from({ length: 2000 }, (_, index) => ({ ...entryOf(String(index)), ...huge })));
    expect(ledger.sums({})).toMatchObject({ cost: '2000000000', promptTokens: 0, completionTokens: 2e15 });
  });

  test('exclude impossible costs', async () => {
    const ledger = await testLedger();
    const costs = ['1e300', '-5', '1000001', '0.5'];
    ledger.import(costs.map((cost, index) => ({ ...entryOf(String(index)), ...resultOf(cost), state: 'settled' as const })));
    expect(ledger.sums({}).cost).toBe('0.5');
    expect([...ledger.entries({})].map(({ cost, costSource }) => [cost, costSource])).toEqual([
      [undefined, 'unknown'],
      [undefined, 'unknown'],
      [undefined, 'unknown'],
      ['0.5', 'billed'],
    ]);
  });
});

describe('running totals of budgets', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('open' as const), entry: settled }),
    fc.record({ kind: fc.constant('settle' as const), which: fc.nat(), entry: settled }),
    fc.record({ kind: fc.constant('import' as const), entries: fc.array(settled, { maxLength: 3 }) }),
    fc.record({ kind: fc.constant('lost' as const) }),
    fc.record({ kind: fc.constant('look' as const) }),
  );

  test('equal a scan of the entries, after any changes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.array(step, { minLength: 10, maxLength: 60 }), async (isReadFirst, steps) => {
        const ledger = await openLedger({ folder: tempFolder(), name: 'ledger' });
        ledger.setBudget({ period: 'month', limit: '1', warnAt: 1 });
        ledger.setBudget({ period: 'day', limit: '1', warnAt: 1, project: '/work' });
        ledger.setBudget({ period: 'week', limit: '1', warnAt: 1, model: 'b/*' });
        ledger.setBudget({ period: 'conversation', limit: '1', warnAt: 1, profile: 'default' });
        ledger.setBudget({ period: 'month', limit: '1', warnAt: 1, vendor: 'anthropic' });
        ledger.setBudget({ period: 'month', limit: '1', warnAt: 1, clientKey: 'ci' });
        ledger.setBudget({ period: 'week', limit: '1', warnAt: 1, tag: 'red' });
        ledger.setBudget({ period: 'week', limit: '1', warnAt: 1, tag: 'red', clientKey: 'ci', model: 'b/*' });
        const scope = scopeOf({ models: ['b/one'], vendor: 'anthropic', clientKey: 'ci', tags: ['red'] });
        if (isReadFirst) ledger.standings(scope);
        let made = 0;
        for (const one of steps) {
          if (one.kind === 'open') {
            const { command, profile, project, conversation, requestedModel, openedAt, vendor, clientKey, tags } = one.entry;
            const place = { command, profile, project, conversation, vendor, clientKey, tags };
            const fields = { ...place, requestedModel, openedAt, expectedCost: one.entry.cost };
            ledger.open(entryOf(`e${(made += 1)}`, fields));
          } else if (one.kind === 'settle') {
            const { outcome = 'complete', servedModel, cost: amount, costSource } = one.entry;
            ledger.settle(`e${1 + (one.which % Math.min(made + 1, 6))}`, {
              outcome,
              attempts: 1,
              servedModel,
              cost: amount,
              costSource,
            });
          } else if (one.kind === 'import') ledger.import(one.entries.map((entry) => ({ ...entry, id: `e${(made += 1)}` })));
          else if (one.kind === 'lost') ledger.closeLost(NOW + 30 * DAY);
          else ledger.standings(scope);
        }
        const entries = [...ledger.entries({})];
        const spent = (is: (entry: LedgerEntry) => boolean): string => expected(entries.filter(is)).cost;
        const isIn = ({ openedAt }: LedgerEntry, { start, end }: { start: number; end: number }) =>
          openedAt >= start && openedAt < end;
        expect(ledger.standings(scope).map((standing) => standing.spent)).toEqual([
          spent((entry) => isIn(entry, SPANS.month)),
          spent((entry) => isIn(entry, SPANS.day) && entry.project === '/work'),
          spent((entry) => isIn(entry, SPANS.week) && `${entry.requestedModel} ${entry.servedModel}`.includes('b/')),
          spent((entry) => entry.conversation === 'c1' && entry.profile === 'default'),
          spent((entry) => isIn(entry, SPANS.month) && entry.vendor === 'anthropic'),
          spent((entry) => isIn(entry, SPANS.month) && entry.clientKey === 'ci'),
          spent((entry) => isIn(entry, SPANS.week) && entry.tags?.includes('red') === true),
          spent(
            (entry) =>
              isIn(entry, SPANS.week) &&
              entry.tags?.includes('red') === true &&
              entry.clientKey === 'ci' &&
              `${entry.requestedModel} ${entry.servedModel}`.includes('b/'),
          ),
        ]);
        expect(ledger.check().problems).toEqual([]);
        ledger.close();
      }),
      { numRuns: IS_LONG ? 60 : 30 },
    );
  });

  test('keep the spending when old entries are deleted', async () => {
    const ledger = await testLedger();
    ledger.setBudget({ period: 'month', limit: '10', warnAt: 1 });
    for (const [index, openedAt] of [NOW - 10 * DAY, NOW - 40 * DAY, NOW].entries()) {
      ledger.open(entryOf(String(index), { openedAt }));
      if (index !== 1) ledger.settle(String(index), resultOf('1'));
    }
    ledger.standings(scopeOf());
    // Open entries stay.
    expect(ledger.prune(NOW)).toBe(1);
    expect([...ledger.entries({})].map(({ id }) => id)).toEqual(['1', '2']);
    expect(ledger.standings(scopeOf())).toMatchObject([{ spent: '2' }]);
    ledger.settle('2', resultOf('9'));
    ledger.open(entryOf('3'));
    ledger.settle('3', resultOf('0.5'));
    expect(ledger.standings(scopeOf())).toMatchObject([{ spent: '2.5' }]);
    expect(ledger.check().problems).toEqual([]);
  });
});
