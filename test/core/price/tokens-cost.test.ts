import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tokensCost } from '../../../src/core/price/tokens-cost.ts';
import { decimal } from '../../../src/decimal.ts';

const PRICES = {
  prompt: decimal('0.000003'),
  completion: decimal('0.000015'),
  cacheRead: decimal('0.0000003'),
  cacheWrite: decimal('0.00000375'),
  cacheWrite1h: decimal('0.000006'),
};
const TOKENS = {
  requests: 1,
  promptTokens: 1000,
  cachedTokens: 300,
  cacheWriteTokens: 200,
  completionTokens: 10,
  reasoningTokens: 0,
};

test('what stays cached for an hour has a price of its own', () => {
  // 500 uncached, 300 read, 150 written for five minutes, 50 for an hour, 10 out.
  const cost = tokensCost(PRICES, { ...TOKENS, cacheWrite1hTokens: 50 });
  expect(cost.toString()).toBe('0.0026025');
  const { cacheWrite1h: _, ...without } = PRICES;
  expect(tokensCost(without, { ...TOKENS, cacheWrite1hTokens: 50 }).toString()).toBe(tokensCost(without, TOKENS).toString());
});

test('every token is paid for once', () => {
  const one = decimal(1);
  const equal = { prompt: one, completion: one, cacheRead: one, cacheWrite: one, cacheWrite1h: one };
  const counts = fc.array(fc.nat({ max: 1_000_000 }), { minLength: 6, maxLength: 6 });
  fc.assert(
    fc.property(counts, ([plain = 0, read = 0, short = 0, long = 0, said = 0, thought = 0]) => {
      const cost = tokensCost(equal, {
        requests: 1,
        promptTokens: plain + read + short + long,
        cachedTokens: read,
        cacheWriteTokens: short + long,
        cacheWrite1hTokens: long,
        completionTokens: said + thought,
        reasoningTokens: thought,
      });
      expect(cost.toString()).toBe(String(plain + read + short + long + said + thought));
    }),
  );
});
