import type { Decimal } from '../../decimal.ts';

/** The middle and the range of a figure over the repetitions of a lane. */
export interface Spread {
  median: Decimal;
  low: Decimal;
  high: Decimal;
  /** `min-max` for fewer than six values, otherwise `p10-p90`. */
  range: 'min-max' | 'p10-p90';
  count: number;
}

/** From this many values on, a percentile says more than the extremes. */
const LEAST_FOR_PERCENTILES = 6;

/** Returns the median and the range of the values; undefined without values. Quantiles interpolate (type 7). */
export function spreadOf(values: readonly (Decimal | undefined)[]): Spread | undefined {
  const sorted = values.filter((value) => value !== undefined).toSorted((a, b) => a.cmp(b));
  if (sorted.length === 0) return undefined;
  const isRange = sorted.length < LEAST_FOR_PERCENTILES;
  return {
    median: quantile(sorted, 1, 2),
    low: isRange ? sorted[0]! : quantile(sorted, 1, 10),
    high: isRange ? sorted.at(-1)! : quantile(sorted, 9, 10),
    range: isRange ? 'min-max' : 'p10-p90',
    count: sorted.length,
  };
}

/** The share is a fraction of whole numbers, so that nothing is rounded on the way to an index. */
function quantile(sorted: readonly Decimal[], numerator: number, denominator: number): Decimal {
  const steps = (sorted.length - 1) * numerator;
  const index = Math.floor(steps / denominator);
  const [below, above] = [sorted[index]!, sorted[index + 1]];
  return above === undefined
    ? below
    : below.plus(
        above
          .minus(below)
          .times(steps % denominator)
          .div(denominator),
      );
}
