import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { boundRequest, type BoundRequest } from '../../../src/core/budget/bound-request.ts';
import { NO_EXTRA } from '../../../src/core/budget/extra-costs.ts';
import type { PriceBound } from '../../../src/core/budget/price-bounds.ts';
import { decimal } from '../../../src/decimal.ts';
import { userRequest } from '../../support/sandbox.ts';

const bound = (prompt: string, completion: string, mostOutput?: number, fee = '0'): PriceBound => ({
  prompt: decimal(prompt),
  completion: decimal(completion),
  fee: decimal(fee),
  mostOutput,
});
const CHEAP = bound('0.000001', '0.000002', 8000);
const COSTLY = bound('0.00001', '0.00002', 8000);
const complete = (...bounds: PriceBound[]) => ({ bounds, isComplete: true });
const request = (maxTokens?: number) => userRequest('a/model', 'hi', { maxTokens });

function limited(...words: Parameters<typeof boundRequest>): BoundRequest {
  const result = boundRequest(...words);
  if (result.kind !== 'bound') throw new Error('too expensive');
  return result;
}

describe('boundRequest', () => {
  it('adds nothing if an answer of any length fits in a quarter of the remaining budget', () => {
    const result = limited(request(), { promptTokens: 100, prices: complete(CHEAP, COSTLY), left: decimal('1') });
    expect(result.request.maxTokens).toBeUndefined();
    expect(result.request.routing?.maxPrice).toBeUndefined();
    expect(result.added).toEqual({});
    // 100 × 0.00001 + 8000 × 0.00002, at the more expensive provider.
    expect(result.most.toFixed()).toBe('0.161');
  });

  it('derives the length from a quarter of the remaining budget', () => {
    const result = limited(request(), { promptTokens: 0, prices: complete(COSTLY), left: decimal('0.4') });
    expect(result.added).toEqual({ maxTokens: 5000 });
    expect(result.request.maxTokens).toBe(5000);
    expect(result.most.toFixed()).toBe('0.1');
  });

  it('uses more than a quarter for an answer of common length, and the whole rest for less', () => {
    expect(limited(request(), { promptTokens: 0, prices: complete(COSTLY), left: decimal('0.03') }).added.maxTokens).toBe(1000);
    expect(limited(request(), { promptTokens: 0, prices: complete(COSTLY), left: decimal('0.01') }).added.maxTokens).toBe(500);
  });

  it('excludes providers that are too expensive even for a short answer', () => {
    const result = limited(request(), { promptTokens: 0, prices: complete(CHEAP, COSTLY), left: decimal('0.004') });
    expect(result.added).toEqual({ maxTokens: 1000, maxPrice: { prompt: '1', completion: '2' } });
    expect(result.request.routing?.maxPrice).toEqual({ prompt: '1', completion: '2' });
    expect(result.most.toFixed()).toBe('0.002');
  });

  it('keeps a stricter price limit of the user', () => {
    const own = { ...request(), routing: { maxPrice: { prompt: '0.5', completion: '9' } } };
    const result = limited(own, { promptTokens: 0, prices: complete(CHEAP, COSTLY), left: decimal('0.004') });
    expect(result.request.routing?.maxPrice).toEqual({ prompt: '0.5', completion: '2' });
  });

  it('limits the price without a notice if there may be more expensive providers than are known', () => {
    const result = limited(request(), { promptTokens: 0, prices: { bounds: [CHEAP], isComplete: false }, left: decimal('1') });
    expect(result.request.routing?.maxPrice).toEqual({ prompt: '1', completion: '2' });
    expect(result.added).toEqual({});
  });

  it("keeps the user's own length, or says which one would fit", () => {
    const words = { promptTokens: 0, prices: complete(COSTLY), left: decimal('0.01') };
    expect(limited(request(400), words).request.maxTokens).toBe(400);
    expect(limited(request(400), words).added).toEqual({});
    expect(boundRequest(request(600), words)).toMatchObject({ kind: 'too-expensive', fitting: 500 });
  });

  describe('where requests are not limited', () => {
    const asAsked = { promptTokens: 0, left: decimal('0.2'), limitsRequests: false };

    it("assumes the provider's longest answer, and adds no length", () => {
      const result = limited(request(), { ...asAsked, prices: complete(COSTLY) });
      expect([result.request.maxTokens, result.added, result.most.toFixed()]).toEqual([undefined, {}, '0.16']);
      expect(limited(request(100), { ...asAsked, prices: complete(COSTLY) })).toMatchObject({ request: { maxTokens: 100 } });
    });

    it('is too expensive if that answer does not fit, and says which one would', () => {
      const words = { ...asAsked, prices: complete(COSTLY), left: decimal('0.1') };
      expect(boundRequest(request(), words)).toMatchObject({ kind: 'too-expensive', fitting: 5000 });
      expect(boundRequest(request(6000), words)).toMatchObject({ kind: 'too-expensive', fitting: 5000 });
      expect(boundRequest(request(5000), words)).toMatchObject({ kind: 'bound' });
    });

    it('needs a length if the longest answer or its cost is unknown', () => {
      const endless = { ...asAsked, prices: complete(bound('0.00001', '0.00002')) };
      expect(boundRequest(request(), endless)).toMatchObject({ kind: 'too-expensive', fitting: 10_000 });
      expect(boundRequest(request(500), endless)).toMatchObject({ kind: 'bound' });
      const blind = { ...asAsked, prices: undefined };
      expect(boundRequest(request(), blind)).toMatchObject({ kind: 'too-expensive', fitting: 2048 });
      expect(limited(request(500), blind).request).toMatchObject({ maxTokens: 500, routing: { maxPrice: {} } });
      expect(boundRequest(request(), { ...asAsked, prices: complete(bound('0', '0')) })).toMatchObject({ kind: 'bound' });
    });
  });

  it('is too expensive if not even the prompt can be paid', () => {
    const result = boundRequest(request(), { promptTokens: 5000, prices: complete(CHEAP), left: decimal('0.004') });
    expect(result).toMatchObject({ kind: 'too-expensive', fitting: 0 });
  });

  it('allows free models, however little is left', () => {
    const result = limited(request(), { promptTokens: 100, prices: complete(bound('0', '0')), left: decimal(0) });
    expect(result.most.toFixed()).toBe('0');
    expect(result.request.maxTokens).toBeUndefined();
  });

  it('divides the rest between several rounds, and subtracts the price of searches', () => {
    const words = { promptTokens: 0, prices: complete(COSTLY), left: decimal('0.4') };
    const four = limited(request(), { ...words, extra: { ...NO_EXTRA, rounds: 4 } });
    expect(four.added).toEqual({ maxTokens: 1250 });
    expect(four.most.toFixed()).toBe('0.1');
    const searched = limited(request(), { ...words, extra: { ...NO_EXTRA, searches: 2, searchFee: decimal('0.02') } });
    expect(searched.added).toEqual({ maxTokens: 3000 });
    const free = complete(bound('0', '0'));
    const search = { ...NO_EXTRA, searches: 1, searchFee: decimal('0.02') };
    expect(boundRequest(request(), { promptTokens: 9, prices: free, left: decimal('0.01'), extra: search }).kind).toBe(
      'too-expensive',
    );
    const blind = { promptTokens: 9, prices: undefined, extra: search };
    expect(boundRequest(request(), { ...blind, left: decimal('0.01') })).toMatchObject({ kind: 'too-expensive' });
    expect(limited(request(), { ...blind, left: decimal('0.1') }).most.toFixed()).toBe('0.04');
  });

  it('limits length and price if no price is known beforehand', () => {
    const result = limited(request(), { promptTokens: 100, prices: undefined, left: decimal('0.4') });
    expect(result.request.maxTokens).toBe(2048);
    expect(result.most.toFixed()).toBe('0.1');
    const { prompt, completion } = result.request.routing!.maxPrice!;
    const cost = decimal(prompt).times(100).plus(decimal(completion).times(2048)).div(1_000_000);
    expect(cost.lte('0.1')).toBe(true);
    expect(cost.gt('0.0999')).toBe(true);
    expect(boundRequest(request(), { promptTokens: 100, prices: undefined, left: decimal(0) }).kind).toBe('too-expensive');
    // An API that enforces no limit receives no request.
    const unlimited = { promptTokens: 100, prices: undefined, left: decimal(9), keepsPriceLimit: false };
    expect(boundRequest(request(), unlimited)).toMatchObject({ kind: 'too-expensive', isUnpriced: true });
  });
});

test('for any prices: no allowed answer costs more than is reserved, and no more is reserved than is left', () => {
  const price = fc.nat({ max: 100_000 }).map((units) => decimal(units).div(1_000_000_000));
  const place = fc.record({
    prompt: price,
    completion: price,
    fee: fc.constantFrom(decimal(0), decimal('0.0001')),
    search: fc.constantFrom(undefined, decimal('0.01'), decimal('0.03')),
    mostOutput: fc.option(fc.integer({ min: 1, max: 200_000 }), { nil: undefined }),
  });
  fc.assert(
    fc.property(
      fc.array(place, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 0, max: 50_000 }),
      fc.nat({ max: 5_000_000 }),
      fc.option(fc.integer({ min: 1, max: 100_000 }), { nil: undefined }),
      fc.boolean(),
      fc.record({
        rounds: fc.integer({ min: 1, max: 4 }),
        addedTokens: fc.nat({ max: 20_000 }),
        searches: fc.nat({ max: 3 }),
        searchFee: fc.constantFrom(decimal('0.015'), decimal('0.02')),
        unbounded: fc.constant([]),
      }),
      (bounds, promptTokens, units, maxTokens, isComplete, extra) => {
        const left = decimal(units).div(1_000_000);
        const result = boundRequest(request(maxTokens), { promptTokens, prices: { bounds, isComplete }, left, extra });
        if (result.kind === 'too-expensive') return;
        expect(result.most.lte(left)).toBe(true);
        const { maxTokens: length, routing } = result.request;
        expect(length).toBe(maxTokens ?? length);
        for (const { prompt, completion, fee, search, mostOutput } of bounds) {
          const limit = routing?.maxPrice;
          const isShutOut =
            limit !== undefined && (prompt.times(1_000_000).gt(limit.prompt) || completion.times(1_000_000).gt(limit.completion));
          if (isShutOut) continue;
          const output = Math.min(length ?? Infinity, mostOutput ?? Infinity);
          const cost = completion.eq(0) ? decimal(0) : completion.times(output);
          const written = Array.from({ length: extra.rounds }, () => cost).reduce((sum, one) => sum.plus(one));
          const reading = prompt.times(promptTokens * extra.rounds + extra.addedTokens);
          const searching = decimal(Math.max(Number(search ?? 0), extra.searchFee.toNumber())).times(extra.searches);
          expect(written.plus(reading).plus(searching).plus(fee.times(extra.rounds)).lte(result.most)).toBe(true);
        }
      },
    ),
    { numRuns: 1000 },
  );
});
