import { usageError } from '../../errors.ts';
import { dayStart } from '../time/periods.ts';
import { localDayText, localMomentText } from '../time/local-text.ts';
import { parseTime } from '../time/parse-time.ts';

/** A period in the past; an undefined limit means none on that side. */
export interface UsagePeriod {
  since?: number | undefined;
  until?: number | undefined;
  /** `last 30 days`, `2026-11-01 to 2026-11-15`. */
  label: string;
}

export const DEFAULT_SINCE = '30d';

const UNITS: Readonly<Record<string, string>> = { h: 'hour', d: 'day', w: 'week', m: 'month', y: 'year' };
const WORDS: Readonly<Record<string, string>> = {
  today: 'today',
  yesterday: 'since yesterday',
  week: 'this week',
  month: 'this month',
  year: 'this year',
  all: 'all time',
};

/** Parses the period of `--since` and `--until`: from the beginning of the first to the end of the second (time/parse-time.ts). */
export function parsePeriod(given: { since?: string | undefined; until?: string | undefined }, now: number): UsagePeriod {
  const sinceText = given.since?.trim().toLowerCase() ?? (given.until === undefined ? DEFAULT_SINCE : 'all');
  const untilText = given.until?.trim().toLowerCase();
  const since = parseTime('--since', sinceText, now).start;
  const until = untilText === undefined ? undefined : parseTime('--until', untilText, now).end;
  if (since !== undefined && since >= (until ?? now + 1)) {
    throw usageError(
      until === undefined ? `--since ${sinceText} is in the future` : `--since ${sinceText} is not before --until ${untilText}`,
      'use an earlier time, such as 30d, month or 2026-01-31: --since 30d',
    );
  }
  return { since, until, label: labelOf(sinceText, since, until, now) };
}

function labelOf(sinceText: string, since: number | undefined, until: number | undefined, now: number): string {
  if (until !== undefined && until <= now) {
    const last = timeText(until, -1);
    if (since === undefined) return `until ${last}`;
    return timeText(since) === last ? last : `${timeText(since)} to ${last}`;
  }
  const [, count, unit] = /^(\d+)([hdwmy])$/.exec(sinceText) ?? [];
  if (unit !== undefined)
    return `last ${Number(count)} ${UNITS[unit]}s`.replace(/^last 1 (\w+)s$/, 'last $1').replace(/^last day$/, 'today');
  return WORDS[sinceText] ?? `since ${sinceText}`;
}

/** Returns the local day, and the time unless it is midnight. For the end of a period at midnight, this is the day before. */
function timeText(moment: number, shift: 0 | -1 = 0): string {
  const isMidnight = dayStart(moment) === moment;
  return isMidnight ? localDayText(moment + shift) : localMomentText(moment);
}
