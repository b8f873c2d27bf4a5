import type { PeriodSpan } from '../budgets/budget.ts';
import type { ZoneShift } from './report.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** A range of time whose entries are summed together. */
export interface TimePiece extends PeriodSpan {
  /** Local day, or beginning of the range. */
  key: number;
}

/**
 * Returns the part of the local day of a moment that has a single offset. A day on which the clocks change has two parts or more, and if they
 * are set back at midnight, its parts are not even consecutive.
 */
export function dayPiece(at: number, zone: readonly ZoneShift[]): TimePiece {
  const index = Math.max(
    0,
    zone.findLastIndex(({ from }) => from <= at),
  );
  const offsetMs = Math.round(zone[index]?.offsetMs ?? 0);
  const day = Math.floor((at + offsetMs) / DAY_MS);
  return {
    key: day,
    start: Math.max(day * DAY_MS - offsetMs, index === 0 ? -Infinity : Math.ceil(zone[index]?.from ?? -Infinity)),
    end: Math.min((day + 1) * DAY_MS - offsetMs, Math.ceil(zone[index + 1]?.from ?? Infinity)),
  };
}

/** Returns the range of this length, counted from 1970, that contains a moment. */
export function stretchPiece(at: number, stretchMs: number): TimePiece {
  const length = Math.max(1, Math.round(stretchMs));
  const start = Math.floor(at / length) * length;
  return { key: start, start, end: start + length };
}

/** Returns the part of a range, split at these moments (integers, ascending), that contains `at`; its key is the number of the part. */
export function cutPiece({ start, end }: PeriodSpan, at: number, moments: readonly number[]): TimePiece {
  const place = moments.findLastIndex((moment) => moment <= at);
  return { key: place, start: Math.max(start, moments[place] ?? -Infinity), end: Math.min(end, moments[place + 1] ?? Infinity) };
}
