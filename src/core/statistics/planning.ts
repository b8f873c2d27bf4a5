import { normalQuantile } from './normal.ts';
import { criticalNormal } from './interval.ts';
import { signTest } from './sign-test.ts';

/** The probability of finding a difference that exists. */
const POWER = 0.8;

/** What varies in a comparison of two lanes on the same items. */
export interface PlannedVariance {
  /** Variance of the true differences between items. */
  betweenItems: number;
  /** Variance of the answers of one lane to one item, for both lanes. */
  withinA: number;
  withinB: number;
}

/** An assumption for pass/fail items about which nothing is known yet: items vary by a third, answers by half of their most. */
export const UNKNOWN_VARIANCE: PlannedVariance = { betweenItems: 1 / 9, withinA: 1 / 6, withinB: 1 / 6 };

/** How often each lane answers an item. */
export interface Repetitions {
  a: number;
  b: number;
}

const ONCE: Repetitions = { a: 1, b: 1 };

/** Returns how many standard errors a difference needs, to be found with 80% power at 95% confidence: about 2.8. */
export function detectableErrors(): number {
  return criticalNormal() + normalQuantile(POWER);
}

/** Returns the number of items that finds a difference of `difference` in the mean score with 80% power. */
export function itemsNeeded(
  difference: number,
  variance: PlannedVariance = UNKNOWN_VARIANCE,
  repetitions: Repetitions = ONCE,
): number {
  return Math.ceil(detectableErrors() ** 2 * (varianceOf(variance, repetitions) / difference ** 2) - 1e-9);
}

/**
 * Returns the smallest difference in the mean score (0 to 1) that `items` items find with 80% power. Undefined without items. A
 * result above 1 means that no difference can be found.
 */
export function smallestDifference(items: number, repetitions: Repetitions = ONCE): number | undefined {
  return items < 1 ? undefined : detectableErrors() * Math.sqrt(varianceOf(UNKNOWN_VARIANCE, repetitions) / items);
}

function varianceOf({ betweenItems, withinA, withinB }: PlannedVariance, { a, b }: Repetitions): number {
  return betweenItems + withinA / a + withinB / b;
}

/** Returns how often each lane must answer one prompt so that pass rates of `one` and `other` differ visibly with 80% power. */
export function repetitionsNeeded(one: number, other: number): number {
  const spread = one * (1 - one) + other * (1 - other);
  return Math.ceil((detectableErrors() ** 2 * spread) / (one - other) ** 2 - 1e-9);
}

/** More votes than anyone casts: a share this close to one half is never significant with fewer. */
const MOST_VOTES = 5000;

/**
 * Returns the number of decided votes from which on `share` of them for one side is significant at 5%; undefined if thousands are
 * not enough.
 */
export function votesNeeded(share: number): number | undefined {
  let needed: number | undefined;
  for (let n = MOST_VOTES; n >= 1; n -= 1) {
    const wins = Math.ceil(share * n - 1e-9);
    if (signTest(wins, n - wins) > 0.05) return needed;
    needed = n;
  }
  return needed;
}
