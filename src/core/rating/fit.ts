import { logistic } from '../statistics/length-control.ts';
import { inverse, type Matrix, times, zeros } from './matrix.ts';
import { strongComponents } from './components.ts';

/** A Bradley-Terry fit: the strength of each model on the logit scale, with mean 0. */
export interface Fit {
  thetas: readonly number[];
  /** The pseudo-inverse of the information: the covariance if every outcome were independent. */
  covariance: Matrix;
}

const MOST_ROUNDS = 100;
const CONVERGED = 1e-12;
const MOST_HALVINGS = 40;

/**
 * Returns whether the maximum likelihood exists: every split of the models in two groups has a win across it in both directions,
 * which is the case if the graph of wins is strongly connected. `wins[i][j]`: how often i won against j, with a tie as half a win
 * for both.
 */
export function hasEstimate(wins: Matrix): boolean {
  return strongComponents(winGraph(wins)).length <= 1;
}

/** Returns the graph of wins. A tie leads both ways. */
export function winGraph(wins: Matrix): { size: number; to: (node: number) => readonly number[] } {
  return { size: wins.length, to: (node) => wins[node]!.flatMap((count, other) => (count > 0 ? [other] : [])) };
}

/**
 * Fits P(i beats j) = logistic(theta_i - theta_j) by Newton's method. Undefined if it does not converge, as without an estimate
 * (`hasEstimate`).
 */
export function fitStrengths(wins: Matrix): Fit | undefined {
  const size = wins.length;
  let thetas: number[] = Array.from({ length: size }, () => 0);
  let likelihood = logLikelihood(wins, thetas);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const { gradient, covariance } = derivatives(wins, thetas);
    const step = times(covariance, gradient);
    // Far from the maximum a whole step may go too far.
    let scale = 1;
    let next = moved(thetas, step, scale);
    for (let halving = 0; halving < MOST_HALVINGS && logLikelihood(wins, next) < likelihood - 1e-9; halving += 1) {
      scale /= 2;
      next = moved(thetas, step, scale);
    }
    thetas = next;
    likelihood = logLikelihood(wins, thetas);
    if (!thetas.every(Number.isFinite)) return undefined;
    if (Math.max(...step.map(Math.abs)) < CONVERGED || size === 1)
      return { thetas, covariance: derivatives(wins, thetas).covariance };
  }
  return undefined;
}

function moved(thetas: readonly number[], step: readonly number[], scale: number): number[] {
  const next = thetas.map((theta, index) => theta + scale * step[index]!);
  const center = next.reduce((sum, theta) => sum + theta, 0) / next.length;
  return next.map((theta) => theta - center);
}

/** Returns the gradient of the log-likelihood, and the pseudo-inverse of the information. */
function derivatives(wins: Matrix, thetas: readonly number[]): { gradient: number[]; covariance: Matrix } {
  const size = wins.length;
  const gradient = Array.from({ length: size }, () => 0);
  const information = zeros(size);
  for (let i = 0; i < size; i += 1) {
    for (let j = i + 1; j < size; j += 1) {
      const games = wins[i]![j]! + wins[j]![i]!;
      if (games === 0) continue;
      const p = logistic(thetas[i]! - thetas[j]!);
      const rest = wins[i]![j]! - games * p;
      const weight = games * p * (1 - p);
      gradient[i]! += rest;
      gradient[j]! -= rest;
      information[i]![i]! += weight;
      information[j]![j]! += weight;
      information[i]![j]! -= weight;
      information[j]![i]! -= weight;
    }
  }
  // The information is singular in the direction (1, ..., 1). Adding and taking away that direction inverts the rest.
  const shifted = information.map((row) => row.map((value) => value + 1 / size));
  return { gradient, covariance: inverse(shifted).map((row) => row.map((value) => value - 1 / size)) };
}

function logLikelihood(wins: Matrix, thetas: readonly number[]): number {
  let sum = 0;
  wins.forEach((row, i) =>
    row.forEach((count, j) => {
      if (count > 0) sum -= count * softplus(thetas[j]! - thetas[i]!);
    }),
  );
  return sum;
}

/** log(1 + e^x), without overflow. */
function softplus(x: number): number {
  return x > 30 ? x : Math.log1p(Math.exp(x));
}
