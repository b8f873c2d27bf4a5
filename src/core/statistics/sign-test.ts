import { logChoose } from './log-gamma.ts';

/**
 * Returns the exact two-sided p-value for `wins` against `losses` of paired items if both were equally probable; ties are left
 * out. For items that only one of two lanes passed, this is McNemar's exact test.
 */
export function signTest(wins: number, losses: number): number {
  const n = wins + losses;
  const fewer = Math.min(wins, losses);
  let term = Math.exp(logChoose(n, fewer) - n * Math.LN2);
  let tail = 0;
  for (let k = fewer; k >= 0 && term > tail * 1e-17; k -= 1) {
    tail += term;
    term *= k / (n - k + 1);
  }
  return Math.min(1, 2 * tail);
}

/** Returns the p-values adjusted for several comparisons by Holm's method, in the same order. */
export function holm(values: readonly number[]): number[] {
  const order = values.map((_, index) => index).toSorted((one, other) => values[one]! - values[other]!);
  const adjusted = Array.from(values, () => 0);
  let most = 0;
  order.forEach((index, rank) => {
    most = Math.max(most, Math.min(1, values[index]! * (values.length - rank)));
    adjusted[index] = most;
  });
  return adjusted;
}
