import fc from 'fast-check';
import { expect, test } from 'vitest';
import { entryId } from '../../../src/core/ledger/entry-id.ts';

const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
const moment = fc.integer({ min: 0, max: 2 ** 48 - 1 });

test('ids sort by time', () => {
  fc.assert(
    fc.property(moment, moment, bytes, bytes, (one, other, a, b) => {
      fc.pre(one < other);
      expect(entryId(one, a) < entryId(other, b)).toBe(true);
      expect(entryId(one, a)).toMatch(/^[0-9a-hjkmnp-tv-z]{26}$/);
    }),
  );
});

test('ids of the same time differ in their random part', () => {
  expect(entryId(1_795_535_000_000, new Uint8Array(16).fill(1))).not.toBe(entryId(1_795_535_000_000, new Uint8Array(16).fill(2)));
});
