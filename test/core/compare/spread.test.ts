import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spreadOf } from '../../../src/core/compare/spread.ts';
import { decimal } from '../../../src/decimal.ts';

const spread = (...values: (number | undefined)[]) => {
  const of = spreadOf(values.map((value) => (value === undefined ? undefined : decimal(value))));
  return of && [of.median.toNumber(), of.low.toNumber(), of.high.toNumber(), of.range, of.count];
};

describe('spreadOf', () => {
  it('has minimum and maximum of fewer than six values, then percentiles of type 7', () => {
    expect(spread()).toBeUndefined();
    expect(spread(undefined)).toBeUndefined();
    expect(spread(3)).toEqual([3, 3, 3, 'min-max', 1]);
    expect(spread(3, undefined, 1)).toEqual([2, 1, 3, 'min-max', 2]);
    expect(spread(5, 1, 4, 2, 3)).toEqual([3, 1, 5, 'min-max', 5]);
    expect(spread(6, 5, 4, 3, 2, 1)).toEqual([3.5, 1.5, 5.5, 'p10-p90', 6]);
  });

  it('is exact for amounts of money', () => {
    expect(spreadOf([decimal('0.1'), decimal('0.2')])!.median.toFixed()).toBe('0.15');
  });

  it('is in order and within the values', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 30 }), (values) => {
        const [median, low, high] = spread(...values) as [number, number, number];
        expect(Math.min(...values)).toBeLessThanOrEqual(low);
        expect(low).toBeLessThanOrEqual(median);
        expect(median).toBeLessThanOrEqual(high);
        expect(high).toBeLessThanOrEqual(Math.max(...values));
      }),
    );
  });
});
