const SQRT_2_PI = Math.sqrt(2 * Math.PI);
/** Below this value, the series would subtract numbers that are nearly equal. */
const FAR = -3;

/** Returns the density of the standard normal distribution at `x`. */
export function normalDensity(x: number): number {
  return Math.exp((-x * x) / 2) / SQRT_2_PI;
}

/** Returns the probability that a standard normal value is at most `x`, to about 15 digits. */
export function normalProbability(x: number): number {
  if (x > -FAR) return 1 - normalProbability(-x);
  if (x < FAR) return normalDensity(x) * millsRatio(-x);
  let term = x;
  let sum = x;
  for (let index = 1; Math.abs(term) > 1e-17 && index < 400; index += 1) {
    term *= (x * x) / (2 * index + 1);
    sum += term;
  }
  return 0.5 + sum * normalDensity(x);
}

/** The tail of the distribution divided by its density, as a continued fraction. */
function millsRatio(x: number): number {
  let value = 0;
  for (let index = 120; index >= 1; index -= 1) value = index / (x + value);
  return 1 / (x + value);
}

/** Coefficients of Acklam's rational approximation (relative error below 1.15e-9). */
const A = [-39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239];
const B = [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1];
const C = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968, 2.938163982698783,
];
const D = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];
const LOW = 0.02425;

/** Returns the value that a standard normal variable does not exceed with probability `p` (0 < p < 1). */
export function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p);
  const start = acklam(p);
  // One step of Halley's method makes the approximation as exact as the probability.
  const error = (normalProbability(start) - p) / normalDensity(start);
  return start - error / (1 + (start * error) / 2);
}

function acklam(p: number): number {
  if (p < LOW) {
    const q = Math.sqrt(-2 * Math.log(p));
    return polynomial(C, q) / polynomial(D, q);
  }
  const q = p - 0.5;
  const r = q * q;
  return (polynomial(A, r) * q) / polynomial(B, r);
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}
