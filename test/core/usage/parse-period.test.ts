import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parsePeriod } from '../../../src/core/usage/parse-period.ts';
import { OrxError } from '../../../src/errors.ts';

const ZONE = process.env['TZ'];
const inZone = (zone: string): void => void (process.env['TZ'] = zone);
const iso = (moment: number | undefined): string | undefined =>
  moment === undefined ? undefined : new Date(moment).toISOString().replace(/:00(\.000)?Z$/, 'Z');

// A Tuesday.
const NOW = Date.parse('2026-11-24T15:30:00Z');

beforeEach(() => inZone('UTC'));
afterEach(() => {
  if (ZONE === undefined) delete process.env['TZ'];
  else process.env['TZ'] = ZONE;
});

describe('the period of --since and --until', () => {
  it.each([
    [undefined, undefined, '2026-10-26T00:00Z', undefined, 'last 30 days'],
    ['30d', undefined, '2026-10-26T00:00Z', undefined, 'last 30 days'],
    ['1d', undefined, '2026-11-24T00:00Z', undefined, 'today'],
    ['2w', undefined, '2026-11-11T00:00Z', undefined, 'last 2 weeks'],
    ['1w', undefined, '2026-11-18T00:00Z', undefined, 'last week'],
    ['12h', undefined, '2026-11-24T03:30Z', undefined, 'last 12 hours'],
    ['1h', undefined, '2026-11-24T14:30Z', undefined, 'last hour'],
    ['today', undefined, '2026-11-24T00:00Z', undefined, 'today'],
    ['yesterday', undefined, '2026-11-23T00:00Z', undefined, 'since yesterday'],
    ['yesterday', 'yesterday', '2026-11-23T00:00Z', '2026-11-24T00:00Z', '2026-11-23'],
    ['week', undefined, '2026-11-23T00:00Z', undefined, 'this week'],
    ['month', undefined, '2026-11-01T00:00Z', undefined, 'this month'],
    ['Year', undefined, '2026-01-01T00:00Z', undefined, 'this year'],
    ['all', undefined, undefined, undefined, 'all time'],
    ['2026-11-01', undefined, '2026-11-01T00:00Z', undefined, 'since 2026-11-01'],
    ['2026-11-01', '2026-11-15', '2026-11-01T00:00Z', '2026-11-16T00:00Z', '2026-11-01 to 2026-11-15'],
    ['2024-02', '2024-02', '2024-02-01T00:00Z', '2024-03-01T00:00Z', '2024-02-01 to 2024-02-29'],
    ['2023-12-31', '2023-12-31', '2023-12-31T00:00Z', '2024-01-01T00:00Z', '2023-12-31'],
    // Time that two periods share is counted once.
    ['60d', '30d', '2026-09-26T00:00Z', '2026-10-26T00:00Z', '2026-09-26 to 2026-10-25'],
    ['12h', '6h', '2026-11-24T03:30Z', '2026-11-24T09:30Z', '2026-11-24 03:30 to 2026-11-24 09:30'],
    [undefined, '2026-11-15', undefined, '2026-11-16T00:00Z', 'until 2026-11-15'],
    ['month', 'today', '2026-11-01T00:00Z', '2026-11-25T00:00Z', 'this month'],
  ])('--since %s --until %s', (since, until, start, end, label) => {
    const period = parsePeriod({ since, until }, NOW);
    expect([iso(period.since), iso(period.until), period.label]).toEqual([start, end, label]);
  });

  it.each([
    // Days are calendar days, also across a clock change and the end of February.
    ['Europe/Berlin', '2026-03-30T10:00:00Z', '2d', '2026-03-28T23:00Z'],
    ['Europe/Berlin', '2026-10-26T10:00:00Z', '2d', '2026-10-24T22:00Z'],
    ['Europe/Berlin', '2026-10-25T10:00:00Z', '12h', '2026-10-24T22:00Z'],
    ['UTC', '2024-03-01T10:00:00Z', '2d', '2024-02-29T00:00Z'],
    ['UTC', '2026-03-31T10:00:00Z', 'month', '2026-03-01T00:00Z'],
    ['Asia/Kathmandu', '2026-11-24T10:00:00Z', 'today', '2026-11-23T18:15Z'],
    ['Asia/Kolkata', '2026-11-24T10:00:00Z', '2026-11-01', '2026-10-31T18:30Z'],
    // The 30th was skipped: the day before the 31st was the 29th, and two days reach back over the gap.
    ['Pacific/Apia', '2011-12-31T08:00:00Z', '1d', '2011-12-30T10:00Z'],
    ['Pacific/Apia', '2011-12-31T08:00:00Z', '3d', '2011-12-29T10:00Z'],
    // Midnight does not exist on this day.
    ['Africa/Cairo', '2026-04-26T10:00:00Z', '2026-04-24', '2026-04-23T22:00Z'],
  ])('in %s at %s, %s begins at %s', (zone, now, since, expected) => {
    inZone(zone);
    expect(iso(parsePeriod({ since }, Date.parse(now)).since)).toBe(expected);
  });

  it.each([
    ['', undefined],
    ['0d', undefined],
    ['-3d', undefined],
    ['3x', undefined],
    ['1.5d', undefined],
    ['999999d', undefined],
    ['2026-02-30', undefined],
    ['2026-13', undefined],
    ['2026-00-10', undefined],
    ['1969-12-31', undefined],
    ['constructor', undefined],
    ['2026-11-1', undefined],
    ['2027-01-01', undefined],
    ['today', 'yesterday'],
    ['2026-11-15', '2026-11-14'],
    ['30d', '30d'],
    ['30d', 'soon'],
  ])('rejects --since %j --until %j, naming the flag', (since, until) => {
    const attempt = (): unknown => parsePeriod({ since, until }, NOW);
    expect(attempt).toThrow(OrxError);
    expect(attempt).toThrow(/--(since|until)/);
  });
});
