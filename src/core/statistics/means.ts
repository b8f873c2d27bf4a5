import { CONFIDENCE, type Interval } from './interval.ts';
import { studentQuantile } from './student-t.ts';

/** A mean with its standard error and interval; both are undefined for fewer than two values. */
export interface MeanEstimate {
  mean: number;
  n: number;
  standardError?: number | undefined;
  interval?: Interval | undefined;
}

/** Returns the arithmetic mean; NaN without values. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Returns the sample variance (divided by n - 1); undefined for fewer than two values. */
export function variance(values: readonly number[]): number | undefined {
  if (values.length < 2) return undefined;
  const center = mean(values);
  return values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1);
}

/**
 * Returns the mean of one value per item, with its t interval. With several answers per item, pass the means of the items: the
 * answers to one prompt are not independent. Undefined without values.
 */
export function meanInterval(values: readonly number[]): MeanEstimate | undefined {
  const n = values.length;
  if (n === 0) return undefined;
  const spread = variance(values);
  if (spread === undefined) return { mean: mean(values), n };
  return around(mean(values), Math.sqrt(spread / n), n, n - 1);
}

/**
 * Returns the mean over all values, with a standard error that allows values of one cluster to depend on each other: items from
 * the same document, or the repetitions of a prompt. With clusters of equal size this is the t interval over the cluster means.
 * No interval for fewer than two clusters.
 */
export function clusteredMean(clusters: readonly (readonly number[])[]): MeanEstimate | undefined {
  const filled = clusters.filter((values) => values.length > 0);
  const all = filled.flat();
  if (all.length === 0) return undefined;
  const center = mean(all);
  const count = filled.length;
  if (count < 2) return { mean: center, n: count };
  const squares = filled.reduce((sum, values) => sum + values.reduce((inner, value) => inner + value - center, 0) ** 2, 0);
  const standardError = (Math.sqrt(squares) / all.length) * Math.sqrt(count / (count - 1));
  return around(center, standardError, count, count - 1);
}

function around(center: number, standardError: number, n: number, df: number): MeanEstimate {
  const half = studentQuantile((1 + CONFIDENCE) / 2, df) * standardError;
  return { mean: center, n, standardError, interval: { lower: center - half, upper: center + half } };
}
