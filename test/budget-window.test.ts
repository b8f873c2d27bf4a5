import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { type BudgetWindow, budgetWindowWords, isBudgetWindow, parseBudgetWindow, windowSpan } from '../src/budget-window.ts';

const ZONE = process.env['TZ'];
const DAY = 86_400_000;

afterEach(() => {
  if (ZONE === undefined) delete process.env['TZ'];
  else process.env['TZ'] = ZONE;
});

test.each([
  ['30s', '30s', '30 seconds'],
  ['90m', '90m', '90 minutes'],
  ['120 m', '2h', '2 hours'],
  ['1h', '1h', 'hour'],
  ['5H', '5h', '5 hours'],
  ['36h', '36h', '36 hours'],
  ['14d', '14d', '14 days'],
  ['2w', '14d', '14 days'],
  ['2mo', '2mo', '2 months'],
] as const)('%s is the window %s, in words "%s"', (text, window, words) => {
  expect(parseBudgetWindow(text)).toBe(window);
  expect(isBudgetWindow(window)).toBe(true);
  expect(budgetWindowWords(window)).toBe(words);
});

test('a period with a name keeps it, and other texts are no windows', () => {
  for (const [text, period] of Object.entries({
    '24h': 'day',
    '86400s': 'day',
    '7d': 'week',
    '1w': 'week',
    '1mo': 'month',
    day: 'day',
  }))
    expect([text, parseBudgetWindow(text)]).toEqual([text, period]);
  for (const text of ['', '5', 'h', '0d', '-1d', '1.5h', '5y', '30days', '11y', '4000d', '121mo', '9999999999s', 'days'])
    expect([text, parseBudgetWindow(text)]).toEqual([text, undefined]);
  for (const period of ['day', '2w', '24h', '120m', '5H', 5, undefined]) expect(isBudgetWindow(period)).toBe(false);
});

describe('the current window', () => {
  test.each([
    ['UTC', '5h', '2026-05-20T12:34:56Z', '2026-05-20T10:00', '2026-05-20T15:00'],
    ['UTC', '5h', '2026-05-20T23:00:00Z', '2026-05-20T20:00', '2026-05-21T00:00'],
    ['UTC', '90m', '2026-05-20T12:34:56Z', '2026-05-20T12:00', '2026-05-20T13:30'],
    // 1970-01-05 and 2026-05-11 are Mondays, an even number of weeks apart.
    ['UTC', '14d', '2026-05-20T12:00:00Z', '2026-05-11T00:00', '2026-05-25T00:00'],
    ['UTC', '2mo', '2026-06-30T23:59:59Z', '2026-05-01T00:00', '2026-07-01T00:00'],
    ['UTC', '3mo', '2026-02-28T00:00:00Z', '2026-01-01T00:00', '2026-04-01T00:00'],
    ['Asia/Kolkata', '12h', '2026-05-20T12:00:00Z', '2026-05-20T06:30', '2026-05-20T18:30'],
    // Clocks go forward at 1:00 UTC.
    ['Europe/Berlin', '14d', '2026-03-29T12:00:00Z', '2026-03-15T23:00', '2026-03-29T22:00'],
  ] as const)('in %s of %s at %s starts at %s and ends at %s', (zone, window, now, start, end) => {
    process.env['TZ'] = zone;
    expect(windowSpan(window, Date.parse(now))).toEqual({ start: Date.parse(`${start}Z`), end: Date.parse(`${end}Z`) });
  });

  test('contains this moment, is at most its length, and the next one follows it', () => {
    const zones = ['UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'Pacific/Apia', 'Australia/Lord_Howe', 'Africa/Cairo'];
    const longest = { s: 1000, m: 60_000, h: 3_600_000, d: DAY, mo: 31 * DAY };
    const windows = fc
      .tuple(fc.integer({ min: 1, max: 100 }), fc.constantFrom('s', 'm', 'h', 'd', 'w', 'mo'))
      .map(([count, unit]) => parseBudgetWindow(`${count}${unit}`))
      .filter((window): window is BudgetWindow => window !== undefined && /^\d/.test(window));
    const moments = fc.integer({ min: Date.UTC(2011, 11, 25), max: Date.UTC(2034, 0) });
    fc.assert(
      fc.property(fc.constantFrom(...zones), windows, moments, (zone, window, now) => {
        process.env['TZ'] = zone;
        const { start, end } = windowSpan(window, now);
        expect(start <= now && now < end).toBe(true);
        // Two hours more for clocks that go back.
        const [, count = '', unit = ''] = /^(\d+)(\w+)$/.exec(window) ?? [];
        expect(end - start).toBeLessThanOrEqual(Number(count) * longest[unit as keyof typeof longest] + 2 * 3_600_000);
        expect(windowSpan(window, end - 1)).toEqual({ start, end });
        expect(windowSpan(window, end).start).toBe(end);
      }),
    );
  });
});
