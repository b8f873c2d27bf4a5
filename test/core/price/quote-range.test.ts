import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { QUOTE_PARTS, quote, type Workload } from '../../../src/core/price/quote.ts';
import { quoteEndpoints, type RangeQuote } from '../../../src/core/price/quote-range.ts';
import { decimal, decimalText } from '../../../src/decimal.ts';
import type { Model } from '../../../src/apis/catalogue.ts';
import type { RoutingPreferences } from '../../../src/apis/completion.ts';
import { makeModel, outputs } from '../../support/catalogue.ts';
import { makeEndpoint as endpoint } from '../../support/quotes.ts';

const NOON = new Date('2026-08-05T12:00:00Z');
const WORKLOAD = { promptTokens: 1000, completionTokens: 1000 };

const cheap = endpoint('cheap/fp8', { prompt: '0.000001', completion: '0.000002' });
const middle = endpoint('middle', { prompt: '0.000002', completion: '0.000002' }, { quantization: null });
const costly = endpoint(
  'costly/bf16',
  { prompt: '0.000003', completion: '0.000009' },
  { quantization: 'bf16', context_length: 1500 },
);
const tags = (of: RangeQuote): unknown =>
  of.kind === 'amount'
    ? {
        all: of.all.map((one) => [one.endpoint?.tag, decimalText(one.total)]),
        low: of.low.endpoint?.tag,
        high: of.high.endpoint?.tag,
        excluded: of.excluded.map((one) => `${one.endpoint.tag}: ${one.because}`),
      }
    : of.kind === 'none'
      ? { none: of.excluded.map((one) => `${one.endpoint.tag}: ${one.because}`) }
      : of.kind;

describe('quoteEndpoints', () => {
  const model = makeModel('a/b');
  const range = (routing: RoutingPreferences, workload: Workload = WORKLOAD, endpoints = [costly, cheap, middle]) =>
    tags(quoteEndpoints(model, endpoints, workload, routing, NOON));

  test('cheapest and most expensive are named; endpoints that are too small are marked', () => {
    expect(range({})).toEqual({
      all: [
        ['cheap/fp8', '0.003'],
        ['middle', '0.004'],
      ],
      low: 'cheap/fp8',
      high: 'middle',
      excluded: ['costly/bf16: context of 1500 tokens'],
    });
  });

  const small = { promptTokens: 1000, completionTokens: 500 };
  test.each<[RoutingPreferences, string[], string[]]>([
    [{}, ['cheap/fp8', 'middle', 'costly/bf16'], []],
    [{ only: ['costly', 'Middle'] }, ['middle', 'costly/bf16'], ['cheap/fp8: not in --only']],
    [{ only: ['costly/bf16'] }, ['costly/bf16'], ['cheap/fp8: not in --only', 'middle: not in --only']],
    [{ only: ['costly/fp8', 'middle'] }, ['middle'], ['costly/bf16: not in --only', 'cheap/fp8: not in --only']],
    [{ ignore: ['cheap'] }, ['middle', 'costly/bf16'], ['cheap/fp8: in --ignore']],
    [{ order: ['costly'] }, ['cheap/fp8', 'middle', 'costly/bf16'], []],
    [
      { order: ['costly'], allowFallbacks: false },
      ['costly/bf16'],
      ['cheap/fp8: not in --provider', 'middle: not in --provider'],
    ],
    [{ quantizations: ['fp8', 'unknown'] }, ['cheap/fp8', 'middle'], ['costly/bf16: quantization bf16']],
    [{ maxPrice: { prompt: '2', completion: '2' } }, ['cheap/fp8', 'middle'], ['costly/bf16: above --max-price']],
    [
      { maxPrice: { prompt: '1.99', completion: '9' } },
      ['cheap/fp8'],
      ['costly/bf16: above --max-price', 'middle: above --max-price'],
    ],
    [{ sort: 'price', dataCollection: 'deny' }, ['cheap/fp8', 'middle', 'costly/bf16'], []],
  ])('%j', (routing, stored, excluded) => {
    const result = range(routing, small) as { all: [string, string][]; excluded: string[] };
    expect(result.all.map(([tag]) => tag)).toEqual(stored);
    expect([...result.excluded].sort()).toEqual([...excluded].sort());
  });

  test('if nothing is left, every reason is reported', () => {
    expect(range({ only: ['nobody'] }, small, [cheap])).toEqual({ none: ['cheap/fp8: not in --only'] });
    expect(tags(quoteEndpoints(model, [], small, {}, NOON))).toEqual({ none: [] });
  });

  test('zero retention excludes endpoints known not to have it; without data it excludes none', () => {
    const zeroRetention = new Set(['middle']);
    const strict = quoteEndpoints(model, [cheap, middle], small, { zeroDataRetention: true }, NOON, { zeroRetention });
    expect(tags(strict)).toMatchObject({ low: 'middle', high: 'middle', excluded: ['cheap/fp8: may keep prompts'] });
    expect(tags(quoteEndpoints(model, [cheap, middle], small, { zeroDataRetention: true }, NOON))).toMatchObject({
      excluded: [],
    });
    expect(tags(quoteEndpoints(model, [cheap], small, {}, NOON, { zeroRetention }))).toMatchObject({ excluded: [] });
  });

  test('a service tier answers only requests for it', () => {
    const flex = endpoint('cheap/flex', { prompt: '0.0000001', completion: '0.0000001' });
    const priority = endpoint('cheap/priority', { prompt: '1', completion: '1' });
    const all = [cheap, flex, priority];
    expect(range({ only: ['cheap'] }, small, all)).toMatchObject({
      all: [['cheap/fp8', '0.002']],
      excluded: ['cheap/flex: service tier flex', 'cheap/priority: service tier priority'],
    });
    expect(range({ only: ['cheap/flex'] }, small, all)).toMatchObject({ low: 'cheap/flex', high: 'cheap/flex' });
    expect(tags(quoteEndpoints(makeModel('a/b:floor'), all, small, {}, NOON))).toMatchObject({
      low: 'cheap/flex',
      high: 'cheap/fp8',
    });
    expect(tags(quoteEndpoints(makeModel('a/b:nitro'), all, small, {}, NOON))).toMatchObject({ high: 'cheap/priority' });
  });

  test('limits of prompt and answer', () => {
    const limited = endpoint('a', { prompt: '1', completion: '1' }, { max_prompt_tokens: 10, max_completion_tokens: 20 });
    const excluded = (promptTokens: number, completionTokens: number, imageTokens = 0) =>
      tags(quoteEndpoints(model, [limited], { promptTokens, completionTokens, imageTokens }, {}, NOON));
    expect(excluded(10, 20)).toMatchObject({ low: 'a' });
    expect(excluded(11, 20)).toEqual({ none: ['a: accepts at most 10 tokens'] });
    expect(excluded(10, 21)).toEqual({ none: ['a: outputs at most 20 tokens'] });
    expect(excluded(10, 20, 1)).toEqual({ none: ['a: accepts at most 10 tokens'] });
    const unlimited = endpoint('a', { prompt: '1', completion: '1' }, { context_length: 0 });
    expect(tags(quoteEndpoints(model, [unlimited], WORKLOAD, {}, NOON))).toMatchObject({ low: 'a' });
  });

  test('tiers and hours of each endpoint, at this size and time', () => {
    const tiered = endpoint(
      'tiered',
      { prompt: '0.000001', completion: '0', overrides: [{ min_prompt_tokens: 1000, prompt: '0.000002' }] },
      { context_length: null },
    );
    const timed = endpoint(
      'timed',
      { prompt: '0.000001', completion: '0', overrides: [{ utc_start: 1100, utc_end: 1300, prompt: '0.0000005' }] },
      { context_length: null },
    );
    const at = (promptTokens: number, hour: string) =>
      (
        tags(
          quoteEndpoints(model, [tiered, timed], { promptTokens, completionTokens: 0 }, {}, new Date(`2026-08-05T${hour}:00Z`)),
        ) as { all: unknown }
      ).all;
    expect(at(1000, '12:00')).toEqual([
      ['timed', '0.0005'],
      ['tiered', '0.001'],
    ]);
    expect(at(1001, '14:00')).toEqual([
      ['timed', '0.001001'],
      ['tiered', '0.002002'],
    ]);
  });

  test("without endpoints the catalogue's price is used", () => {
    const result = quoteEndpoints(model, undefined, WORKLOAD, { only: ['x'] }, NOON);
    expect(tags(result)).toEqual({ all: [[undefined, '0.00137']], low: undefined, high: undefined, excluded: [] });
  });

  test('routers, media, and endpoints partly without a price', () => {
    const router = makeModel('openrouter/auto', { in: '-1', out: '-1' });
    const video = makeModel('google/veo', { in: '0', out: '0' }, outputs('video'));
    for (const [of, kind] of [
      [router, 'varies'],
      [video, 'other'],
    ] as const) {
      expect(tags(quoteEndpoints(of, undefined, WORKLOAD, {}, NOON))).toBe(kind);
      expect(tags(quoteEndpoints(of, [], WORKLOAD, {}, NOON))).toBe(kind);
    }
    const varying = endpoint('v', { prompt: '-1', completion: '-1' });
    expect(tags(quoteEndpoints(model, [varying], WORKLOAD, {}, NOON))).toBe('varies');
    expect(tags(quoteEndpoints(model, [varying, cheap], WORKLOAD, {}, NOON))).toMatchObject({
      excluded: ['v: its price varies'],
    });
    expect(tags(quoteEndpoints(video, [endpoint('v', { prompt: '0', completion: '0' })], WORKLOAD, {}, NOON))).toBe('other');
  });

  test('images for a model without image input', () => {
    expect(tags(quoteEndpoints(model, [cheap], { ...WORKLOAD, images: 1, imageTokens: 9 }, {}, NOON))).toEqual({
      none: ['cheap/fp8: accepts no images'],
    });
  });

  const priceText = fc.bigInt({ min: 1n, max: 10n ** 17n }).map((units) => `0.${units.toString().padStart(20, '0')}`);
  test('low ≤ every one ≤ high, none is lost, sums equal the parts, exactly', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record(
            {
              prompt: priceText,
              completion: priceText,
              request: priceText,
              input_cache_read: priceText,
              input_cache_write: priceText,
              internal_reasoning: priceText,
              web_search: priceText,
              image: priceText,
            },
            { requiredKeys: ['prompt', 'completion'] },
          ),
          { maxLength: 6 },
        ),
        fc.tuple(...Array.from({ length: 8 }, () => fc.nat(100_000))),
        (prices, [text, cached, written, answer, reasoning, images, imageTokens, searches]) => {
          const workload = {
            promptTokens: text! + cached! + written!,
            cachedTokens: cached!,
            cacheWriteTokens: written!,
            completionTokens: answer! + reasoning!,
            reasoningTokens: reasoning!,
            images: images!,
            imageTokens: imageTokens!,
            searches: searches!,
          };
          const of = makeModel('a/b', {}, { architecture: { input_modalities: ['text', 'image'], output_modalities: ['text'] } });
          const endpoints = prices.map((pricing, index) =>
            endpoint(`p${index}`, pricing, { context_length: index === 3 ? 10 : null }),
          );
          const result = quoteEndpoints(of, endpoints, workload, {}, NOON);
          if (result.kind !== 'amount' && result.kind !== 'none') throw new Error(result.kind);
          const range = result.kind === 'amount' ? result : { ...result, all: [], low: undefined, high: undefined };
          expect(range.all.length + range.excluded.length).toBe(endpoints.length);
          for (const { total, parts } of range.all) {
            expect(QUOTE_PARTS.reduce((sum, part) => sum.plus(parts[part]), decimal(0)).eq(total)).toBe(true);
            expect(total.gte(range.low!.total) && total.lte(range.high!.total)).toBe(true);
          }
        },
      ),
    );
  });
});

describe('the parts of a quote', () => {
  const seeing: Record<string, unknown> = { architecture: { input_modalities: ['text', 'image'], output_modalities: ['text'] } };
  const priced = (pricing: Record<string, unknown>): Model =>
    makeModel('a/b', {}, { pricing: { prompt: '3', completion: '15', ...pricing }, ...seeing });
  const parts = (pricing: Record<string, unknown>, workload: Partial<Workload>): unknown => {
    const result = quote(priced(pricing), { promptTokens: 0, completionTokens: 0, ...workload }, NOON);
    if (result.kind !== 'amount') return result.kind;
    return Object.fromEntries(
      QUOTE_PARTS.filter((part) => !result.parts[part].eq(0)).map((part) => [part, decimalText(result.parts[part])]),
    );
  };

  test.each<[string, Record<string, unknown>, Partial<Workload>, unknown]>([
    ['cached', { input_cache_read: '0.3' }, { promptTokens: 10, cachedTokens: 8 }, { input: '6', cacheRead: '2.4' }],
    ['cached without a price for it', {}, { promptTokens: 10, cachedTokens: 8 }, { input: '6', cacheRead: '24' }],
    [
      'cached at "0", as older catalogues write nothing',
      { input_cache_read: '0' },
      { promptTokens: 10, cachedTokens: 10 },
      { cacheRead: '30' },
    ],
    ['written', { input_cache_write: '3.75' }, { promptTokens: 10, cacheWriteTokens: 4 }, { input: '18', cacheWrite: '15' }],
    ['written without a price for it', {}, { promptTokens: 4, cacheWriteTokens: 4 }, { cacheWrite: '12' }],
    [
      'written at a price for keeping',
      { input_cache_write: '0.5' },
      { promptTokens: 4, cacheWriteTokens: 4 },
      { cacheWrite: '14' },
    ],
    ['reasoning', { internal_reasoning: '4' }, { completionTokens: 10, reasoningTokens: 5 }, { output: '75', reasoning: '20' }],
    ['reasoning without a price', {}, { completionTokens: 10, reasoningTokens: 5 }, { output: '75', reasoning: '75' }],
    ['reasoning at "0"', { internal_reasoning: '0' }, { completionTokens: 5, reasoningTokens: 5 }, { reasoning: '75' }],
    ['a fee and searches', { request: '0.01', web_search: '0.02' }, { searches: 3 }, { request: '0.01', search: '0.06' }],
    ['an image by its tokens', {}, { images: 2, imageTokens: 100 }, { images: '300' }],
    ['an image at a price for its tokens', { image: '6.75' }, { images: 2, imageTokens: 100 }, { images: '675' }],
    ['an image at another price for its tokens', { image_token: '5' }, { images: 2, imageTokens: 100 }, { images: '500' }],
    ['an image at a price for the whole', { image: '774' }, { images: 2, imageTokens: 100 }, { images: '1548' }],
    ['an image at "0"', { image: '0' }, { images: 2, imageTokens: 100 }, { images: '300' }],
    ['a search whose price varies', { web_search: '-1' }, { searches: 1 }, 'varies'],
    ['a search whose price varies, and none is made', { web_search: '-1' }, { promptTokens: 1 }, { input: '3' }],
  ])('%s', (_, pricing, workload, expected) => expect(parts(pricing, workload)).toEqual(expected));

  test('images count for the tier', () => {
    const overrides = [{ min_prompt_tokens: 100, prompt: '6' }];
    expect(parts({ overrides }, { promptTokens: 90, images: 1, imageTokens: 10 })).toEqual({ input: '270', images: '30' });
    expect(parts({ overrides }, { promptTokens: 90, images: 1, imageTokens: 11 })).toEqual({ input: '540', images: '66' });
  });
});
