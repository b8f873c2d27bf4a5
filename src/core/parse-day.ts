import { usageError } from '../errors.ts';

const DAY_MS = 86_400_000;
const SPANS: Readonly<Record<string, number>> = { h: DAY_MS / 24, d: DAY_MS, w: 7 * DAY_MS, m: 30 * DAY_MS, y: 365 * DAY_MS };
const LONGEST_SPAN_MS = 100 * 365 * DAY_MS;

/**
 * A moment in the past as people write it, in milliseconds since 1970: a day (`2026-08-01`, its beginning in UTC) or how long ago (`30d`;
 * also h, w, m for 30 days, y). Throws a usage error that names the flag.
 */
export function parseSince(flag: string, text: string, now: number): number {
  const day = text.trim();
  const moment = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  // A day that there is not, such as the 30th of February, is read as a later one.
  if (Number.isFinite(moment) && dayText(moment) === day) return moment;
  const span = spanOf(text);
  if (span === undefined) throw usageError(`${flag} takes a day or how long ago, such as 2026-08-01 or 30d, not "${text}"`);
  return now - span;
}

/** A span of time, `30d`, in milliseconds. Throws a usage error that names the flag. */
export function parseSpan(flag: string, text: string): number {
  const span = spanOf(text);
  if (span === undefined) throw usageError(`${flag} takes a span of time, such as 30d, 2w or 12h, not "${text}"`);
  return span;
}

/** `YYYY-MM-DD` in UTC. */
export function dayText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function spanOf(text: string): number | undefined {
  const [, count, unit = ''] = /^(\d{1,6})([hdwmy])$/i.exec(text.trim()) ?? [];
  const span = Number(count) * (SPANS[unit.toLowerCase()] ?? Number.NaN);
  return span <= LONGEST_SPAN_MS ? span : undefined;
}
