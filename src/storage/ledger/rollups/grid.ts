const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The lengths of the spans of each level: each is a multiple of the one before. */
export const LENGTHS = [HOUR, DAY, 8 * DAY, 64 * DAY, 512 * DAY] as const;
export const TOP = LENGTHS.length - 1;

/**
 * Where spans begin. Hours of most time zones begin with those of UTC; `phase` is the part of an hour by which those of the zone that made the
 * rollups are ahead.
 */
export interface Grid {
  phase: number;
}

/** Returns the start of the span that contains a moment. */
export function spanStart({ phase }: Grid, level: number, moment: number): number {
  const length = LENGTHS[level]!;
  return Math.floor((moment + phase) / length) * length - phase;
}

/** Returns the phase of a zone's offset. */
export function phaseOf(offsetMs: number): number {
  return ((offsetMs % HOUR) + HOUR) % HOUR;
}

/** Returns the highest level whose spans never contain a midnight of a zone with this offset; undefined if even an hour may. */
export function levelWithinDays({ phase }: Grid, offsetMs: number): number | undefined {
  const isAligned = (level: number): boolean => (offsetMs - phase) % (LENGTHS[level] ?? Infinity) === 0;
  return isAligned(1) ? 1 : isAligned(0) ? 0 : undefined;
}

/** A range of time, without its end. */
export interface Range {
  start: number;
  end: number;
}

/** Returns the ranges without these spans of one length, which must be in ascending order and within the ranges. */
export function without(ranges: readonly Range[], starts: readonly number[], length: number): Range[] {
  const left: Range[] = [];
  let next = 0;
  for (const { start, end } of ranges) {
    let at = start;
    while (next < starts.length && starts[next]! < end) {
      if (starts[next]! > at) left.push({ start: at, end: starts[next]! });
      at = starts[next]! + length;
      next += 1;
    }
    if (at < end) left.push({ start: at, end });
  }
  return left;
}

/** Returns the same moments as fewer ranges. */
export function joinRanges(ranges: readonly Range[]): Range[] {
  const joined: Range[] = [];
  for (const range of ranges) {
    const last = joined.at(-1);
    if (last?.end === range.start) last.end = range.end;
    else joined.push({ ...range });
  }
  return joined;
}
