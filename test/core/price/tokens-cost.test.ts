import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tokenBuckets, type TokenCounts, tokensCost } from '../../../src/core/price/tokens-cost.ts';
import { decimal, decimalText } from '../../../src/decimal.ts';

const count = fc.nat(2_000_000);
/** Counts that a vendor may report: parts may exceed their whole. */
const counts: fc.Arbitrary<TokenCounts> = fc.record({
  requests: fc.constant(1),
  promptTokens: count,
  cachedTokens: count,
  cacheWriteTokens: count,
  cacheWrite1hTokens: fc.option(count, { nil: undefined }),
  completionTokens: count,
  reasoningTokens: count,
});
/** In billionths of a USD, so that whole numbers check the decimals. Above 0 where 0 would mean "no price of its own". */
const unit = fc.integer({ min: 1, max: 1_000_000 });
const price = (units: number) => decimal(units).times('1e-9');

test('the parts are disjoint: none is negative, and they add up to the prompt and the completion', () => {
  fc.assert(
    fc.property(counts, (tokens) => {
      const { output, reasoning, ...input } = tokenBuckets(tokens);
      expect(Object.values(input).reduce((sum, tokensOfKind) => sum + tokensOfKind, 0)).toBe(tokens.promptTokens);
      expect(output + reasoning).toBe(tokens.completionTokens);
      expect(Math.min(output, reasoning, ...Object.values(input))).toBeGreaterThanOrEqual(0);
    }),
  );
});

test('consistent counts are used unchanged', () => {
  const tokens = { requests: 1, promptTokens: 100, cachedTokens: 60, cacheWriteTokens: 30, cacheWrite1hTokens: 10 };
  expect(tokenBuckets({ ...tokens, completionTokens: 50, reasoningTokens: 20 })).toEqual({
    uncached: 10,
    cacheRead: 60,
    cacheWrite: 20,
    cacheWrite1h: 10,
    output: 30,
    reasoning: 20,
  });
});

test('the cost is each part at its own price, to the last digit', () => {
  fc.assert(
    fc.property(counts, fc.tuple(unit, unit, unit, unit, unit, unit), (tokens, units) => {
      const [prompt, cacheRead, more, write1h, completion, reasoning] = units;
      const write = prompt + more;
      const prices = {
        prompt: price(prompt),
        cacheRead: price(cacheRead),
        cacheWrite: price(write),
        cacheWrite1h: price(write1h),
        completion: price(completion),
        internalReasoning: price(reasoning),
      };
      const buckets = tokenBuckets(tokens);
      const billionths =
        BigInt(buckets.uncached) * BigInt(prompt) +
        BigInt(buckets.cacheRead) * BigInt(cacheRead) +
        BigInt(buckets.cacheWrite) * BigInt(write) +
        BigInt(buckets.cacheWrite1h) * BigInt(write1h) +
        BigInt(buckets.output) * BigInt(completion) +
        BigInt(buckets.reasoning) * BigInt(reasoning);
      const cost = tokensCost(prices, tokens);
      expect(cost === 'varies' ? cost : decimalText(cost.times('1e9'))).toBe(String(billionths));
    }),
  );
});

test('kinds without a price of their own cost as much as the whole that they are part of; only then do cache counts change nothing', () => {
  fc.assert(
    fc.property(counts, unit, unit, (tokens, prompt, completion) => {
      const plain = tokensCost({ prompt: price(prompt), completion: price(completion) }, tokens);
      const expected = price(prompt).times(tokens.promptTokens).plus(price(completion).times(tokens.completionTokens));
      expect(decimalText(plain as typeof expected)).toBe(decimalText(expected));
    }),
  );
});

test("Google's write price is for storage, in addition to the input price", () => {
  const prices = { prompt: price(300), completion: price(2500), cacheWrite: price(83) };
  const tokens = {
    requests: 1,
    promptTokens: 10,
    cachedTokens: 0,
    cacheWriteTokens: 10,
    completionTokens: 0,
    reasoningTokens: 0,
  };
  expect(String(tokensCost(prices, tokens))).toBe('0.00000383');
});
