import { expect, test } from 'vitest';
import { isDeeperThan } from '../../src/text/json-depth.ts';

const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));

test.each([
  ['text', 0, false],
  [null, 0, false],
  [{}, 1, false],
  [{}, 0, true],
  [{ a: [1], b: { c: [] } }, 3, false],
  [{ a: [1], b: { c: [] } }, 2, true],
  [nested(100_000), 99_999, true],
  [nested(100_000), 100_000, false],
])('levels are counted in objects and lists: %#', (value, most, isDeeper) => {
  expect(isDeeperThan(value, most)).toBe(isDeeper);
});
