import type { PeriodSpan } from '../budgets/budget.ts';
import type { ZoneShift } from './report.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** A stretch of time whose entries are added up together. */
export interface TimePiece extends PeriodSpan {
  /** Local day, or beginning of the stretch. */
  key: number;
}

/**
 * The local day that a moment is in, as far as it goes with one offset. On a day on which the clocks change there are two pieces or more of
 * one day, and where they are set back at midnight, they do not even follow one another.
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

/** The stretch of this length, counted from 1970, that a moment is in. */
export function stretchPiece(at: number, stretchMs: number): TimePiece {
  const length = Math.max(1, Math.round(stretchMs));
  const start = Math.floor(at / length) * length;
  return { key: start, start, end: start + length };
}

/** The part of a piece between two of the moments (whole, ascending) that `at` is in; its key says between which. */
export function cutPiece({ start, end }: PeriodSpan, at: number, moments: readonly number[]): TimePiece {
  const place = moments.findLastIndex((moment) => moment <= at);
  return { key: place, start: Math.max(start, moments[place] ?? -Infinity), end: Math.min(end, moments[place + 1] ?? Infinity) };
}
