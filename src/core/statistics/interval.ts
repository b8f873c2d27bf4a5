import { normalQuantile } from './normal.ts';

/** The confidence level of all intervals. */
export const CONFIDENCE = 0.95;

/** A confidence interval. */
export interface Interval {
  lower: number;
  upper: number;
}

/** Returns the normal quantile of a two-sided interval: 1.96. */
export function criticalNormal(): number {
  return normalQuantile((1 + CONFIDENCE) / 2);
}

/**
 * Returns Wilson's interval of a rate: `passed` of `n` items. A tie counts as half, so `passed` need not be a whole number.
 * Undefined without items.
 */
export function wilsonInterval(passed: number, n: number): Interval | undefined {
  if (n <= 0) return undefined;
  const z = criticalNormal();
  const rate = passed / n;
  const center = rate + (z * z) / (2 * n);
  const half = z * Math.sqrt((rate * (1 - rate)) / n + (z * z) / (4 * n * n));
  const scale = 1 + (z * z) / n;
  // At 0 and 1 the formula is exact, but rounding leaves a rest.
  return {
    lower: passed <= 0 ? 0 : Math.max(0, (center - half) / scale),
    upper: passed >= n ? 1 : Math.min(1, (center + half) / scale),
  };
}
