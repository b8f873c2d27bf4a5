import type { ConcludedDifference } from '../../core/statistics/conclusion.ts';
import type { Interval } from '../../core/statistics/interval.ts';

/** Returns a share as a percentage without decimals: `85%`. */
export function rateText(share: number): string {
  return `${Math.round(share * 100)}%`;
}

/** Returns an interval of shares: `71–93%`. */
export function shareIntervalText({ lower, upper }: Interval): string {
  return `${Math.round(lower * 100)}–${Math.round(upper * 100)}%`;
}

/** Returns a difference of shares in percentage points with its sign: `+12.5`. */
export function pointsText(difference: number): string {
  const points = (difference * 100).toFixed(1);
  if (Number(points) === 0) return '0.0';
  return points.startsWith('-') ? `−${points.slice(1)}` : `+${points}`;
}

/**
 * Returns what a difference of pass rates shows, in words. It says "better" or "worse" only where the interval and the adjusted
 * p-value agree.
 */
export function differenceText(difference: ConcludedDifference & { clusters?: number | undefined }, other: string): string {
  const [one, many] = difference.clusters === undefined ? ['case', 'cases'] : ['group', 'groups'];
  const { n, estimate, interval, adjustedP, conclusion, smallestShown } = difference;
  const range = interval === undefined ? '' : ` (${pointsText(interval.lower)} to ${pointsText(interval.upper)})`;
  const p = adjustedP === undefined ? '' : `, ${pValueText(adjustedP)}`;
  const figures = `${pointsText(estimate)} points${range}${p}, ${n} ${n === 1 ? one : many}`;
  switch (conclusion) {
    case 'better':
      return `better than ${other}: ${figures}`;
    case 'worse':
      return `worse than ${other}: ${figures}`;
    case 'too-few':
      return `too few ${many} to compare with ${other}: ${figures}`;
    case 'none': {
      const least = smallestShown === undefined ? undefined : Math.ceil(smallestShown * 100);
      const below = least === undefined ? '' : `; a difference below ${least} points would not show with these ${many}`;
      return `no difference from ${other} shown: ${figures}${below}`;
    }
  }
}

function pValueText(p: number): string {
  return p < 0.001 ? 'p < 0.001' : `p = ${p.toPrecision(2)}`;
}
