import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitTokens } from '../../../../src/storage/ledger/learned/token-fit.ts';

const BOUNDS = { low: 0.5, high: 2 };
const many = (count: number, estimated: number, real: number) => Array.from({ length: count }, () => ({ estimated, real }));

describe('what actual counts say about the next prompt', () => {
  test('short prompts say nothing about long ones, however many they are', () => {
    expect(fitTokens(many(12, 5, 12), BOUNDS)).toBeUndefined();
    expect(fitTokens(many(200, 12, 60), BOUNDS)).toBeUndefined();
    // 200 prompts of one line each, to which the provider adds a hidden prompt of 100 tokens.
    const learned = fitTokens(many(200, 50, 150), BOUNDS)!;
    expect(learned.ratio).toBeLessThan(1.1);
    expect(learned.overhead).toBeGreaterThan(90);
  });

  test('an overhead and a ratio are distinguished, and long prompts determine the ratio', () => {
    const samples = [10, 20, 50, 200, 1000, 5000, 20_000].map((estimated) => ({ estimated, real: 30 + 1.3 * estimated }));
    const { ratio, overhead } = fitTokens(samples, BOUNDS)!;
    expect(ratio).toBeCloseTo(1.3, 1);
    expect(Math.abs(overhead - 30)).toBeLessThan(10);
    expect(fitTokens([...many(100, 60, 110), ...many(10, 50_000, 45_000)], BOUNDS)!.ratio).toBeCloseTo(0.9, 1);
    expect(fitTokens(many(20, 1000, 1200), BOUNDS)!.ratio).toBeCloseTo(1.2, 1);
  });

  test('counts that no tokenizer produces are ignored', () => {
    const sound = many(20, 1000, 1100);
    const expected = fitTokens(sound, BOUNDS);
    for (const wrong of [1, 1e9, 50_000]) expect(fitTokens([...sound, ...many(19, 1000, wrong)], BOUNDS)).toEqual(expected);
    expect(fitTokens(many(200, 1000, 1e9), BOUNDS)).toBeUndefined();
  });

  test('for any reported counts the result is bounded, and `high` is no less than the ratio', () => {
    const sample = fc.record({ estimated: fc.integer({ min: 1, max: 1e6 }), real: fc.integer({ min: 1, max: 1e9 }) });
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 200 }), (samples) => {
        const learned = fitTokens(samples, BOUNDS);
        if (learned === undefined) return;
        expect(learned.ratio).toBeGreaterThanOrEqual(BOUNDS.low);
        expect(learned.ratio).toBeLessThanOrEqual(learned.high);
        expect(learned.high).toBeLessThanOrEqual(BOUNDS.high);
        expect(learned.overhead).toBeGreaterThanOrEqual(0);
        expect(learned.overhead).toBeLessThanOrEqual(512);
      }),
    );
  });
});
