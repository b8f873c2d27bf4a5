import { BOOTSTRAP, bootstrapMean, type BootstrapOptions } from './bootstrap.ts';
import type { TestedDifference } from './conclusion.ts';
import type { Interval } from './interval.ts';
import { clusteredMean, mean, meanInterval, variance } from './means.ts';
import { detectableErrors } from './planning.ts';
import { signTest } from './sign-test.ts';
import { studentTwoSided } from './student-t.ts';

/** With fewer items, or with skewed differences, the t interval is replaced by a bootstrapped one. */
const FEWEST_FOR_STUDENT = 30;
const SKEWED = 1;

/** The mean difference of two lanes over the items that both have answered. */
export interface PairedDifference extends TestedDifference {
  standardError?: number | undefined;
  /** The t interval, also where `interval` is bootstrapped. */
  studentInterval?: Interval | undefined;
  /** Number of groups of items that depend on each other: then `n` counts groups. */
  clusters?: number | undefined;
  /** How `interval` was bootstrapped; undefined for a t interval. */
  bootstrap?: BootstrapOptions | undefined;
  /** Which test `p` comes from. */
  test: 'mcnemar' | 'student';
  /** Items on which only one lane passed, for pass/fail items. */
  onlyFirst?: number | undefined;
  onlySecond?: number | undefined;
  /** The standard error if the items were not paired, to show what pairing gains. */
  unpairedError?: number | undefined;
}

/**
 * Returns the mean of `first` minus `second`, which have one score per item in the same order; undefined scores (an answer that
 * never came, a check that did not run) leave the item out. With repetitions, pass the means of the items. Undefined without a
 * common item.
 */
export function pairedDifference(
  first: readonly (number | undefined)[],
  second: readonly (number | undefined)[],
): PairedDifference | undefined {
  const pairs = first.flatMap((one, index): [number, number][] => {
    const other = second[index];
    return one === undefined || other === undefined ? [] : [[one, other]];
  });
  const differences = pairs.map(([one, other]) => one - other);
  const student = meanInterval(differences);
  if (student === undefined) return undefined;
  const { n, mean: estimate, standardError, interval: studentInterval } = student;
  const needsBootstrap = n < FEWEST_FOR_STUDENT || Math.abs(skewness(differences)) > SKEWED;
  const bootstrapped = needsBootstrap ? bootstrapMean(differences) : undefined;
  const isBinary = pairs.flat().every((score) => score === 0 || score === 1);
  const onlyFirst = pairs.filter(([one, other]) => one === 1 && other === 0).length;
  const onlySecond = pairs.filter(([one, other]) => one === 0 && other === 1).length;
  const [spreadFirst, spreadSecond] = [variance(pairs.map(([one]) => one)), variance(pairs.map(([, other]) => other))];
  return {
    n,
    estimate,
    neutral: 0,
    standardError,
    studentInterval,
    interval: bootstrapped === undefined ? studentInterval : { lower: bootstrapped.lower, upper: bootstrapped.upper },
    ...(bootstrapped !== undefined && { bootstrap: BOOTSTRAP }),
    test: isBinary ? 'mcnemar' : 'student',
    p: isBinary ? signTest(onlyFirst, onlySecond) : studentP(estimate, standardError, n),
    ...(isBinary && { onlyFirst, onlySecond }),
    unpairedError:
      spreadFirst === undefined || spreadSecond === undefined ? undefined : Math.sqrt((spreadFirst + spreadSecond) / n),
    // Without variance, the smallest detectable difference is unknown.
    smallestShown: standardError === undefined || standardError === 0 ? undefined : detectableErrors() * standardError,
  };
}

/**
 * Returns the same for items in groups, such as those of one document: the standard error allows the items of a group to depend on
 * each other, and `n` is the number of groups. `clusters` has the group of each item.
 */
export function clusteredDifference(
  first: readonly (number | undefined)[],
  second: readonly (number | undefined)[],
  clusters: readonly string[],
): PairedDifference | undefined {
  const groups = new Map<string, number[]>();
  for (const [index, one] of first.entries()) {
    const other = second[index];
    if (one === undefined || other === undefined) continue;
    const group = clusters[index]!;
    groups.set(group, [...(groups.get(group) ?? []), one - other]);
  }
  const student = clusteredMean([...groups.values()]);
  if (student === undefined) return undefined;
  const { n, mean: estimate, standardError, interval } = student;
  return {
    n,
    clusters: n,
    estimate,
    neutral: 0,
    standardError,
    studentInterval: interval,
    interval,
    test: 'student',
    p: studentP(estimate, standardError, n),
    smallestShown: standardError === undefined || standardError === 0 ? undefined : detectableErrors() * standardError,
  };
}

function studentP(estimate: number, standardError: number | undefined, n: number): number | undefined {
  if (standardError === undefined) return undefined;
  if (standardError === 0) return estimate === 0 ? 1 : 0;
  return studentTwoSided(estimate / standardError, n - 1);
}

function skewness(values: readonly number[]): number {
  const center = mean(values);
  const second = mean(values.map((value) => (value - center) ** 2));
  return second === 0 ? 0 : mean(values.map((value) => (value - center) ** 3)) / second ** 1.5;
}
