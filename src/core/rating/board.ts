import type { BootstrapOptions } from '../statistics/bootstrap.ts';
import { criticalNormal, type Interval } from '../statistics/interval.ts';
import { intervalRank } from '../statistics/quality.ts';
import { strongComponents } from './components.ts';
import { type Fit, fitStrengths, hasEstimate } from './fit.ts';
import type { Matrix } from './matrix.ts';
import { countWins, type RatedDecision, type IndexedOutcome, withPrior } from './outcomes.ts';
import { bootstrapStrengths, differenceError, sandwich } from './uncertainty.ts';

/** Models with fewer decisions get no rank. */
export const FEWEST_VOTES = 10;
/** With fewer clusters, the sandwich estimator is too optimistic. */
const FEWEST_CLUSTERS = 30;
const BOOTSTRAP_ROUNDS: BootstrapOptions = { rounds: 1000, seed: 1 };
/** With more models, resampling takes too long. */
const MOST_RESAMPLED = 40;
const SCALE = 400 / Math.LN10;
const CENTER = 1000;

/** The rating of one model. Ratings of one island have the mean 1000; 400 points more are odds of ten to one. */
export interface Rating {
  model: string;
  rating: number;
  interval: Interval;
  /** 1 + the number of models whose interval lies above this one. Undefined for fewer than ten votes. */
  rank?: number | undefined;
  /** Decisions that name the model, and the pairs in them. */
  votes: number;
  wins: number;
  ties: number;
  losses: number;
}

/** Two ratings of one island, best first. */
export interface RatingDifference {
  first: string;
  second: string;
  points: number;
  interval: Interval;
}

/** Models that were compared with each other, directly or through others. Ratings of different islands mean nothing to each other. */
export interface Island {
  /** Best first. */
  ratings: readonly Rating[];
  /** The estimate does not exist, so half a win in both directions was added for each pair that met. */
  isProvisional: boolean;
  decisions: number;
  clusters: number;
  /** `sandwich`: errors by cluster. `wide`: the wider one of resampled clusters and of the information, for little data. */
  intervals: 'sandwich' | 'wide';
  /** How the clusters were resampled, if they were. */
  bootstrap?: BootstrapOptions | undefined;
  /** All pairs of the models, in the order of the ratings. */
  differences: readonly RatingDifference[];
}

/** Returns the ratings of all models that the decisions name; the island with the most decisions comes first. */
export function rateModels(decisions: readonly RatedDecision[]): Island[] {
  const models = [...new Set(decisions.flatMap(({ outcomes }) => outcomes.flatMap(({ first, second }) => [first, second])))];
  const place = new Map(models.map((model, index) => [model, index]));
  const neighbors = models.map(() => new Set<number>());
  for (const { first, second } of decisions.flatMap(({ outcomes }) => outcomes)) {
    neighbors[place.get(first)!]!.add(place.get(second)!);
    neighbors[place.get(second)!]!.add(place.get(first)!);
  }
  return strongComponents({ size: models.length, to: (node) => [...neighbors[node]!] })
    .map((members) => {
      const names = members.map((index) => models[index]!);
      const isMember = new Set(names);
      return rateIsland(
        names,
        decisions.filter(({ outcomes }) => outcomes.some(({ first }) => isMember.has(first))),
      );
    })
    .toSorted((one, other) => other.decisions - one.decisions);
}

function rateIsland(models: readonly string[], decisions: readonly RatedDecision[]): Island {
  const place = new Map(models.map((model, index) => [model, index]));
  const indexed = decisions.map(({ cluster, outcomes }) => ({
    cluster,
    outcomes: outcomes.flatMap(({ first, second, score }): IndexedOutcome[] => {
      const [one, other] = [place.get(first), place.get(second)];
      // A decision may name models of several islands only if it has no pair between them.
      return one === undefined || other === undefined ? [] : [{ first: one, second: other, score }];
    }),
  }));
  const all = indexed.flatMap(({ outcomes }) => outcomes);
  const clusters = clustersOf(indexed);
  const counted = countWins(models.length, all);
  const existing = hasEstimate(counted) ? fitStrengths(counted) : undefined;
  const isProvisional = existing === undefined;
  const fit = existing ?? fitStrengths(withPrior(counted, 'met'))!;
  const isWide = isProvisional || clusters.length < FEWEST_CLUSTERS;
  const bootstrap = isWide && models.length <= MOST_RESAMPLED ? BOOTSTRAP_ROUNDS : undefined;
  const covariance = isWide ? wider(fit.covariance, sandwich(fit, clusters)) : sandwich(fit, clusters);
  const drawn = bootstrap && bootstrapStrengths(models.length, clusters, bootstrap);
  const intervals = models.map((_, index) => hull(normalInterval(fit, covariance, index), drawn?.[index]));
  const tallies = models.map((_, index) => tally(index, indexed));
  const isRanked = tallies.map(({ votes }) => votes >= FEWEST_VOTES);
  const ranked = intervals.filter((_, index) => isRanked[index] === true);
  const ratings = models.map((model, index): Rating => {
    return {
      model,
      rating: points(fit.thetas[index]!),
      interval: { lower: points(intervals[index]!.lower), upper: points(intervals[index]!.upper) },
      rank: isRanked[index] === true ? intervalRank(intervals[index]!, ranked) : undefined,
      ...tallies[index]!,
    };
  });
  const order = models.map((_, index) => index).toSorted((one, other) => fit.thetas[other]! - fit.thetas[one]!);
  return {
    ratings: order.map((index) => ratings[index]!),
    isProvisional,
    decisions: decisions.length,
    clusters: clusters.length,
    intervals: isWide ? 'wide' : 'sandwich',
    bootstrap,
    differences: order.flatMap((one, position) =>
      order.slice(position + 1).map((other) => difference(models, fit, covariance, one, other)),
    ),
  };
}

function clustersOf(decisions: readonly { cluster: string; outcomes: readonly IndexedOutcome[] }[]): IndexedOutcome[][] {
  const clusters = new Map<string, IndexedOutcome[]>();
  for (const { cluster, outcomes } of decisions) {
    const known = clusters.get(cluster);
    if (known === undefined) clusters.set(cluster, [...outcomes]);
    else known.push(...outcomes);
  }
  return [...clusters.values()];
}

function points(theta: number): number {
  return CENTER + SCALE * theta;
}

function normalInterval({ thetas }: Fit, covariance: Matrix, index: number): Interval {
  const half = criticalNormal() * Math.sqrt(Math.max(0, covariance[index]![index]!));
  return { lower: thetas[index]! - half, upper: thetas[index]! + half };
}

function hull(one: Interval, other: Interval | undefined): Interval {
  if (other === undefined) return one;
  return { lower: Math.min(one.lower, other.lower), upper: Math.max(one.upper, other.upper) };
}

/**
 * Returns the covariance with the larger total variance: with few clusters the sandwich is too small (with one it is 0), and
 * the information ignores that votes on one prompt depend on each other.
 */
function wider(one: Matrix, other: Matrix): Matrix {
  const total = (matrix: Matrix): number => matrix.reduce((sum, row, index) => sum + row[index]!, 0);
  return total(one) >= total(other) ? one : other;
}

function difference(
  models: readonly string[],
  { thetas }: Fit,
  covariance: Matrix,
  one: number,
  other: number,
): RatingDifference {
  const estimate = thetas[one]! - thetas[other]!;
  const half = criticalNormal() * differenceError(covariance, one, other);
  return {
    first: models[one]!,
    second: models[other]!,
    points: SCALE * estimate,
    interval: { lower: SCALE * (estimate - half), upper: SCALE * (estimate + half) },
  };
}

function tally(
  model: number,
  decisions: readonly { outcomes: readonly IndexedOutcome[] }[],
): Pick<Rating, 'votes' | 'wins' | 'ties' | 'losses'> {
  const own = decisions.map(({ outcomes }) =>
    outcomes.flatMap(({ first, second, score }) => (first === model ? [score] : second === model ? [1 - score] : [])),
  );
  const scores = own.flat();
  return {
    votes: own.filter((of) => of.length > 0).length,
    wins: scores.filter((score) => score === 1).length,
    ties: scores.filter((score) => score === 0.5).length,
    losses: scores.filter((score) => score === 0).length,
  };
}
