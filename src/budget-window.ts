const UNITS = ['s', 'm', 'h', 'd', 'mo'] as const;
/** A period of any length, such as `5h`, `14d` or `2mo`, in its largest unit. Days, weeks and months have their own names. */
export type BudgetWindow = `${number}${(typeof UNITS)[number]}`;

interface Stretched {
  start: number;
  end: number;
}

const SECOND_MS = 1000;
const DAY_SECONDS = 86_400;
/** Of the units with a fixed length. */
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: DAY_SECONDS, w: 7 * DAY_SECONDS };
const WORDS: Readonly<Record<string, string>> = { s: 'second', m: 'minute', h: 'hour', d: 'day', mo: 'month' };
const LONGEST_DAYS = 3660;
const LONGEST_MONTHS = 120;
const TEXT = /^([1-9]\d{0,8})\s*(s|m|h|d|w|mo)$/;

/** Parses `day`, `week`, `month`, `30s`, `90m`, `5h`, `14d`, `2w` or `3mo`, up to ten years. Equal lengths give the same period: `24h` is a day. */
export function parseBudgetWindow(text: string): 'day' | 'week' | 'month' | BudgetWindow | undefined {
  const given = text.trim().toLowerCase();
  if (given === 'day' || given === 'week' || given === 'month') return given;
  const [, digits, unit] = TEXT.exec(given) ?? [];
  const count = Number(digits);
  if (unit === undefined) return undefined;
  if (unit === 'mo') return count > LONGEST_MONTHS ? undefined : count === 1 ? 'month' : `${count}mo`;
  const seconds = count * SECONDS[unit]!;
  if (seconds > LONGEST_DAYS * DAY_SECONDS) return undefined;
  if (seconds === DAY_SECONDS) return 'day';
  if (seconds === 7 * DAY_SECONDS) return 'week';
  const largest = (['d', 'h', 'm'] as const).find((one) => seconds % (SECONDS[one] ?? 1) === 0) ?? 's';
  return `${seconds / SECONDS[largest]!}${largest}`;
}

/** Returns whether a stored period is such a window, as `parseBudgetWindow` writes it. */
export function isBudgetWindow(period: unknown): period is BudgetWindow {
  return typeof period === 'string' && /^\d/.test(period) && parseBudgetWindow(period) === period;
}

/** Returns a window in words: `5 hours`. */
export function budgetWindowWords(window: BudgetWindow): string {
  const { count, unit } = partsOf(window);
  const word = WORDS[unit]!;
  return count === 1 ? word : `${count} ${word}s`;
}

/**
 * Returns the window that contains this moment, in the process's time zone. Every process finds the same ones without a stored start: parts of a
 * day are counted from midnight, and the last one of a day may be shorter; days from a Monday, so that 14 days are two calendar weeks; months from
 * January. Other lengths, such as 36 hours, follow each other from that Monday on.
 */
export function windowSpan(window: BudgetWindow, now: number): Stretched {
  const known = latest.get(window);
  const zone = new Date(now).getTimezoneOffset();
  if (known?.zone === zone && now >= known.span.start && now < known.span.end) return known.span;
  const span = spanAt(window, now);
  if (latest.size >= MOST_KEPT) latest.clear();
  latest.set(window, { span, zone });
  return span;
}

/** A server needs the windows of its budgets for every request. The time zone may change while a process runs. */
const latest = new Map<BudgetWindow, { span: Stretched; zone: number }>();
const MOST_KEPT = 100;

function spanAt(window: BudgetWindow, now: number): Stretched {
  const { count, unit } = partsOf(window);
  const date = new Date(now);
  const [year, month, day] = [date.getFullYear(), date.getMonth(), date.getDate()];
  if (unit === 'mo') {
    const first = Math.floor((year * 12 + month) / count) * count;
    return { start: monthAt(first), end: monthAt(first + count) };
  }
  if (unit === 'd') {
    const today = Math.round((Date.UTC(year, month, day) - Date.UTC(...MONDAY)) / (DAY_SECONDS * SECOND_MS));
    const first = Math.floor(today / count) * count;
    return { start: dayAt(first), end: dayAt(first + count) };
  }
  const length = count * SECONDS[unit]! * SECOND_MS;
  const isPartOfDay = count * SECONDS[unit]! < DAY_SECONDS;
  const from = isPartOfDay ? new Date(year, month, day).getTime() : dayAt(0);
  const end = isPartOfDay ? new Date(year, month, day + 1).getTime() : Infinity;
  const start = from + Math.floor((now - from) / length) * length;
  return { start, end: Math.min(start + length, end) };
}

/** The first Monday of 1970. */
const MONDAY = [1970, 0, 5] as const;

function dayAt(days: number): number {
  return new Date(MONDAY[0], MONDAY[1], MONDAY[2] + days).getTime();
}

/** `months` since January of the year 0. */
function monthAt(months: number): number {
  return new Date(Math.floor(months / 12), months % 12, 1).getTime();
}

function partsOf(window: BudgetWindow): { count: number; unit: string } {
  const count = Number.parseInt(window, 10);
  return { count, unit: window.slice(String(count).length) };
}
