import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MinuteWindow } from '../../../src/core/routing/minute-window.ts';

const amount = fc.record({ afterMs: fc.integer({ min: 0, max: 40_000 }), amount: fc.integer({ min: 1, max: 50 }) });

test('the sum is below the limit after the stated wait, and not a millisecond earlier', () => {
  fc.assert(
    fc.property(
      fc.nat(1_000_000),
      fc.array(amount, { maxLength: 20 }),
      fc.integer({ min: 1, max: 200 }),
      (start, amounts, limit) => {
        const window = new MinuteWindow();
        let now = start;
        for (const { afterMs, amount: more } of amounts) window.add((now += afterMs), more);
        const isBelow = window.sum(now) < limit;
        const waitMs = window.belowInMs(now, limit);
        expect(waitMs === 0).toBe(isBelow);
        expect(waitMs).toBeLessThanOrEqual(60_000);
        if (isBelow) return;
        expect(window.sum(now + waitMs - 1)).toBeGreaterThanOrEqual(limit);
        expect(window.sum(now + waitMs)).toBeLessThan(limit);
      },
    ),
  );
});

test('with a limit of 0, which no sum is below, the wait is that for an empty window', () => {
  expect(new MinuteWindow().belowInMs(5500, 0)).toBe(59_500);
});
