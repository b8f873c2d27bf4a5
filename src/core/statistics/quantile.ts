import { CONFIDENCE, type Interval } from './interval.ts';
import { logChoose } from './log-gamma.ts';

/** Returns a quantile by linear interpolation between values (type 7); undefined without values. */
export function quantile(values: readonly number[], q: number): number | undefined {
  return sortedQuantile(
    values.toSorted((one, other) => one - other),
    q,
  );
}

function sortedQuantile(sorted: readonly number[], q: number): number | undefined {
  if (sorted.length === 0) return undefined;
  const place = (sorted.length - 1) * q;
  const below = Math.floor(place);
  const low = sorted[below]!;
  return low + (place - below) * ((sorted[below + 1] ?? low) - low);
}

/** An interval of a median, between two measured values. */
export interface MedianInterval extends Interval {
  /** The ranks of the two values, from 1. */
  ranks: readonly [number, number];
  /** The probability that the interval contains the median: at least 0.95. */
  coverage: number;
}

/** Returns the interval of the median from order statistics, for any distribution; undefined for fewer values than it needs (6). */
export function medianInterval(values: readonly number[]): MedianInterval | undefined {
  const n = values.length;
  let outside = 0;
  let rank = 0;
  for (let k = 0; 2 * (k + 1) <= n; k += 1) {
    const next = outside + 2 * Math.exp(logChoose(n, k) - n * Math.LN2);
    if (1 - next < CONFIDENCE) break;
    outside = next;
    rank = k + 1;
  }
  if (rank === 0) return undefined;
  const sorted = values.toSorted((one, other) => one - other);
  return { lower: sorted[rank - 1]!, upper: sorted[n - rank]!, ranks: [rank, n + 1 - rank], coverage: 1 - outside };
}

/** Below this number of values, the 10th and 90th percentile would only restate the extremes. */
const FEWEST_FOR_PERCENTILES = 6;

/** The spread of measured values such as times and costs. */
export interface NumberSpread {
  n: number;
  median: number;
  /** `range`: lowest and highest value. `percentiles`: the 10th and the 90th. */
  kind: 'range' | 'percentiles';
  low: number;
  high: number;
  /** Undefined for fewer than six values. */
  medianInterval?: MedianInterval | undefined;
}

/** Returns the spread of values; undefined without values. */
export function numberSpread(values: readonly number[]): NumberSpread | undefined {
  const sorted = values.toSorted((one, other) => one - other);
  const n = sorted.length;
  if (n === 0) return undefined;
  const isRange = n < FEWEST_FOR_PERCENTILES;
  return {
    n,
    median: sortedQuantile(sorted, 0.5)!,
    kind: isRange ? 'range' : 'percentiles',
    low: sortedQuantile(sorted, isRange ? 0 : 0.1)!,
    high: sortedQuantile(sorted, isRange ? 1 : 0.9)!,
    medianInterval: medianInterval(sorted),
  };
}
