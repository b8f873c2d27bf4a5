import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectivePricing } from '../../../src/core/price/effective.ts';
import { cutFor, joinWorkloads, reprice } from '../../../src/core/usage/reprice.ts';
import { tokensCost } from '../../../src/core/price/tokens-cost.ts';
import { atPricesOfToday, atPricesThen, cutForTargets, whatIf } from '../../../src/core/usage/what-if.ts';
import { decimal, decimalText } from '../../../src/decimal.ts';
import type { LedgerEntry } from '../../../src/storage/ledger/entry.ts';
import { makeModel, outputs } from '../../support/catalogue.ts';
import { makeEntry, workloadsOf } from '../../support/ledger-report.ts';

const NOW = Date.parse('2026-11-24T15:30:00Z');
const DAY = 86_400_000;

const TIERED = makeModel(
  't/tiered',
  {},
  {
    pricing: {
      prompt: '0.00000027',
      completion: '0.0000011',
      request: '0.0003',
      input_cache_read: '0.00000007',
      input_cache_write: '0.00000034',
      internal_reasoning: '0.000002',
      overrides: [
        { min_prompt_tokens: 1000, prompt: '0.0000005', input_cache_read: '0.0000001' },
        { min_prompt_tokens: 5000, completion: '0.000003' },
        { utc_start: 1630, utc_end: 30, prompt: '0.0000001', utc_days: ['monday', 'tuesday', 'sunday'] },
      ],
    },
  },
);
const ODD_MINUTES = makeModel(
  't/odd',
  {},
  {
    pricing: { prompt: '0.000001', completion: '0', overrides: [{ utc_start: 7, utc_end: 1201, prompt: '0.000002' }] },
  },
);
const PLAIN = makeModel('p/plain', { in: '0.000001', out: '0.000004' });

const anyEntry = fc
  .record({
    at: fc.integer({ min: NOW - 30 * DAY, max: NOW }),
    prompt: fc.oneof(fc.nat({ max: 9000 }), fc.constantFrom(999, 1000, 1001, 5000, 5001)),
    cached: fc.nat({ max: 100 }),
    written: fc.nat({ max: 100 }),
    completion: fc.nat({ max: 3000 }),
    reasoning: fc.nat({ max: 100 }),
  })
  .map(({ at, prompt, cached, written, completion, reasoning }) => {
    const cachedTokens = Math.floor((prompt * cached) / 200);
    return makeEntry(at, {
      promptTokens: prompt,
      cachedTokens,
      cacheWriteTokens: Math.floor(((prompt - cachedTokens) * written) / 100),
      completionTokens: completion,
      reasoningTokens: Math.floor((completion * reasoning) / 100),
    });
  });

/** Returns the price of one entry, computed directly from its size and time. */
function costOf(entry: LedgerEntry, model = TIERED): ReturnType<typeof decimal> {
  const tokens = {
    requests: 1,
    promptTokens: entry.promptTokens!,
    cachedTokens: entry.cachedTokens!,
    cacheWriteTokens: entry.cacheWriteTokens!,
    completionTokens: entry.completionTokens!,
    reasoningTokens: entry.reasoningTokens!,
  };
  const prices = effectivePricing(model.pricing, { promptTokens: entry.promptTokens!, at: new Date(entry.openedAt) });
  const cost = tokensCost(prices, tokens);
  if (cost === 'varies') throw new Error('no amount');
  return cost;
}

const amount = (repriced: ReturnType<typeof reprice>): string =>
  repriced.kind === 'amount' ? decimalText(repriced.cost) : repriced.kind;

describe('the past on another model', () => {
  it.each([TIERED, ODD_MINUTES, PLAIN])('$id costs as much as its entries one by one, for any sizes, hours and days', (model) => {
    fc.assert(
      fc.property(fc.array(anyEntry, { maxLength: 30 }), (entries) => {
        const cut = cutFor([TIERED, model]);
        const listings = [{ from: -Infinity, model }];
        const whole = amount(reprice(listings, workloadsOf(entries, cut), cut));
        expect(amount(reprice(listings, workloadsOf(entries, cut, false), cut))).toBe(whole);
        const single = entries.reduce((sum, entry) => sum.plus(costOf(entry, model)), decimal(0));
        expect(whole).toBe(decimalText(single));
        // Linear: two halves cost as much as the whole.
        const half = (keep: boolean): string =>
          amount(
            reprice(
              listings,
              workloadsOf(
                entries.filter((_, index) => (index % 2 === 0) === keep),
                cut,
              ),
              cut,
            ),
          );
        expect(decimalText(decimal(half(true)).plus(half(false)))).toBe(whole);
      }),
      { numRuns: 60 },
    );
  });

  it('costs the same in one piece if the price is the same at any size and time', () => {
    fc.assert(
      fc.property(fc.array(anyEntry, { minLength: 1, maxLength: 30 }), (entries) => {
        const cut = cutFor([TIERED]);
        const [listings, workloads] = [[{ from: -Infinity, model: PLAIN }], workloadsOf(entries, cut)];
        expect(amount(reprice(listings, joinWorkloads(workloads), cut))).toBe(amount(reprice(listings, workloads, cut)));
      }),
    );
    expect(joinWorkloads([])).toEqual([]);
  });

  it('is cut as finely as its prices change', () => {
    expect(cutFor([TIERED, PLAIN])).toEqual({ sizes: [1000, 5000], minutes: [30, 990], isByWeekday: true, moments: [] });
    expect(cutFor([ODD_MINUTES])).toEqual({ sizes: [], minutes: [7, 721], isByWeekday: false, moments: [] });
    expect(cutFor([PLAIN])).toEqual({ sizes: [], minutes: [], isByWeekday: false, moments: [] });
    const history = [NOW, NOW + 1, NOW + 9].map((from) => ({ from, to: from, model: PLAIN }));
    // The first prices also apply to everything before them.
    const targets = [atPricesThen(PLAIN, history), atPricesThen(PLAIN, history.slice(1))];
    expect(cutForTargets(targets)).toEqual({ ...cutFor([PLAIN]), moments: [NOW + 1, NOW + 9] });
  });

  it.each([
    [{}, '1200'],
    // The catalogue writes 0 for a kind that has no price of its own.
    [{ internal_reasoning: '0', input_cache_write: '0' }, '1200'],
    [{ internal_reasoning: '3' }, '1300'],
    [{ input_cache_read: '0.5' }, '1100'],
    [{ input_cache_read: '0' }, '1000'],
    [{ input_cache_write: '1.25' }, '1225'],
    [{ request: '10' }, '1220'],
  ])('prices each kind of token separately if %j, otherwise as part of its whole', (prices, expected) => {
    const { pricing } = makeModel('a/b', {}, { pricing: { prompt: '1', completion: '2', ...prices } });
    const tokens = {
      requests: 2,
      promptTokens: 800,
      cachedTokens: 200,
      cacheWriteTokens: 100,
      completionTokens: 200,
      reasoningTokens: 100,
    };
    expect(String(tokensCost(pricing, tokens))).toBe(expected);
  });

  it('shows the difference to the actual cost', () => {
    const entries = [
      makeEntry(NOW - DAY, { promptTokens: 1_000_000, completionTokens: 0, cost: '3' }),
      makeEntry(NOW, { promptTokens: 0, completionTokens: 500_000, cost: '2' }),
    ];
    const cut = cutFor([PLAIN]);
    const free = makeModel('f/free:free', { in: '0', out: '0' });
    const router = makeModel('openrouter/auto', { in: '-1', out: '-1' });
    const video = makeModel('v/video', { in: '0', out: '0' }, outputs('video'));
    const { cost, requests, rows } = whatIf([PLAIN, free, router, video].map(atPricesOfToday), workloadsOf(entries, cut), cut);
    expect([decimalText(cost), requests]).toEqual(['5', 2]);
    expect(rows.map(({ id, repriced, difference, share }) => [id, amount(repriced), difference?.toString(), share])).toEqual([
      ['p/plain', '3', '-2', -0.4],
      ['f/free:free', '0', '-5', -1],
      ['openrouter/auto', 'varies', undefined, undefined],
      ['v/video', 'other', undefined, undefined],
    ]);
  });

  it('uses the prices of that day, the earliest before the first known ones, the last in a gap', () => {
    const at = (prompt: string) => makeModel('p/plain', { in: prompt, out: '0' });
    const history = [
      { from: NOW - 20 * DAY, to: NOW - 15 * DAY, model: at('0.000002') },
      { from: NOW - 5 * DAY, to: NOW, model: at('0.000001') },
    ];
    const entries = [30, 18, 10, 2].map((days) => makeEntry(NOW - days * DAY, { promptTokens: 1_000_000, cost: '1' }));
    const cut = cutForTargets([atPricesThen(PLAIN, history)]);
    const [row] = whatIf([atPricesThen(PLAIN, history)], workloadsOf(entries, cut), cut).rows;
    expect(row).toMatchObject({ id: 'p/plain', earliestPrices: NOW - 20 * DAY });
    expect(amount(row!.repriced)).toBe('7');
    const later = whatIf([atPricesThen(PLAIN, history)], workloadsOf(entries.slice(1), cut), cut).rows[0];
    expect(later!.earliestPrices).toBeUndefined();
    const unknown = whatIf([atPricesThen(PLAIN, [])], workloadsOf(entries, cut), cut).rows[0];
    expect([amount(unknown!.repriced), unknown!.earliestPrices]).toEqual(['4', undefined]);
  });

  it('of nothing costs nothing', () => {
    const [row] = whatIf([atPricesOfToday(PLAIN)], [], cutFor([PLAIN])).rows;
    expect([amount(row!.repriced), row!.share]).toEqual(['0', undefined]);
  });
});
