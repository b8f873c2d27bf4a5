import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { localDayText, localMomentText } from '../../../src/core/time/local-text.ts';
import { findTime, parseSpan, parseStart, parseTime, TIME_FORMS } from '../../../src/core/time/parse-time.ts';

const ZONE = process.env['TZ'];
const inZone = (zone: string): void => void (process.env['TZ'] = zone);
const iso = (moment: number | undefined): string | undefined =>
  moment === undefined ? undefined : new Date(moment).toISOString().replace(/(:00)?(\.000)?Z$/, 'Z');

// A Tuesday.
const NOW = Date.parse('2026-11-24T15:30:00Z');

beforeEach(() => inZone('UTC'));
afterEach(() => {
  if (ZONE === undefined) delete process.env['TZ'];
  else process.env['TZ'] = ZONE;
});

describe('a time on the command line', () => {
  test.each([
    ['12h', '2026-11-24T03:30Z', '2026-11-24T03:30Z'],
    ['1d', '2026-11-24T00:00Z', '2026-11-24T00:00Z'],
    ['2w', '2026-11-11T00:00Z', '2026-11-11T00:00Z'],
    ['1m', '2026-10-25T00:00Z', '2026-10-25T00:00Z'],
    ['9M', '2026-02-25T00:00Z', '2026-02-25T00:00Z'],
    ['1y', '2025-11-25T00:00Z', '2025-11-25T00:00Z'],
    [' Yesterday ', '2026-11-23T00:00Z', '2026-11-24T00:00Z'],
    ['week', '2026-11-23T00:00Z', '2026-11-30T00:00Z'],
    ['year', '2026-01-01T00:00Z', '2027-01-01T00:00Z'],
    ['all', undefined, undefined],
    ['2025', '2025-01-01T00:00Z', '2026-01-01T00:00Z'],
    ['2024-02', '2024-02-01T00:00Z', '2024-03-01T00:00Z'],
    ['2024-02-29', '2024-02-29T00:00Z', '2024-03-01T00:00Z'],
    ['2026-08-02T12:30', '2026-08-02T12:30Z', '2026-08-02T12:30Z'],
    ['2026-08-02 12:30:15', '2026-08-02T12:30:15Z', '2026-08-02T12:30:15Z'],
    ['2026-08-02T12:30+02:00', '2026-08-02T10:30Z', '2026-08-02T10:30Z'],
    ['2026-08-02t12:30z', '2026-08-02T12:30Z', '2026-08-02T12:30Z'],
  ])('%j goes from %s to %s', (text, start, end) => {
    const time = parseTime('--since', text, NOW);
    expect([iso(time.start), iso(time.end)]).toEqual([start, end]);
  });

  test.each([
    // Local days, across a clock change and where midnight does not exist; a time without a zone is local.
    ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00Z', '2026-03-29T22:00Z'],
    ['Europe/Berlin', '2026-10-25T12:00', '2026-10-25T11:00Z', '2026-10-25T11:00Z'],
    ['Africa/Cairo', '2026-04-24', '2026-04-23T22:00Z', '2026-04-24T21:00Z'],
    ['Asia/Kathmandu', '2026-11', '2026-10-31T18:15Z', '2026-11-30T18:15Z'],
  ])('in %s, %j goes from %s to %s', (zone, text, start, end) => {
    inZone(zone);
    const time = parseTime('--since', text, NOW);
    expect([iso(time.start), iso(time.end)]).toEqual([start, end]);
  });

  test('a month is counted back to the same day, or the last day of a shorter month', () => {
    expect(iso(parseTime('--since', '1m', Date.parse('2026-03-31T10:00Z')).start)).toBe('2026-03-01T00:00Z');
    expect(iso(parseTime('--since', '1y', Date.parse('2024-02-29T10:00Z')).start)).toBe('2023-03-01T00:00Z');
  });

  test.each(['', '0d', '-3d', '3x', '1.5d', '999999y', '2026-02-30', '2026-13', '1969', '2026-11-1', '2026-02-30T10:00', 'ever'])(
    '%j is not a time: the error names the flag and every format',
    (text) => {
      expect(findTime(text, NOW)).toBeUndefined();
      expect(() => parseTime('--before', text, NOW)).toThrow(
        expect.objectContaining({
          message: `--before must be a time such as 30d or 2026-01-31, not "${text}"`,
          hints: [`use one of these times: ${TIME_FORMS}`],
        }),
      );
    },
  );

  test('every format that errors list is valid', () => {
    for (const form of TIME_FORMS.split(/, | or /)) expect(findTime(form, NOW)).toBeDefined();
  });

  test('a start in the future is an error, a span ahead is not', () => {
    expect(() => parseStart('--before', '2026-12-01', NOW)).toThrow('--before 2026-12-01 is in the future');
    expect(localDayText(NOW + parseSpan('--expiring', '30d'))).toBe('2026-12-24');
    expect(() => parseSpan('--expiring', '2026-08-01')).toThrow(/^--expiring must be a duration/);
  });
});

test('a time is printed in local time', () => {
  inZone('America/New_York');
  expect(localMomentText(Date.parse('2026-11-01T05:30:00Z'))).toBe('2026-11-01 01:30');
  expect(localMomentText(Date.parse('2026-11-01T06:30:00Z'))).toBe('2026-11-01 01:30');
  expect(localDayText(Date.parse('2026-11-02T04:59:00Z'))).toBe('2026-11-01');
});
