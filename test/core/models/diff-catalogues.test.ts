import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { daysUntil, diffCatalogues } from '../../../src/core/models/diff-catalogues.ts';
import { diffPrices } from '../../../src/core/price/diff.ts';
import { conditionText } from '../../../src/core/price/names.ts';
import type { Model, Pricing } from '../../../src/apis/catalogue.ts';
import { decodePricing } from '../../../src/apis/openrouter/decode-pricing.ts';
import { makeModel } from '../../support/catalogue.ts';

const NOW = Date.parse('2026-08-05T10:00:00Z');
const ids = (models: readonly { id: string }[]): string[] => models.map(({ id }) => id);
const changesOf = (before: object, after: object) =>
  diffPrices(decodePricing(before), decodePricing(after)).map(({ name, condition, before: was, after: is, percent }) => [
    condition === undefined ? name : `${name} ${condition}`,
    was === undefined ? undefined : String(was),
    is === undefined ? undefined : String(is),
    percent === undefined ? undefined : String(percent),
  ]);

describe('prices', () => {
  test.each([
    ['a fall', { prompt: '0.000004' }, { prompt: '0.000003' }, [['prompt', '0.000004', '0.000003', '-25']]],
    ['a rise from free', { prompt: '0' }, { prompt: '0.1' }, [['prompt', '0', '0.1', undefined]]],
    ['digits', { prompt: '0.10000000000000000005' }, { prompt: '0.1' }, [['prompt', '0.10000000000000000005', '0.1', '-5e-17']]],
    ['another way to write it', { prompt: '1e-7' }, { prompt: '0.00000010' }, []],
    ['what begins to vary', { prompt: '1' }, { prompt: '-1' }, [['prompt', '1', 'varies', undefined]]],
    ['a new kind', {}, { input_cache_read: '0.1' }, [['cacheRead', undefined, '0.1', undefined]]],
    ['a kind that goes', { web_search: '0.01' }, {}, [['webSearch', '0.01', undefined, undefined]]],
    ['"0" that is left out', { request: '0', image: '0', web_search: '0', internal_reasoning: '0' }, {}, []],
    ['"0" that is no longer', { input_cache_read: '0' }, {}, [['cacheRead', '0', undefined, undefined]]],
    [
      'tiers',
      { prompt: '1', overrides: [{ min_prompt_tokens: 200000, prompt: '2', completion: '4' }] },
      {
        prompt: '1',
        overrides: [
          { min_prompt_tokens: 200000, prompt: '3', completion: '4' },
          { utc_start: 1630, utc_end: 30, prompt: '0.5' },
        ],
      },
      [
        ['prompt above 200k tokens', '2', '3', '50'],
        ['prompt 16:30–00:30 UTC', undefined, '0.5', undefined],
      ],
    ],
  ])('%s', (_, before, after, expected) => {
    expect(
      changesOf(before, after).map((change) => change.map((part) => (part === '-0.00000000000000005' ? '-5e-17' : part))),
    ).toEqual(expected);
  });

  test('conditions in words', () => {
    expect(
      [
        { minPromptTokens: 128_000 },
        { minPromptTokens: 1234, utcDays: ['monday', 'friday'] },
        { utcDays: ['saturday'], utcStartMinute: 990, utcEndMinute: 1440 },
        {},
      ].map((one) => conditionText({ ...one, prices: {} })),
    ).toEqual(['above 128k tokens', 'above 1234 tokens, Mon Fri UTC', 'Sat, 16:30–24:00 UTC', 'always']);
  });

  test('nothing differs from itself, and every change can be reversed', () => {
    const price = fc.integer({ min: -1, max: 20 }).map((value) => (value < 0 ? '-1' : `0.${value}`));
    const wire = fc.record(
      {
        prompt: price,
        completion: price,
        request: price,
        input_cache_read: price,
        overrides: fc.array(fc.record({ min_prompt_tokens: fc.constantFrom(1, 2), prompt: price })),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(wire, wire, (a, b) => {
        const [before, after]: Pricing[] = [decodePricing(a), decodePricing(b)];
        expect(diffPrices(before!, before!)).toEqual([]);
        const key = ({ name, condition }: { name: string; condition?: string | undefined }) => `${name} ${condition}`;
        const there = diffPrices(before!, after!);
        const back = new Map(diffPrices(after!, before!).map((change) => [key(change), change]));
        expect(back.size).toBe(there.length);
        for (const change of there) {
          expect([back.get(key(change))?.before, back.get(key(change))?.after]).toEqual([change.after, change.before]);
          const { before: was, after: is, percent } = change;
          const isCompared = percent !== undefined && typeof was === 'object' && typeof is === 'object';
          const risen = isCompared ? was.times(percent.div(100).plus(1)).round(12).eq(is.round(12)) : true;
          expect(risen).toBe(true);
        }
      }),
    );
  });
});

describe('models', () => {
  test('new, gone, repriced, with other limits, and expiring: each in its place, by id', () => {
    const more = (context: number, most?: number) => ({ context_length: context, top_provider: { max_completion_tokens: most } });
    const before = [
      makeModel('z/gone'),
      makeModel('b/same'),
      makeModel('c/costlier', { in: '0.1' }),
      makeModel('d/shorter', {}, more(8, 4)),
    ];
    const after = [
      makeModel('d/shorter', {}, more(4)),
      makeModel('c/costlier', { in: '0.2' }),
      makeModel('b/same', {}, { description: 'said otherwise', expiration_date: '2026-09-04' }),
      makeModel('y/new', {}, { expiration_date: '2026-08-04' }),
      makeModel('a/new', {}, { expiration_date: '2098-12-31' }),
    ];
    const diff = diffCatalogues(before, after, NOW);
    expect(ids(diff.added)).toEqual(['a/new', 'y/new']);
    expect(ids(diff.removed)).toEqual(['z/gone']);
    expect(diff.repriced.map(({ model, changes }) => [model.id, changes.length, String(changes[0]?.percent)])).toEqual([
      ['c/costlier', 1, '100'],
    ]);
    expect(diff.relimited.map(({ model, limit, before: was, after: is }) => [model.id, limit, was, is])).toEqual([
      ['d/shorter', 'context', 8, 4],
      ['d/shorter', 'max output', 4, undefined],
    ]);
    expect(diff.expiring.map(({ model, date, daysLeft }) => [model.id, date, daysLeft])).toEqual([
      ['b/same', '2026-09-04', 30],
      ['y/new', '2026-08-04', -1],
    ]);
  });

  test.each([
    ['2026-08-06', 1],
    ['2026-08-05', -0],
    ['2026-08-04', -1],
    ['2026-09-05', 31],
  ])('%s is %i days away', (date, days) => {
    expect(daysUntil(date, NOW)).toBe(days);
  });

  test('swapping before and after swaps new and gone', () => {
    const catalogue = fc
      .uniqueArray(fc.record({ id: fc.constantFrom('a/a', 'b/b', 'c/c', 'd/d'), price: fc.constantFrom('0', '1', '2') }), {
        selector: ({ id }) => id,
      })
      .map((entries) => entries.map(({ id, price }) => makeModel(id, { in: price })));
    fc.assert(
      fc.property(catalogue, catalogue, (before: Model[], after: Model[]) => {
        const [there, back] = [diffCatalogues(before, after, NOW), diffCatalogues(after, before, NOW)];
        expect([ids(there.added), ids(there.removed)]).toEqual([ids(back.removed), ids(back.added)]);
        expect(there.repriced.map(({ model }) => model.id)).toEqual(back.repriced.map(({ model }) => model.id));
        expect(before.length + there.added.length - there.removed.length).toBe(after.length);
      }),
    );
  });
});
