import type { ConcludedDifference } from '../../core/statistics/conclusion.ts';
import { FEWEST_ITEMS } from '../../core/statistics/conclusion.ts';

/** Returns what a comparison of two lanes shows, in words. A difference that was not found is never called equality. */
export function conclusionText({ n, conclusion, adjustedP, smallestShown }: ConcludedDifference): string {
  if (conclusion === 'too-few') return `too few: ${n} of ${FEWEST_ITEMS} prompts`;
  if (conclusion === 'none') {
    const missed =
      smallestShown === undefined ? '' : `; with ${n} prompts a difference below ${points(smallestShown)} would not show`;
    return `no difference shown${missed}`;
  }
  return `${conclusion} (p ${pText(adjustedP ?? 1)})`;
}

/** A difference of shares in percentage points. */
function points(share: number): string {
  return `${(100 * Math.min(1, share)).toFixed(share < 0.1 ? 1 : 0)} points`;
}

function pText(p: number): string {
  return p < 0.001 ? '< 0.001' : `= ${p.toFixed(3)}`;
}

/** Returns a share as a percentage. */
export function shareText(share: number): string {
  return `${(100 * share).toFixed(0)}%`;
}
