import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { readUsage } from '../../../src/core/usage/read-usage.ts';
import { reprice } from '../../../src/core/usage/reprice.ts';
import { USAGE_GROUPINGS } from '../../../src/core/usage/usage-report.ts';
import { cutForTargets } from '../../../src/core/usage/what-if.ts';
import { decimal, decimalText } from '../../../src/decimal.ts';
import type { LedgerEntry, EntryOutcome } from '../../../src/storage/ledger/entry.ts';
import { makeModel } from '../../support/catalogue.ts';
import { testLedger } from '../../support/ledger.ts';
import { makeEntry, workloadsOf } from '../../support/ledger-report.ts';

const ZONE = process.env['TZ'];
const NOW = Date.parse('2026-11-24T15:30:00Z');
const DAY = 86_400_000;
const ALL = { label: 'all time' };

afterEach(() => {
  if (ZONE === undefined) delete process.env['TZ'];
  else process.env['TZ'] = ZONE;
});

const anyEntry = fc
  .record({
    at: fc.integer({ min: NOW - 400 * DAY, max: NOW }),
    servedModel: fc.constantFrom('a/one', 'b/two', 'c/three'),
    outcome: fc.constantFrom<EntryOutcome>('complete', 'stopped', 'failed', 'lost'),
    provider: fc.constantFrom('Novita', 'Chutes', undefined),
    project: fc.constantFrom('/a', '/b'),
    command: fc.constantFrom('chat', 'compare'),
    profile: fc.constantFrom('default', 'work'),
    promptTokens: fc.nat({ max: 9000 }),
    completionTokens: fc.nat({ max: 5000 }),
    cost: fc.nat().map((nanos) => `0.${String(nanos).padStart(13, '0')}`),
    durationMs: fc.nat({ max: 60_000 }),
  })
  .map(({ at, ...more }): LedgerEntry => makeEntry(at, { ...more, cachedTokens: Math.floor(more.promptTokens / 3) }));

describe('a report of a real ledger', () => {
  it('has equal sums and medians by any grouping, in any zone', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyEntry, { minLength: 1, maxLength: 30 }),
        fc.constantFrom('UTC', 'Asia/Kathmandu', 'America/New_York', 'Pacific/Apia'),
        async (entries, zone) => {
          process.env['TZ'] = zone;
          const ledger = await testLedger();
          ledger.import(entries);
          const cost = decimalText(entries.reduce((sum, entry) => sum.plus(entry.cost!), decimal(0)));
          const totals = USAGE_GROUPINGS.map((by) => {
            const { report } = readUsage(ledger, { period: ALL, by, filter: {}, now: NOW });
            const sum = report.rows.reduce((all, row) => all.plus(row.cost), decimal(0));
            expect(decimalText(sum)).toBe(cost);
            return { ...report.total, cost: decimalText(report.total.cost) };
          });
          expect(totals[0]).toMatchObject({ requests: entries.length, cost });
          for (const total of totals) expect(total).toEqual(totals[0]);
        },
      ),
      { numRuns: 12 },
    );
  });

  it('gives the price of another model the same past as its entries do', async () => {
    const model = makeModel(
      't/tiered',
      {},
      {
        pricing: {
          prompt: '0.00000027',
          completion: '0.0000011',
          input_cache_read: '0.00000007',
          overrides: [
            { min_prompt_tokens: 1000, prompt: '0.0000005' },
            { utc_start: 1630, utc_end: 30, prompt: '0.0000001' },
          ],
        },
      },
    );
    const costlier = makeModel('t/tiered', { in: '0.000001', out: '0.000002' });
    const listings = [
      { from: NOW - 300 * DAY, model },
      { from: NOW - 100 * DAY - 7, model: costlier },
      { from: NOW - 50.5 * DAY, model },
    ];
    const targets = [{ id: 't/tiered', listings }];
    const cut = cutForTargets(targets);
    await fc.assert(
      fc.asyncProperty(fc.array(anyEntry, { minLength: 1, maxLength: 30 }), async (entries) => {
        const ledger = await testLedger();
        ledger.import(entries);
        const matches = ledger.pastWorkloads({}, cut);
        const single = entries.map((entry) => reprice(listings, workloadsOf([entry], cut), cut));
        const cost = single.reduce((sum, one) => sum.plus(one.kind === 'amount' ? one.cost : NaN), decimal(0));
        expect(reprice(listings, matches, cut)).toEqual({ kind: 'amount', cost });
      }),
      { numRuns: 12 },
    );
  });

  it('takes the times of a day, a week and a month only from that period', async () => {
    process.env['TZ'] = 'Asia/Kathmandu';
    const ledger = await testLedger();
    // 18:15 UTC is midnight there.
    const midnight = Date.parse('2026-11-22T18:15:00Z');
    ledger.import([
      makeEntry(midnight - 1, { durationMs: 100, cost: '1' }),
      makeEntry(midnight, { durationMs: 300, cost: '1' }),
      makeEntry(midnight + DAY, { durationMs: 500, cost: '1' }),
      makeEntry(midnight - 30 * DAY, { durationMs: 700, cost: '1' }),
    ]);
    const rows = (by: 'day' | 'week' | 'month', since?: number) =>
      readUsage(ledger, { period: { ...ALL, since }, by, filter: {}, now: NOW }).report.rows.map(({ group, durationMs }) => [
        group,
        durationMs?.p50,
        durationMs?.p95,
      ]);
    expect(rows('day')).toEqual([
      ['2026-10-24', 700, 700],
      ['2026-11-22', 100, 100],
      ['2026-11-23', 300, 300],
      ['2026-11-24', 500, 500],
    ]);
    expect(rows('week')).toEqual([
      ['2026-10-19', 700, 700],
      ['2026-11-16', 100, 100],
      ['2026-11-23', 300, 500],
    ]);
    expect(rows('month')).toEqual([
      ['2026-10', 700, 700],
      ['2026-11', 300, 500],
    ]);
    // The first day excludes what the period excludes.
    expect(rows('week', midnight + DAY)).toEqual([['2026-11-23', 500, 500]]);
  });

  it('shows the state of its budgets, each in its own period and scope', async () => {
    process.env['TZ'] = 'UTC';
    const ledger = await testLedger();
    const day = Date.parse('2026-11-24T01:00:00Z');
    ledger.import([
      makeEntry(day, { servedModel: 'a/one', requestedModel: 'a/one', cost: '1' }),
      makeEntry(day - DAY, { servedModel: 'a/one', requestedModel: 'a/one', cost: '2', project: '/b' }),
      makeEntry(day - 2 * DAY, { servedModel: 'b/two', requestedModel: 'b/two', cost: '4' }),
      makeEntry(day - 40 * DAY, { servedModel: 'b/two', requestedModel: 'b/two', cost: '8' }),
    ]);
    for (const budget of [
      { period: 'day' },
      { period: 'week' },
      { period: 'month' },
      { period: 'month', project: '/b' },
      { period: 'month', model: 'b/*' },
      { period: 'request' },
    ] as const) {
      ledger.setBudget({ limit: '10', warnAt: 0.8, ...budget });
    }
    const { budgets } = readUsage(ledger, { period: { ...ALL, since: NOW }, by: 'model', filter: { model: 'x' }, now: NOW });
    expect(budgets.map(({ spent }) => spent)).toEqual(['1', '3', '7', '2', '4', undefined]);
  });
});
