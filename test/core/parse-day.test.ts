import { describe, expect, test } from 'vitest';
import { dayText, parseSince, parseSpan } from '../../src/core/parse-day.ts';

const NOW = Date.parse('2026-08-05T12:34:56Z');

describe('parseSince', () => {
  test.each([
    ['2026-08-01', '2026-08-01T00:00:00.000Z'],
    [' 2024-02-29 ', '2024-02-29T00:00:00.000Z'],
    ['30d', '2026-07-06T12:34:56.000Z'],
    ['2w', '2026-07-22T12:34:56.000Z'],
    ['12H', '2026-08-05T00:34:56.000Z'],
    ['1m', '2026-07-06T12:34:56.000Z'],
    ['1y', '2025-08-05T12:34:56.000Z'],
  ])('%j is %s', (text, moment) => {
    expect(new Date(parseSince('--since', text, NOW)).toISOString()).toBe(moment);
  });

  test.each(['', '2026-13-01', '2025-02-29', '2026-8-1', '30', 'd', '-1d', '1.5d', '9999999d', '999999y', 'yesterday'])(
    '%j is refused, with the flag',
    (text) => {
      expect(() => parseSince('--since', text, NOW)).toThrow(/^--since takes a day or how long ago/);
    },
  );
});

test('a span, and a day of it', () => {
  expect(dayText(NOW + parseSpan('--expiring', '30d'))).toBe('2026-09-04');
  expect(() => parseSpan('--expiring', '2026-08-01')).toThrow(/^--expiring takes a span/);
});
