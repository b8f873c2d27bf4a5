import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { costSeries } from '../../../src/core/usage/cost-series.ts';
import { percentiles } from '../../../src/core/usage/percentile.ts';
import { sortUsage, USAGE_SORTS } from '../../../src/core/usage/sort-usage.ts';
import { splitOf, timeGroup, USAGE_GROUPINGS, usageReport } from '../../../src/core/usage/usage-report.ts';
import { decimalText } from '../../../src/decimal.ts';
import type { LedgerEntry, EntryOutcome } from '../../../src/storage/ledger/entry.ts';
import { distributionOf, makeEntry, reportOf } from '../../support/ledger-report.ts';

const ZONE = process.env['TZ'];
const NOW = Date.parse('2026-11-24T15:30:00Z');
const DAY = 86_400_000;

afterEach(() => {
  if (ZONE === undefined) delete process.env['TZ'];
  else process.env['TZ'] = ZONE;
});

const anyEntry = fc
  .record({
    at: fc.integer({ min: NOW - 100 * DAY, max: NOW }),
    model: fc.constantFrom('a/one', 'b/two', 'c/three'),
    outcome: fc.constantFrom<EntryOutcome>('complete', 'stopped', 'failed', 'lost'),
    provider: fc.constantFrom('Novita', 'Chutes', undefined),
    project: fc.constantFrom('/a', '/b'),
    command: fc.constantFrom('chat', 'compare'),
    profile: fc.constantFrom('default', 'work'),
    promptTokens: fc.nat({ max: 200_000 }),
    cachedShare: fc.double({ min: 0, max: 1, noNaN: true }),
    completionTokens: fc.nat({ max: 5000 }),
    nanos: fc.nat(),
    costSource: fc.constantFrom('billed', 'looked-up', 'computed', 'estimated', 'unknown'),
    durationMs: fc.option(fc.nat({ max: 60_000 }), { nil: undefined }),
  })
  .map(({ at, model, cachedShare, nanos, ...more }): LedgerEntry => {
    const cost = more.costSource === 'unknown' ? undefined : `0.${String(nanos).padStart(12, '0')}`;
    const cachedTokens = Math.floor(more.promptTokens * cachedShare);
    return makeEntry(at, { ...(more as Partial<LedgerEntry>), servedModel: model, cachedTokens, cost });
  });

describe('a usage report', () => {
  it('has equal sums by any grouping, in any zone, and all of the entries in its series', () => {
    fc.assert(
      fc.property(
        fc.array(anyEntry, { maxLength: 40 }),
        fc.constantFrom('UTC', 'Asia/Kathmandu', 'America/New_York', 'Pacific/Apia'),
        (entries, zone) => {
          process.env['TZ'] = zone;
          const totals = USAGE_GROUPINGS.map((by) => {
            const report = reportOf(entries, splitOf(by));
            const { rows, total } = usageReport(report, by);
            for (const key of ['requests', 'complete', 'failed', 'stopped', 'promptTokens', 'cachedTokens', 'unknown'] as const) {
              expect(rows.reduce((sum, row) => sum + row[key], 0)).toBe(total[key]);
            }
            const sum = rows.reduce((all, { cost }) => all.plus(cost), total.cost.times(0));
            expect(decimalText(sum)).toBe(decimalText(total.cost));
            for (const fit of ['day', 'week', 'month', { most: 20 }, { most: 1 }] as const) {
              const { points } = costSeries(report.days, { label: '' }, NOW, fit);
              expect(decimalText(points.reduce((all, { cost }) => all.plus(cost), total.cost.times(0)))).toBe(decimalText(sum));
              expect(points.reduce((all, { requests }) => all + requests, 0)).toBe(entries.length);
            }
            expect(total.requests).toBe(entries.length);
            return { ...total, cost: decimalText(total.cost), group: '' };
          });
          for (const total of totals) expect(total).toEqual(totals[0]);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('counts success without stopped requests, and medians of the available values', () => {
    const times = [100, 200, 300, 400, 5000];
    const entries = [
      ...times.map((durationMs) => makeEntry(NOW, { durationMs, timeToFirstTokenMs: durationMs / 10, throughput: 50 })),
      makeEntry(NOW, { outcome: 'stopped', durationMs: 99_999 }),
      makeEntry(NOW, { outcome: 'failed' }),
      makeEntry(NOW, { outcome: 'lost' }),
      makeEntry(NOW, { outcome: 'stopped', servedModel: 'a/only-stopped' }),
    ];
    const { rows, total } = usageReport(reportOf(entries, 'model'), 'model');
    expect(rows.map(({ group, requests, successRate }) => [group, requests, successRate])).toEqual([
      ['deepseek/deepseek-chat', 8, 5 / 7],
      ['a/only-stopped', 1, undefined],
    ]);
    expect(rows[0]).toMatchObject({
      stopped: 1,
      failed: 2,
      durationMs: { p50: 300, p95: 5000 },
      timeToFirstTokenMs: { p50: 30, p95: 500 },
      throughput: 50,
    });
    expect(rows[1]).toMatchObject({ durationMs: undefined, throughput: undefined, cachedShare: undefined });
    expect(total.successRate).toBe(5 / 7);
  });

  it('is sorted by cost, highest first, and by time in order', () => {
    const entries = [
      makeEntry(NOW, { servedModel: 'a/cheap', cost: '0.1' }),
      makeEntry(NOW - DAY, { servedModel: 'b/costly', cost: '0.2' }),
      makeEntry(NOW - 40 * DAY, { servedModel: 'b/costly', cost: '0.000000000001' }),
    ];
    const by = (grouping: 'model' | 'day' | 'week' | 'month'): unknown[] =>
      usageReport(reportOf(entries, splitOf(grouping)), grouping).rows.map(({ group, cost }) => [group, decimalText(cost)]);
    process.env['TZ'] = 'UTC';
    expect(by('model')).toEqual([
      ['b/costly', '0.200000000001'],
      ['a/cheap', '0.1'],
    ]);
    expect(by('day').map((row) => (row as string[])[0])).toEqual(['2026-10-15', '2026-11-23', '2026-11-24']);
    expect(by('week')).toEqual([
      ['2026-10-12', '0.000000000001'],
      ['2026-11-23', '0.3'],
    ]);
    expect(by('month').map((row) => (row as string[])[0])).toEqual(['2026-10', '2026-11']);
  });

  it('can be sorted', () => {
    const entries = [
      makeEntry(NOW, { servedModel: 'a/one', cost: '3', promptTokens: 1, durationMs: 10 }),
      makeEntry(NOW, { servedModel: 'b/two', cost: '2', promptTokens: 30, durationMs: 30 }),
      makeEntry(NOW, { servedModel: 'b/two', cost: '0', promptTokens: 3, outcome: 'failed' }),
      makeEntry(NOW, { servedModel: 'c/three', cost: '1', promptTokens: 20, durationMs: 20 }),
    ];
    const { rows } = usageReport(reportOf(entries, 'model'), 'model');
    const orders = USAGE_SORTS.map((sort) => [
      sort,
      sortUsage(rows, sort)
        .map(({ group }) => group[0])
        .join(''),
    ]);
    expect(Object.fromEntries(orders)).toEqual({
      cost: 'abc',
      requests: 'bac',
      tokens: 'bca',
      ok: 'bac',
      latency: 'bca',
      name: 'abc',
    });
  });
});

describe('cost over time', () => {
  it('has no gaps, from the start of the period to now', () => {
    process.env['TZ'] = 'UTC';
    const { days } = reportOf([makeEntry(NOW - 2 * DAY, { cost: '0.5' })], 'model');
    const period = { since: NOW - 3 * DAY, label: '' };
    expect(costSeries(days, period, NOW, 'day').points.map(({ time, cost }) => [time, decimalText(cost)])).toEqual([
      ['2026-11-21', '0'],
      ['2026-11-22', '0.5'],
      ['2026-11-23', '0'],
      ['2026-11-24', '0'],
    ]);
    expect(costSeries(days, { label: '' }, NOW, 'day').points).toHaveLength(3);
    expect(costSeries([], { label: '' }, NOW, 'day').points).toHaveLength(1);
    // The end of a period is not part of it.
    const ended = { since: NOW - 3 * DAY, until: Date.parse('2026-11-23T00:00:00Z'), label: '' };
    expect(costSeries(days, ended, NOW, 'day').points.at(-1)!.time).toBe('2026-11-22');
  });

  it.each([
    [30, 'day', 30],
    [29, 'week', 5],
    [4, 'month', 2],
    [1, 'month', 2],
  ] as const)('uses the finest unit with at most %i points', (most, unit, points) => {
    process.env['TZ'] = 'UTC';
    const series = costSeries([], { since: NOW - 29 * DAY, label: '' }, NOW, { most });
    expect([series.unit, series.points.length]).toEqual([unit, points]);
  });

  it.each([
    [0, 'week', '1969-12-29'],
    [4, 'week', '1970-01-05'],
    [20_781, 'week', '2026-11-23'],
    [20_781, 'month', '2026-11'],
    [-1, 'day', '1969-12-31'],
  ] as const)('day %i is in %s %s', (day, unit, expected) => {
    expect(timeGroup(day, unit)).toBe(expected);
  });
});

describe('a percentile', () => {
  it('is a measured value that this share does not exceed', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1 }), fc.constantFrom(0.01, 0.5, 0.95, 1), (values, share) => {
        const match = percentiles(distributionOf(values), share)[0]!;
        expect(values).toContain(match);
        expect(values.filter((value) => value <= match).length).toBeGreaterThanOrEqual(share * values.length);
        expect(values.filter((value) => value < match).length).toBeLessThan(share * values.length);
      }),
    );
    expect(percentiles(distributionOf([]), 0.5)).toEqual([undefined]);
    expect(percentiles(distributionOf([30, 4]), 0.5, 0.95)).toEqual([4, 30]);
  });
});
