import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isCost, paidCost, parseCost } from '../src/paid-cost.ts';

describe('a cost', () => {
  test.each<[unknown, string]>([
    [0, '0'],
    [0.000412, '0.000412'],
    [1e-11, '0.00000000001'],
    ['0.00000027', '0.00000027'],
    ['1e-7', '0.0000001'],
    [1_000_000, '1000000'],
  ])('%j is %s', (value, expected) => {
    expect(parseCost(value)).toBe(expected);
  });

  test.each<[unknown]>([
    [-0.01],
    ['-5'],
    [1e300],
    ['1e300'],
    [1_000_001],
    ['1e-99999'],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    ['NaN'],
    ['free'],
    [''],
    ['9'.repeat(500)],
    [{}],
    [{ total_cost: 0.01 }],
    [[0.01]],
    [true],
    [null],
    [undefined],
  ])('%j is unknown', (value) => {
    expect(parseCost(value)).toBeUndefined();
  });

  test('a text is a cost if it can be read as one', () => {
    const digits = fc.stringMatching(/^\d{0,8}(\.\d{0,20})?(e-?\d)?$/);
    fc.assert(
      fc.property(fc.oneof(digits, fc.string()), (text) => {
        expect(isCost(text)).toBe(parseCost(text) !== undefined);
      }),
    );
  });

  test('any value becomes plain digits from 0 to a million, or unknown', () => {
    fc.assert(
      fc.property(fc.oneof(fc.double(), fc.string(), fc.bigInt().map(String), fc.anything()), (value) => {
        const cost = parseCost(value);
        if (cost === undefined) return;
        expect(cost).toMatch(/^\d{1,7}(\.\d{1,64})?$/);
        expect(parseCost(cost)).toBe(cost);
        expect(paidCost({ cost, upstreamCost: cost })).toMatch(/^\d+(\.\d+)?$/);
      }),
    );
  });
});
