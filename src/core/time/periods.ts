import type { PeriodSpans } from '../../storage/ledger/budgets/budget.ts';
import type { ZoneShift } from '../../storage/ledger/reports/report.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/**
 * Returns the day, the week (from Monday) and the month of this moment in the process's time zone. If a clock change skips midnight, the day
 * begins with its first existing minute.
 */
export function periodSpans(now: number): PeriodSpans {
  // A server calls this for every request.
  if (latest !== undefined && now >= latest.day.start && now < latest.day.end && latestZone === zoneOffset(now)) return latest;
  latestZone = zoneOffset(now);
  return (latest = spansAt(now));
}

let latest: PeriodSpans | undefined;
/** Tests change the time zone of their process. */
let latestZone = 0;

function spansAt(now: number): PeriodSpans {
  const weekday = (new Date(now).getDay() + 6) % 7;
  return {
    day: { start: dayStart(now), end: dayStart(now, 1) },
    week: { start: dayStart(now, -weekday), end: dayStart(now, 7 - weekday) },
    month: { start: monthStart(now), end: monthStart(now, 1) },
  };
}

/** Returns the beginning of the local day of this moment, or of one `days` later in the calendar. */
export function dayStart(moment: number, days = 0): number {
  const date = new Date(moment);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime();
}

/** Returns the beginning of the local month of this moment, or of one `months` later. */
export function monthStart(moment: number, months = 0): number {
  const date = new Date(moment);
  return new Date(date.getFullYear(), date.getMonth() + months, 1).getTime();
}

/** Returns local time minus UTC, in milliseconds. */
export function zoneOffset(moment: number): number {
  // The offset has a fraction for dates before time zones had whole minutes.
  return Math.round(0 - new Date(moment).getTimezoneOffset() * MINUTE_MS);
}

/** Returns the number of the local day since 1970-01-01, as `DayCost` counts. */
export function localDay(moment: number): number {
  return Math.floor((moment + zoneOffset(moment)) / DAY_MS);
}

/** Returns every change of the process's time zone in a period, to the millisecond. Does not detect two changes within one day. */
export function zoneShifts(since: number, until: number): ZoneShift[] {
  const shifts: ZoneShift[] = [{ from: -Infinity, offsetMs: zoneOffset(since) }];
  for (let at = since; at < until;) {
    const next = Math.min(at + DAY_MS, until);
    if (zoneOffset(next) !== zoneOffset(at)) shifts.push(shiftBetween(at, next));
    at = next;
  }
  return shifts;
}

function shiftBetween(before: number, after: number): ZoneShift {
  const offsetMs = zoneOffset(after);
  let [low, high] = [before, after];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (zoneOffset(middle) === offsetMs) high = middle;
    else low = middle;
  }
  return { from: high, offsetMs };
}
