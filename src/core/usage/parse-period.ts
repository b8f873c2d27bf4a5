import { usageError } from '../../errors.ts';
import { dayStart, periodSpans } from '../periods.ts';

/** A stretch of the past; what is not given has no end on that side. */
export interface UsagePeriod {
  since?: number | undefined;
  until?: number | undefined;
  /** `last 30 days`, `2026-11-01 to 2026-11-15`. */
  label: string;
}

export const DEFAULT_SINCE = '30d';

const HOUR_MS = 3_600_000;
const UNITS: Readonly<Record<string, string>> = { h: 'hour', d: 'day', w: 'week' };
const WORDS: Readonly<Record<string, string>> = {
  today: 'today',
  yesterday: 'since yesterday',
  week: 'this week',
  month: 'this month',
  year: 'this year',
  all: 'all time',
};

interface Stretch {
  start?: number | undefined;
  end?: number | undefined;
}

/**
 * The period of `--since` and `--until`, in the process's time zone. `12h` reaches back from now; `30d` and `2w` count whole days, today
 * among them; a day (`2026-11-01`, `today`, `yesterday`), a month (`2026-11`, `month`), `week` (from Monday) and `year` count whole, for
 * --since from their beginning and for --until to their end. Throws a usage error that names the flag.
 */
export function parsePeriod(given: { since?: string | undefined; until?: string | undefined }, now: number): UsagePeriod {
  const sinceText = given.since?.trim().toLowerCase() ?? (given.until === undefined ? DEFAULT_SINCE : 'all');
  const untilText = given.until?.trim().toLowerCase();
  const since = stretchOf('--since', sinceText, now).start;
  const until = untilText === undefined ? undefined : stretchOf('--until', untilText, now).end;
  if (since !== undefined && since >= (until ?? now + 1)) {
    throw usageError(
      until === undefined ? `--since ${sinceText} has not begun yet` : `--since ${sinceText} is not before --until ${untilText}`,
      'give an earlier --since, such as 30d, month or 2026-01-31',
    );
  }
  return { since, until, label: labelOf(sinceText, since, until, now) };
}

function stretchOf(flag: string, text: string, now: number): Stretch {
  const back = /^(\d{1,6})([hdw])$/.exec(text);
  const stretch = back === null ? namedStretch(text, now) : momentOf(Number(back[1]), back[2]!, now);
  if (stretch === undefined) {
    const takes = '12h, 30d, 2w, today, yesterday, week, month, year, all, 2026-01 or 2026-01-31';
    throw usageError(`${flag} takes a time such as ${takes}, not "${text}"`);
  }
  return stretch;
}

/** Counted from 1: a reach of nothing is none. */
function momentOf(count: number, unit: string, now: number): Stretch | undefined {
  if (count < 1) return undefined;
  const moment = unit === 'h' ? now - count * HOUR_MS : dayStart(now, 1 - count * (unit === 'w' ? 7 : 1));
  return moment < 0 ? undefined : { start: moment, end: moment };
}

function namedStretch(text: string, now: number): Stretch | undefined {
  const spans = periodSpans(now);
  const year = new Date(now).getFullYear();
  const named: Readonly<Record<string, Stretch>> = {
    today: spans.day,
    yesterday: { start: dayStart(now, -1), end: spans.day.start },
    week: spans.week,
    month: spans.month,
    year: { start: new Date(year, 0, 1).getTime(), end: new Date(year + 1, 0, 1).getTime() },
    all: {},
  };
  return Object.hasOwn(named, text) ? named[text] : dateStretch(text);
}

/** The local day `2026-11-01` or month `2026-11`; undefined for anything else. */
function dateStretch(text: string): { start: number; end: number } | undefined {
  const [year = 0, month = 0, day] = /^\d{4}-\d\d(-\d\d)?$/.test(text) ? text.split('-').map(Number) : [];
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (year < 1970 || month < 1 || month > 12 || (day !== undefined && (day < 1 || day > days))) return undefined;
  const start = new Date(year, month - 1, day ?? 1).getTime();
  const end = day === undefined ? new Date(year, month, 1) : new Date(year, month - 1, day + 1);
  return { start, end: end.getTime() };
}

function labelOf(sinceText: string, since: number | undefined, until: number | undefined, now: number): string {
  if (until !== undefined && until <= now) {
    const last = timeText(until, -1);
    if (since === undefined) return `until ${last}`;
    return timeText(since) === last ? last : `${timeText(since)} to ${last}`;
  }
  const [, count, unit] = /^(\d+)([hdw])$/.exec(sinceText) ?? [];
  if (unit !== undefined)
    return `last ${Number(count)} ${UNITS[unit]}s`.replace(/^last 1 (\w+)s$/, 'last $1').replace(/^last day$/, 'today');
  return WORDS[sinceText] ?? `since ${sinceText}`;
}

/** The local day; with the time where it is not midnight. An end is the day before it. */
function timeText(moment: number, shift: 0 | -1 = 0): string {
  const isMidnight = dayStart(moment) === moment;
  const date = new Date(isMidnight ? moment + shift : moment);
  const pad = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  return isMidnight ? day : `${day} ${pad(date.getHours())}:${pad(date.getMinutes())}`;
}
