import type { TestedDifference } from './conclusion.ts';
import { wilsonInterval } from './interval.ts';
import { mean, meanInterval, variance } from './means.ts';
import { detectableErrors } from './planning.ts';
import { signTest } from './sign-test.ts';

/** The share of items that a lane wins against another one; a tie is half a win. */
export interface WinShare extends TestedDifference {
  wins: number;
  losses: number;
  ties: number;
}

/**
 * Returns the share of wins over items. Each item has the scores of its repetitions (1 win, 0.5 tie, 0 loss). An item counts once:
 * it is won if its mean score is above one half. With one score per item the interval is Wilson's, otherwise the t interval over
 * the means of the items. Undefined without items.
 */
export function winShare(items: readonly (readonly number[])[]): WinShare | undefined {
  const scores = items.filter((repetitions) => repetitions.length > 0);
  const n = scores.length;
  if (n === 0) return undefined;
  const means = scores.map((repetitions) => mean(repetitions));
  const [wins, losses] = [means.filter((value) => value > 0.5).length, means.filter((value) => value < 0.5).length];
  const isOnce = scores.every((repetitions) => repetitions.length === 1);
  const estimate = mean(means);
  const interval = isOnce ? wilsonInterval(estimate * n, n) : withinShares(meanInterval(means)?.interval);
  // With identical scores, even the smallest difference would seem detectable, so assume at least some variance.
  const spread = Math.max(variance(means) ?? 0, 0.25 / n);
  return {
    n,
    wins,
    losses,
    ties: n - wins - losses,
    estimate,
    neutral: 0.5,
    interval,
    p: signTest(wins, losses),
    smallestShown: detectableErrors() * Math.sqrt(spread / n),
  };
}

function withinShares(interval: { lower: number; upper: number } | undefined): { lower: number; upper: number } | undefined {
  return interval && { lower: Math.max(0, interval.lower), upper: Math.min(1, interval.upper) };
}
