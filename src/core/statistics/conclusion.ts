import type { Interval } from './interval.ts';
import { holm } from './sign-test.ts';

/** With fewer items no difference is claimed, whatever the p-value is. */
export const FEWEST_ITEMS = 10;
/** A difference counts as shown up to this adjusted p-value. */
const SIGNIFICANT = 0.05;

/** What a comparison of two lanes shows: `none` is not "equal", only "no difference shown". */
export type Conclusion = 'better' | 'worse' | 'none' | 'too-few';

/** A difference between two lanes before it is adjusted for the number of comparisons. */
export interface TestedDifference {
  /** Items with a result of both lanes. */
  n: number;
  /** Of the first lane against the second one: above `neutral` if the first one is better. */
  estimate: number;
  /** The estimate without a difference: 0 for a difference, 0.5 for a share of wins. */
  neutral: number;
  interval?: Interval | undefined;
  /** Two-sided; undefined if no test was possible. */
  p?: number | undefined;
  /** The smallest difference that these items would show with 80% power; undefined if it is not known. */
  smallestShown?: number | undefined;
}

/** A difference, its p-value adjusted by Holm's method, and what it shows. */
export interface ConcludedDifference extends TestedDifference {
  adjustedP?: number | undefined;
  conclusion: Conclusion;
}

/**
 * Adds to each of several differences, which are shown together, what it shows. A lane is better or worse only if the adjusted
 * p-value is at most 0.05 and the interval does not contain the neutral value.
 */
export function conclude<Difference extends TestedDifference>(
  differences: readonly Difference[],
): (Difference & ConcludedDifference)[] {
  const tested = differences.flatMap(({ p }, index) => (p === undefined ? [] : [{ p, index }]));
  const adjusted = new Map(holm(tested.map(({ p }) => p)).map((p, place) => [tested[place]!.index, p]));
  return differences.map((difference, index) => {
    const adjustedP = adjusted.get(index);
    return { ...difference, adjustedP, conclusion: conclusionOf(difference, adjustedP) };
  });
}

function conclusionOf({ n, estimate, neutral, interval }: TestedDifference, adjustedP: number | undefined): Conclusion {
  if (n < FEWEST_ITEMS) return 'too-few';
  if (adjustedP === undefined || interval === undefined || adjustedP > SIGNIFICANT) return 'none';
  if (interval.lower <= neutral && interval.upper >= neutral) return 'none';
  return estimate > neutral ? 'better' : 'worse';
}
