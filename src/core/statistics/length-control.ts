import { criticalNormal, type Interval } from './interval.ts';
import { mean, variance } from './means.ts';

/** With fewer items, the effect of length cannot be estimated. */
export const FEWEST_FOR_LENGTH = 50;

/** One judged item: the score of the lane (1 win, 0 loss, 0.5 tie), and how much longer its answer is than the other one. */
export interface LengthItem {
  score: number;
  lengthDifference: number;
}

/** The rate that would remain if both answers were equally long, from logit P(win) = intercept + coefficient * tanh(difference/sd). */
export interface LengthControl {
  n: number;
  rawRate: number;
  controlledRate: number;
  interval: Interval;
  intercept: number;
  coefficient: number;
  interceptError: number;
  coefficientError: number;
}

/** Returns the length-controlled rate; undefined for fewer than 50 items, equal lengths, or scores that length separates completely. */
export function lengthControl(items: readonly LengthItem[]): LengthControl | undefined {
  const spread = variance(items.map(({ lengthDifference }) => lengthDifference));
  if (items.length < FEWEST_FOR_LENGTH || spread === undefined || spread === 0) return undefined;
  const deviation = Math.sqrt(spread);
  const points = items.map(({ score, lengthDifference }) => ({ score, x: Math.tanh(lengthDifference / deviation) }));
  const fit = fitLogistic(points);
  if (fit === undefined) return undefined;
  const half = criticalNormal() * fit.interceptError;
  return {
    n: items.length,
    rawRate: mean(items.map(({ score }) => score)),
    controlledRate: logistic(fit.intercept),
    interval: { lower: logistic(fit.intercept - half), upper: logistic(fit.intercept + half) },
    ...fit,
  };
}

export function logistic(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}

type LogisticFit = Pick<LengthControl, 'intercept' | 'coefficient' | 'interceptError' | 'coefficientError'>;

/** Newton's method for the maximum likelihood. Undefined if it does not exist: the estimates would grow without limit. */
function fitLogistic(points: readonly { score: number; x: number }[]): LogisticFit | undefined {
  let [intercept, coefficient] = [0, 0];
  for (let round = 0; round < 60; round += 1) {
    let [g0, g1, h00, h01, h11] = [0, 0, 0, 0, 0];
    for (const { score, x } of points) {
      const p = logistic(intercept + coefficient * x);
      const weight = p * (1 - p);
      g0 += score - p;
      g1 += (score - p) * x;
      h00 += weight;
      h01 += weight * x;
      h11 += weight * x * x;
    }
    const determinant = h00 * h11 - h01 * h01;
    if (!(determinant > 1e-12)) return undefined;
    const [step0, step1] = [(h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant];
    intercept += step0;
    coefficient += step1;
    if (Math.abs(intercept) > 50 || Math.abs(coefficient) > 500) return undefined;
    if (Math.abs(step0) + Math.abs(step1) < 1e-12) {
      return {
        intercept,
        coefficient,
        interceptError: Math.sqrt(h11 / determinant),
        coefficientError: Math.sqrt(h00 / determinant),
      };
    }
  }
  return undefined;
}
