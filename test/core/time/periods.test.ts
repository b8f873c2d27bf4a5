import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { dayStart, localDay, periodSpans, zoneShifts } from '../../../src/core/time/periods.ts';

const ZONE = process.env['TZ'];
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/Sao_Paulo',
  'America/Havana',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'Pacific/Apia',
  'Pacific/Chatham',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Africa/Cairo',
];

function inZone(zone: string): void {
  process.env['TZ'] = zone;
}
const utc = (text: string): number => Date.parse(text);
const iso = ({ start, end }: { start: number; end: number }): string[] =>
  [start, end].map((time) => new Date(time).toISOString().replace(':00.000Z', 'Z'));

afterEach(() => {
  if (ZONE === undefined) delete process.env['TZ'];
  else process.env['TZ'] = ZONE;
});

describe('the current day, week and month', () => {
  it.each([
    // The day on which clocks go forward has 23 hours; the one on which they go back has 25.
    ['Europe/Berlin', '2026-03-29T12:00:00Z', 'day', ['2026-03-28T23:00Z', '2026-03-29T22:00Z']],
    ['Europe/Berlin', '2026-10-25T12:00:00Z', 'day', ['2026-10-24T22:00Z', '2026-10-25T23:00Z']],
    // Midnight does not exist: the day begins at one.
    ['Africa/Cairo', '2026-04-24T12:00:00Z', 'day', ['2026-04-23T22:00Z', '2026-04-24T21:00Z']],
    ['America/Sao_Paulo', '2018-11-04T12:00:00Z', 'day', ['2018-11-04T03:00Z', '2018-11-05T02:00Z']],
    // Midnight occurs twice: the day begins with the first.
    ['America/Havana', '2026-11-01T12:00:00Z', 'day', ['2026-11-01T04:00Z', '2026-11-02T05:00Z']],
    // Offsets that are not whole hours.
    ['Asia/Kathmandu', '2026-11-24T18:14:59Z', 'day', ['2026-11-23T18:15Z', '2026-11-24T18:15Z']],
    ['Asia/Kolkata', '2026-11-24T18:30:00Z', 'day', ['2026-11-24T18:30Z', '2026-11-25T18:30Z']],
    ['Pacific/Chatham', '2026-11-24T12:00:00Z', 'day', ['2026-11-24T10:15Z', '2026-11-25T10:15Z']],
    // 30 December 2011 was skipped: the 29th is followed by the 31st.
    ['Pacific/Apia', '2011-12-30T08:00:00Z', 'day', ['2011-12-29T10:00Z', '2011-12-30T10:00Z']],
    ['Pacific/Apia', '2011-12-30T12:00:00Z', 'day', ['2011-12-30T10:00Z', '2011-12-31T10:00Z']],
    ['Pacific/Apia', '2011-12-30T12:00:00Z', 'week', ['2011-12-26T10:00Z', '2012-01-01T10:00Z']],
    ['UTC', '2026-11-22T23:59:59Z', 'week', ['2026-11-16T00:00Z', '2026-11-23T00:00Z']],
    ['UTC', '2026-11-23T00:00:00Z', 'week', ['2026-11-23T00:00Z', '2026-11-30T00:00Z']],
    ['Europe/Berlin', '2026-03-28T12:00:00Z', 'week', ['2026-03-22T23:00Z', '2026-03-29T22:00Z']],
    ['UTC', '2024-02-29T12:00:00Z', 'month', ['2024-02-01T00:00Z', '2024-03-01T00:00Z']],
    ['UTC', '2026-12-31T23:59:59Z', 'month', ['2026-12-01T00:00Z', '2027-01-01T00:00Z']],
    ['UTC', '2026-01-31T12:00:00Z', 'month', ['2026-01-01T00:00Z', '2026-02-01T00:00Z']],
    ['America/New_York', '2026-11-01T03:00:00Z', 'month', ['2026-10-01T04:00Z', '2026-11-01T04:00Z']],
  ] as const)('%s at %s: %s', (zone, now, period, expected) => {
    inZone(zone);
    expect(iso(periodSpans(utc(now))[period])).toEqual(expected);
  });

  it('contains its time, and the next one begins where it ends, in any zone', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), fc.integer({ min: utc('1995-01-01'), max: utc('2040-01-01') }), (zone, now) => {
        inZone(zone);
        const spans = periodSpans(now);
        for (const period of ['day', 'week', 'month'] as const) {
          const { start, end } = spans[period];
          expect(start).toBeLessThanOrEqual(now);
          expect(now).toBeLessThan(end);
          expect(periodSpans(start)[period]).toEqual({ start, end });
          expect(periodSpans(end - 1)[period]).toEqual({ start, end });
          expect(periodSpans(end)[period].start).toBe(end);
        }
        expect(localDay(spans.day.start)).toBe(localDay(spans.day.end - 1));
        expect(localDay(spans.day.start - 1)).toBeLessThan(localDay(spans.day.start));
      }),
    );
  });
});

describe('the clock changes of a zone', () => {
  it('are found to the millisecond', () => {
    inZone('Europe/Berlin');
    expect(zoneShifts(utc('2026-01-01'), utc('2027-01-01'))).toEqual([
      { from: -Infinity, offsetMs: HOUR },
      { from: utc('2026-03-29T01:00:00Z'), offsetMs: 2 * HOUR },
      { from: utc('2026-10-25T01:00:00Z'), offsetMs: HOUR },
    ]);
    inZone('Pacific/Apia');
    expect(zoneShifts(utc('2011-12-01'), utc('2012-01-10'))).toEqual([
      { from: -Infinity, offsetMs: -10 * HOUR },
      { from: utc('2011-12-30T10:00:00Z'), offsetMs: 14 * HOUR },
    ]);
    inZone('UTC');
    expect(zoneShifts(utc('1970-01-01'), utc('2040-01-01'))).toEqual([{ from: -Infinity, offsetMs: 0 }]);
    expect(zoneShifts(utc('2026-01-01'), utc('2026-01-01'))).toHaveLength(1);
  });

  it('assign every time its local day', () => {
    const [since, until] = [utc('2009-06-01'), utc('2027-06-01')];
    const tables = new Map(ZONES.map((zone) => (inZone(zone), [zone, zoneShifts(since, until)])));
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), fc.integer({ min: since, max: until }), (zone, moment) => {
        inZone(zone);
        const shift = tables.get(zone)!.findLast(({ from }) => from <= moment)!;
        const day = Math.floor((moment + shift.offsetMs) / DAY);
        const shown = new Date(moment);
        expect(day).toBe(Date.UTC(shown.getFullYear(), shown.getMonth(), shown.getDate()) / DAY);
        expect(localDay(moment)).toBe(day);
        expect(localDay(dayStart(moment))).toBe(day);
      }),
    );
  });
});
