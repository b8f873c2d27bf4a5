import { logistic } from '../statistics/length-control.ts';
import { resample, type BootstrapOptions } from '../statistics/bootstrap.ts';
import { CONFIDENCE, type Interval } from '../statistics/interval.ts';
import { quantile } from '../statistics/quantile.ts';
import { type Fit, fitStrengths } from './fit.ts';
import { type Matrix, times, zeros } from './matrix.ts';
import { countWins, type IndexedOutcome, withPrior } from './outcomes.ts';

/**
 * Returns the covariance of the strengths that allows outcomes of one cluster to depend on each other (a sandwich estimator): the
 * votes on one prompt, and the pairs of one vote.
 */
export function sandwich({ thetas, covariance }: Fit, clusters: readonly (readonly IndexedOutcome[])[]): Matrix {
  const size = thetas.length;
  const middle = zeros(size);
  for (const outcomes of clusters) {
    const sums = Array.from({ length: size }, () => 0);
    for (const { first, second, score } of outcomes) {
      const rest = score - logistic(thetas[first]! - thetas[second]!);
      sums[first]! += rest;
      sums[second]! -= rest;
    }
    sums.forEach((one, i) => {
      if (one !== 0) sums.forEach((other, j) => (middle[i]![j]! += one * other));
    });
  }
  // Both factors are symmetric, so the rows of the product serve as its columns.
  return covariance.map((row) => times(covariance, times(middle, row)));
}

/** Returns the standard error of the difference of two strengths. It does not follow from their two standard errors. */
export function differenceError(covariance: Matrix, i: number, j: number): number {
  return Math.sqrt(Math.max(0, covariance[i]![i]! + covariance[j]![j]! - 2 * covariance[i]![j]!));
}

/**
 * Returns the percentile interval of each strength over resampled clusters. Half a win in both directions of each pair keeps every
 * round finite.
 */
export function bootstrapStrengths(
  size: number,
  clusters: readonly (readonly IndexedOutcome[])[],
  options: BootstrapOptions,
): Interval[] {
  const counts = clusters.map((outcomes) => countWins(size, outcomes));
  const base = withPrior(countWins(size, clusters.flat()), 'met').map((row, i) =>
    row.map((count, j) => (i !== j && count > 0 ? 0.5 : 0)),
  );
  const drawn: number[][] = Array.from({ length: size }, () => []);
  resample(clusters.length, options, (indices) => {
    const wins = base.map((row) => [...row]);
    for (const index of indices) {
      counts[index]!.forEach((row, i) => row.forEach((count, j) => (wins[i]![j]! += count)));
    }
    fitStrengths(wins)?.thetas.forEach((theta, index) => drawn[index]!.push(theta));
  });
  const tail = (1 - CONFIDENCE) / 2;
  return drawn.map((thetas) => ({ lower: quantile(thetas, tail)!, upper: quantile(thetas, 1 - tail)! }));
}
