import { expect, test } from 'vitest';
import { parseMoment } from '../../../src/core/market/parse-moment.ts';
import { OrxError } from '../../../src/errors.ts';

const NOW = Date.parse('2026-08-05T10:00:00Z');

test.each([
  ['2026-08-02', '2026-08-02T23:59:59.999Z'],
  ['2026-08-02T12:30', '2026-08-02T12:30:00.000Z'],
  [' 2026-08-02 12:30:15 ', '2026-08-02T12:30:15.000Z'],
  ['2026-08-02T12:30:00.000Z', '2026-08-02T12:30:00.000Z'],
  ['2026-08-02T12:30+02:00', '2026-08-02T10:30:00.000Z'],
  ['7d', '2026-07-29T10:00:00.000Z'],
  ['12h', '2026-08-04T22:00:00.000Z'],
])('%j is %s', (text, expected) => {
  expect(new Date(parseMoment(text, NOW)).toISOString()).toBe(expected);
});

test.each(['', 'yesterday', '2026-13-40', '2026-08-02T99:00', 'before.json'])('%j is bad usage', (text) => {
  expect(() => parseMoment(text, NOW)).toThrow(OrxError);
});
