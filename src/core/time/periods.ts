import type { PeriodSpans } from '../../storage/ledger/budgets/budget.ts';
import type { ZoneShift } from '../../storage/ledger/reports/report.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/**
 * The day, the week (from Monday) and the month of this moment in the process's time zone. Where a clock change takes midnight away, the
 * day begins when the clock shows that day first.
 */
export function periodSpans(now: number): PeriodSpans {
  const weekday = (new Date(now).getDay() + 6) % 7;
  return {
    day: { start: dayStart(now), end: dayStart(now, 1) },
    week: { start: dayStart(now, -weekday), end: dayStart(now, 7 - weekday) },
    month: { start: monthStart(now), end: monthStart(now, 1) },
  };
}

/** When the local day of this moment begins, or one that is `days` away in the calendar. */
export function dayStart(moment: number, days = 0): number {
  const date = new Date(moment);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime();
}

/** When the local month of this moment begins, or one that is `months` away. */
export function monthStart(moment: number, months = 0): number {
  const date = new Date(moment);
  return new Date(date.getFullYear(), date.getMonth() + months, 1).getTime();
}

/** Local time minus UTC, in milliseconds. */
export function zoneOffset(moment: number): number {
  // Before time zones were whole minutes, the offset has a fraction.
  return Math.round(0 - new Date(moment).getTimezoneOffset() * MINUTE_MS);
}

/** Number of the local day since 1970-01-01, as ReportCell counts. */
export function localDay(moment: number): number {
  return Math.floor((moment + zoneOffset(moment)) / DAY_MS);
}

/** Every change of the process's time zone in a stretch of time, to the millisecond. Two changes within one day are not told apart. */
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
