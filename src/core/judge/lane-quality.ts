import { FEWEST_ITEMS } from '../statistics/conclusion.ts';
import type { Interval } from '../statistics/interval.ts';
import { meanInterval, mean } from '../statistics/means.ts';
import { numberSpread } from '../statistics/quantile.ts';
import type { Quality } from '../statistics/quality.ts';
import { winShare } from '../statistics/win-share.ts';
import type { JudgedResult, JudgeMode } from './judge-pairs.ts';
import { scoreOfWinner } from './summary.ts';

/**
 * Returns how good a judge finds each lane: its share of wins, of which a tie is half of one, or its mean score. A lane without a
 * readable verdict is left out. Each group has the results of one value: those of a prompt, or, for a single prompt, those of a
 * repetition.
 */
export function laneQualities(
  groups: readonly (readonly JudgedResult[])[],
  mode: JudgeMode,
  lanes: readonly string[],
): ReadonlyMap<string, Quality> {
  const known = lanes.flatMap((lane): [string, Quality][] => {
    const values = groups.map((results) => results.flatMap((result) => valueOf(result, lane)));
    const quality = mode.kind === 'score' ? scoreQuality(values) : shareQuality(values);
    return quality === undefined ? [] : [[lane, quality]];
  });
  if (mode.kind !== 'against' || known.length === 0) return new Map(known);
  const others = known.filter(([lane]) => lane !== mode.lane);
  const reference: Quality = { measure: 'win-share', estimate: 0.5, interval: undefined, n: 0, isReference: true };
  return new Map([[mode.lane, reference], ...others]);
}

/** Groups results by their prompt. */
export function resultsByPrompt(results: readonly JudgedResult[]): JudgedResult[][] {
  const groups = new Map<string, JudgedResult[]>();
  for (const result of results) {
    const known = groups.get(result.item);
    if (known === undefined) groups.set(result.item, [result]);
    else known.push(result);
  }
  return [...groups.values()];
}

/** Returns what a result says about a lane: its score, or 1 for a win, 0.5 for a tie and 0 for a loss. */
function valueOf(result: JudgedResult, lane: string): number[] {
  if (result.kind === 'score') return result.lane === lane && result.judgment.state === 'decided' ? [result.judgment.value] : [];
  const { first, second, winner } = result;
  if (winner === 'undecided' || (first !== lane && second !== lane)) return [];
  return [first === lane ? scoreOfWinner(winner) : 1 - scoreOfWinner(winner)];
}

function shareQuality(values: readonly (readonly number[])[]): Quality | undefined {
  const share = winShare(values);
  if (share === undefined) return undefined;
  const { estimate, interval, n } = share;
  return { measure: 'win-share', estimate, interval: uncertain(interval, n), n, spread: numberSpread(means(values)) };
}

function scoreQuality(values: readonly (readonly number[])[]): Quality | undefined {
  const score = meanInterval(means(values));
  if (score === undefined) return undefined;
  const { mean: estimate, interval, n } = score;
  return { measure: 'score', estimate, interval: uncertain(interval, n), n, spread: numberSpread(means(values)) };
}

/** A few values that happen to be equal are no certainty, although their interval has no width. */
function uncertain(interval: Interval | undefined, n: number): Interval | undefined {
  return interval !== undefined && interval.lower === interval.upper && n < FEWEST_ITEMS ? undefined : interval;
}

function means(values: readonly (readonly number[])[]): number[] {
  return values.filter((own) => own.length > 0).map((own) => mean(own));
}
