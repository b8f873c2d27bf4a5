import { usageError } from '../../errors.ts';
import { dayStart, periodSpans } from './periods.ts';

/** The range of a time on the command line, in milliseconds since 1970, end exclusive. An undefined limit means none on that side. */
export interface TimeStretch {
  start?: number | undefined;
  end?: number | undefined;
}

/** Every time format, as errors list them. */
export const TIME_FORMS =
  '12h, 30d, 2w, 6m, 1y, today, yesterday, week, month, year, all, 2026, 2026-01, 2026-01-31 or 2026-01-31T12:30';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SPANS_MS: Readonly<Record<string, number>> = {
  h: HOUR_MS,
  d: DAY_MS,
  w: 7 * DAY_MS,
  m: 30 * DAY_MS,
  y: 365 * DAY_MS,
};
const LONGEST_SPAN_MS = 100 * 365 * DAY_MS;
const MOMENT = /^(\d{4}-\d\d-\d\d)[t ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,3})?)?(z|[+-]\d\d:\d\d)?$/;

/**
 * Parses a time of `--since`, `--until`, `--before` and similar flags, in the process's time zone. `12h` reaches back from now; `30d`, `2w`,
 * `6m` and `1y` count whole days including today; a day, a month, a year, and their names (`today`, `yesterday`, `week` from Monday, `month`,
 * `year`) are whole; `2026-01-31T12:30` is a moment, in its own zone or the local one. Throws a usage error that names the flag.
 */
export function parseTime(flag: string, given: string, now: number): TimeStretch {
  const stretch = findTime(given, now);
  if (stretch === undefined)
    throw usageError(`${flag} must be a time such as 30d or 2026-01-31, not "${given}"`, `use one of these times: ${TIME_FORMS}`);
  return stretch;
}

/** Parses a text that may be a time; undefined if it is not. */
export function findTime(given: string, now: number): TimeStretch | undefined {
  const text = given.trim().toLowerCase();
  return reachBack(text, now) ?? namedStretch(text, now) ?? dateStretch(text) ?? momentOf(text);
}

/** Returns the start of a time; undefined for all time. Throws a usage error also for a time in the future. */
export function parseStart(flag: string, text: string, now: number): number | undefined {
  const { start } = parseTime(flag, text, now);
  if (start !== undefined && start > now) {
    throw usageError(`${flag} ${text.trim()} is in the future`, 'use an earlier time, such as 30d, month or 2026-01-31');
  }
  return start;
}

/** Parses a duration such as `30d` into milliseconds. Throws a usage error that names the flag. */
export function parseSpan(flag: string, text: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([hdwmy])$/i.exec(text.trim()) ?? [];
  const span = Number(count) * (SPANS_MS[unit.toLowerCase()] ?? Number.NaN);
  if (!(span <= LONGEST_SPAN_MS)) throw usageError(`${flag} must be a duration, such as 30d, 2w, 12h or 6m, not "${text}"`);
  return span;
}

/** Returns the range from a number of hours, days, weeks, months or years ago; undefined for 0. */
function reachBack(text: string, now: number): TimeStretch | undefined {
  const [, digits, unit] = /^(\d{1,6})([hdwmy])$/.exec(text) ?? [];
  const count = Number(digits ?? 0);
  if (count < 1) return undefined;
  const start =
    unit === 'h'
      ? now - count * HOUR_MS
      : unit === 'm' || unit === 'y'
        ? monthsAgo(now, unit === 'y' ? count * 12 : count)
        : dayStart(now, 1 - count * (unit === 'w' ? 7 : 1));
  return start >= 0 ? { start, end: start } : undefined;
}

/** Returns the day after the same day of an earlier month, so that today is the last day of that many months. */
function monthsAgo(now: number, months: number): number {
  const date = new Date(now);
  const [year, month] = [date.getFullYear(), date.getMonth() - months];
  const lastDay = new Date(year, month + 1, 0).getDate();
  return new Date(year, month, Math.min(date.getDate(), lastDay) + 1).getTime();
}

function namedStretch(text: string, now: number): TimeStretch | undefined {
  const { day, week, month } = periodSpans(now);
  switch (text) {
    case 'today':
      return day;
    case 'yesterday':
      return { start: dayStart(now, -1), end: day.start };
    case 'week':
      return week;
    case 'month':
      return month;
    case 'year':
      return dateStretch(String(new Date(now).getFullYear()));
    case 'all':
      return {};
    default:
      return undefined;
  }
}

/** Parses the local year `2026`, month `2026-11` or day `2026-11-01`; undefined for anything else. */
function dateStretch(text: string): TimeStretch | undefined {
  const [year = 0, month, day] = /^\d{4}(-\d\d){0,2}$/.test(text) ? text.split('-').map(Number) : [];
  const days = new Date(Date.UTC(year, month ?? 1, 0)).getUTCDate();
  if (year < 1970 || (month !== undefined && (month < 1 || month > 12))) return undefined;
  if (day !== undefined && (day < 1 || day > days)) return undefined;
  const start = new Date(year, (month ?? 1) - 1, day ?? 1);
  const end =
    day !== undefined
      ? new Date(year, month! - 1, day + 1)
      : month !== undefined
        ? new Date(year, month, 1)
        : new Date(year + 1, 0, 1);
  return { start: start.getTime(), end: end.getTime() };
}

function momentOf(text: string): TimeStretch | undefined {
  const [, day = '', hours, minutes, seconds] = MOMENT.exec(text) ?? [];
  // Date would turn a day that does not exist into a later one.
  if (dateStretch(day) === undefined || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds ?? 0) > 59) return undefined;
  const at = new Date(text.replace(' ', 't').toUpperCase()).getTime();
  return Number.isNaN(at) ? undefined : { start: at, end: at };
}
