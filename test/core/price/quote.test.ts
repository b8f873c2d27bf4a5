import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { effectivePricing } from '../../../src/core/price/effective.ts';
import { quote, type Quote } from '../../../src/core/price/quote.ts';
import { decimalText, parseDecimal } from '../../../src/decimal.ts';
import { decodePricing } from '../../../src/apis/openrouter/decode-pricing.ts';
import { makeModel, outputs } from '../../support/catalogue.ts';
import { makeEndpoint, quoteAll } from '../../support/quotes.ts';

// A Wednesday.
const NOON = new Date('2026-08-05T12:00:00Z');
const at = (time: string): Date => new Date(`2026-08-05T${time}:00Z`);

describe('effectivePricing', () => {
  const prompt = (overrides: unknown[], promptTokens: number, when = NOON): string => {
    const price = effectivePricing(decodePricing({ prompt: '1', completion: '7', overrides }), { promptTokens, at: when }).prompt;
    return typeof price === 'object' ? decimalText(price) : String(price);
  };
  const tiers = [
    { min_prompt_tokens: 32_000, prompt: '2' },
    { min_prompt_tokens: 128_000, prompt: '3' },
  ];

  test.each([
    [0, '1'],
    [32_000, '1'],
    [32_001, '2'],
    [128_000, '2'],
    [128_001, '3'],
  ])('%i tokens: a tier begins above its limit', (tokens, price) => {
    expect(prompt(tiers, tokens)).toBe(price);
  });

  test('prices that an override omits are inherited', () => {
    const {
      prompt: input,
      completion,
      cacheRead,
    } = effectivePricing(
      decodePricing({
        prompt: '1',
        completion: '7',
        input_cache_read: '0.1',
        overrides: [{ min_prompt_tokens: 10, prompt: '2' }],
      }),
      { promptTokens: 11, at: NOON },
    );
    expect([input, completion, cacheRead].map(String)).toEqual(['2', '7', '0.1']);
  });

  test('the later of two matching overrides wins, price by price', () => {
    const overrides = [
      { min_prompt_tokens: 5, prompt: '2', completion: '8' },
      { min_prompt_tokens: 1, prompt: '3' },
    ];
    const prices = effectivePricing(decodePricing({ prompt: '1', completion: '7', overrides }), { promptTokens: 6, at: NOON });
    expect([prices.prompt, prices.completion].map(String)).toEqual(['3', '8']);
  });

  test.each([
    ['00:29', '1'],
    ['00:30', '2'],
    ['08:29', '2'],
    ['08:30', '1'],
  ])('%s: a window includes its start and excludes its end', (time, price) => {
    expect(prompt([{ utc_start: 30, utc_end: 830, prompt: '2' }], 1, at(time))).toBe(price);
  });

  test.each([
    ['15:59', '1'],
    ['16:00', '2'],
    ['23:59', '2'],
    ['00:00', '2'],
    ['00:29', '2'],
    ['00:30', '1'],
  ])('%s: a window may cross midnight', (time, price) => {
    expect(prompt([{ utc_start: 1600, utc_end: 30, prompt: '2' }], 1, at(time))).toBe(price);
  });

  test.each([
    [{ utc_start: 1200 }, '2'],
    [{ utc_end: 1200 }, '1'],
    [{ utc_start: 0, utc_end: 2400 }, '2'],
    [{ utc_start: 900, utc_end: 900 }, '2'],
    [{ utc_days: ['wednesday'] }, '2'],
    [{ utc_days: ['thursday', 'sunday'] }, '1'],
    [{ utc_days: ['wednesday'], utc_start: 1300 }, '1'],
    [{}, '2'],
  ])('at noon on a Wednesday %j gives %s', (conditions, price) => {
    expect(prompt([{ ...conditions, prompt: '2' }], 1)).toBe(price);
  });
});

const texts = (of: Quote): unknown =>
  of.kind === 'amount'
    ? [decimalText(of.total), decimalText(of.parts.input), decimalText(of.parts.output), decimalText(of.parts.request)]
    : of.kind;

describe('quote', () => {
  const workload = { promptTokens: 1200, completionTokens: 400 };

  test.each([
    ['two prices', makeModel('a/b', { in: '0.00000027', out: '0.0000011' }), ['0.000764', '0.000324', '0.00044', '0']],
    [
      '23 digits',
      makeModel('a/b', { in: '0.00000008333333333333334', out: '0' }),
      ['0.000100000000000000008', '0.000100000000000000008', '0', '0'],
    ],
    [
      'a fee',
      makeModel('a/b', {}, { pricing: { prompt: '0.000001', completion: '0.000001', request: '0.005' } }),
      ['0.0066', '0.0012', '0.0004', '0.005'],
    ],
    ['free', makeModel('a/b:free', { in: '0', out: '0' }), ['0', '0', '0', '0']],
    ['a router', makeModel('a/b', { in: '-1', out: '-1' }), 'varies'],
    ['a fee that varies', makeModel('a/b', {}, { pricing: { prompt: '1', completion: '1', request: '-1' } }), 'varies'],
    [
      'a tier that varies',
      makeModel('a/b', {}, { pricing: { prompt: '1', completion: '1', overrides: [{ min_prompt_tokens: 5, prompt: '-1' }] } }),
      'varies',
    ],
    ['video', makeModel('a/b', { in: '0', out: '0' }, outputs('video')), 'other'],
    ['no prices', makeModel('a/b', {}, { pricing: 5 }), 'other'],
  ])('%s', (_, model, expected) => {
    expect(texts(quote(model, workload, NOON))).toEqual(expected);
  });

  test('a long prompt costs the long tier for every token', () => {
    const model = makeModel(
      'a/b',
      {},
      {
        pricing: {
          prompt: '0.000003',
          completion: '0.000015',
          overrides: [{ min_prompt_tokens: 200_000, prompt: '0.000006', completion: '0.0000225' }],
        },
      },
    );
    expect(texts(quote(model, { promptTokens: 200_000, completionTokens: 1000 }, NOON))).toEqual(['0.615', '0.6', '0.015', '0']);
    expect(texts(quote(model, { promptTokens: 200_001, completionTokens: 1000 }, NOON))).toEqual([
      '1.222506',
      '1.200006',
      '0.0225',
      '0',
    ]);
  });

  const places = 23;
  const price = fc.bigInt({ min: 0n, max: 10n ** 20n });
  const text = (units: bigint): string => {
    const digits = units.toString().padStart(places + 1, '0');
    return `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  };
  const units = (amount: string): bigint => {
    const [whole = '', fraction = ''] = amount.split('.');
    return BigInt(whole + fraction.padEnd(places, '0'));
  };
  const tokens = fc.integer({ min: 0, max: 100_000_000 });

  test('is exact: matches whole-number arithmetic, the parts add up, and cost is linear in tokens', () => {
    fc.assert(
      fc.property(
        price,
        price,
        price,
        tokens,
        tokens,
        fc.integer({ min: 1, max: 1000 }),
        (input, output, fee, promptTokens, completionTokens, times) => {
          fc.pre(input + output > 0n);
          const model = makeModel('a/b', {}, { pricing: { prompt: text(input), completion: text(output), request: text(fee) } });
          const one = quote(model, { promptTokens, completionTokens }, NOON);
          const more = quote(model, { promptTokens: promptTokens * times, completionTokens: completionTokens * times }, NOON);
          if (one.kind !== 'amount' || more.kind !== 'amount') throw new Error('no amount');
          expect(units(decimalText(one.total))).toBe(input * BigInt(promptTokens) + output * BigInt(completionTokens) + fee);
          expect(one.parts.input.plus(one.parts.output).plus(one.parts.request).eq(one.total)).toBe(true);
          expect(more.total.minus(fee === 0n ? 0 : more.parts.request).eq(one.total.minus(one.parts.request).times(times))).toBe(
            true,
          );
          expect(parseDecimal(decimalText(one.total))?.eq(one.total)).toBe(true);
        },
      ),
    );
  });
});

describe('rankQuotes', () => {
  const ranked = (...models: Parameters<typeof makeModel>[]) =>
    quoteAll(
      models.map((args) => makeModel(...args)),
      { promptTokens: 1000, completionTokens: 1000 },
    );

  test('cheapest first, other units after, variable prices last; × is relative to the cheapest with a cost', () => {
    const quotes = ranked(
      ['z/auto', { in: '-1', out: '-1' }],
      ['m/video', { in: '0', out: '0' }, outputs('video')],
      ['c/costly', { in: '0.00001', out: '0.00004' }],
      ['b/cheap', { in: '0.000001', out: '0.000003' }],
      ['a/cheap-too', { in: '0.000002', out: '0.000002' }],
      ['x/free', { in: '0', out: '0' }],
    );
    expect(quotes.map(({ model, multiple }) => [model.id, multiple === undefined ? undefined : decimalText(multiple)])).toEqual([
      ['x/free', undefined],
      ['a/cheap-too', '1'],
      ['b/cheap', '1'],
      ['c/costly', '12.5'],
      ['m/video', undefined],
      ['z/auto', undefined],
    ]);
  });

  test('nothing to compare with: no multiple', () => {
    expect(
      ranked(['a/free', { in: '0', out: '0' }], ['z/auto', { in: '-1', out: '-1' }]).map(({ multiple }) => multiple),
    ).toEqual([undefined, undefined]);
  });

  test('equal at the cheapest endpoint: by the most expensive one; no endpoint left: after those with an amount', () => {
    const endpoints: Record<string, ReturnType<typeof makeEndpoint>[]> = {
      'a/wide': [
        makeEndpoint('x', { prompt: '0.000001', completion: '0' }),
        makeEndpoint('y', { prompt: '0.1', completion: '0' }),
      ],
      'b/narrow': [makeEndpoint('x', { prompt: '0.000001', completion: '0' })],
      'c/none': [makeEndpoint('x', { prompt: '0', completion: '0' }, { context_length: 5 })],
    };
    const models = [...Object.keys(endpoints), 'd/auto'].map((id) =>
      makeModel(id, id === 'd/auto' ? { in: '-1', out: '-1' } : {}),
    );
    const quotes = quoteAll(models, { promptTokens: 10, completionTokens: 1 }, { endpoints: ({ id }) => endpoints[id] ?? [] });
    expect(quotes.map(({ model, quote }) => [model.id, quote.kind])).toEqual([
      ['b/narrow', 'amount'],
      ['a/wide', 'amount'],
      ['c/none', 'none'],
      ['d/auto', 'varies'],
    ]);
  });
});
