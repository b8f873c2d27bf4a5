import { conclude, type ConcludedDifference, FEWEST_ITEMS } from '../statistics/conclusion.ts';
import { type Interval, wilsonInterval } from '../statistics/interval.ts';
import { type LengthControl, lengthControl, type LengthItem } from '../statistics/length-control.ts';
import { mean, meanInterval, type MeanEstimate } from '../statistics/means.ts';
import { winShare, type WinShare } from '../statistics/win-share.ts';
import type { RatedDecision } from '../rating/outcomes.ts';
import { type Island, rateModels } from '../rating/board.ts';
import type { JudgedPair, JudgedResult, JudgedScore, JudgeMode } from './judge-pairs.ts';

/** Below this share of pairs with the same verdict in both orders, a judge mostly decides by position. */
export const LOWEST_CONSISTENCY = 0.7;

/** How often a judge has the same verdict in both orders. */
export interface Consistency {
  pairs: number;
  consistent: number;
  /** Of the other pairs: how often each slot won both games. */
  toFirstSlot: number;
  toSecondSlot: number;
  share: number;
  interval: Interval;
  isLow: boolean;
}

/** One lane against the reference lane. */
export interface LaneAgainst {
  lane: string;
  /** Pairs, each repetition of a prompt by itself. */
  wins: number;
  ties: number;
  losses: number;
  /** Over prompts. Undefined if no pair was decided. */
  share: (WinShare & ConcludedDifference) | undefined;
  undecided: number;
  /** What remains of the lead if both answers were equally long; undefined for fewer than 50 items. */
  lengthControl: LengthControl | undefined;
}

/** The scores of one lane. */
export interface LaneScore {
  lane: string;
  /** Over the means of the items; undefined if no answer was scored. */
  score: MeanEstimate | undefined;
  undecided: number;
}

/** What a judge says about the lanes of a comparison. */
export interface JudgeSummary {
  /** Different prompts that were judged. With one there is no ranking by quality. */
  items: number;
  /** Fewer prompts than any ranking needs. */
  isTooFew: boolean;
  against: readonly LaneAgainst[];
  /** For `--judge-pairs`: the ratings of the lanes. */
  islands: readonly Island[];
  scores: readonly LaneScore[];
  /** Undefined without a pair that was decided in both orders. */
  consistency: Consistency | undefined;
  unreadable: number;
  failed: number;
}

/** Returns the summary of all results. `lanes` names the judged lanes in display order. */
export function summarizeJudging(results: readonly JudgedResult[], mode: JudgeMode, lanes: readonly string[]): JudgeSummary {
  const pairs = results.filter((result) => result.kind === 'pair');
  const scores = results.filter((result) => result.kind === 'score');
  const judgments = [
    ...pairs.flatMap(({ games }) => games.map(({ judgment }) => judgment)),
    ...scores.map(({ judgment }) => judgment),
  ];
  const items = new Set(results.map(({ item }) => item)).size;
  return {
    items,
    isTooFew: items < FEWEST_ITEMS,
    against:
      mode.kind === 'against'
        ? againstReference(
            pairs,
            lanes.filter((lane) => lane !== mode.lane),
          )
        : [],
    islands: mode.kind === 'pairs' ? rateModels(pairs.flatMap(decisionOf)) : [],
    scores: mode.kind === 'score' ? lanes.map((lane) => scoreOf(lane, scores)) : [],
    consistency: consistencyOf(pairs),
    unreadable: judgments.filter(({ state }) => state === 'unreadable').length,
    failed: judgments.filter(({ state }) => state === 'failed').length,
  };
}

/** Returns a pair as a decision for ratings; none if it was not decided. */
export function decisionOf({ item, first, second, winner }: JudgedPair): RatedDecision[] {
  if (winner === 'undecided') return [];
  return [{ cluster: item, outcomes: [{ first, second, score: scoreOfWinner(winner) }] }];
}

/** Returns the score of the first answer of a decided pair. */
export function scoreOfWinner(winner: 'first' | 'second' | 'tie'): number {
  return winner === 'tie' ? 0.5 : winner === 'first' ? 1 : 0;
}

function againstReference(pairs: readonly JudgedPair[], lanes: readonly string[]): LaneAgainst[] {
  const rows = lanes.map((lane) => {
    const own = pairs.filter(({ first }) => first === lane);
    const decided = own.flatMap((pair) => (pair.winner === 'undecided' ? [] : [{ ...pair, score: scoreOfWinner(pair.winner) }]));
    const share = winShare([...byItem(decided, ({ score }) => score).values()]);
    const count = (winner: JudgedPair['winner']): number => own.filter((pair) => pair.winner === winner).length;
    return {
      lane,
      wins: count('first'),
      ties: count('tie'),
      losses: count('second'),
      share,
      undecided: count('undecided'),
      lengthControl: lengthControl(lengthItems(decided)),
    };
  });
  const concluded = conclude(rows.flatMap(({ share }) => share ?? []));
  let next = 0;
  return rows.map((row) => ({ ...row, share: row.share === undefined ? undefined : concluded[next++] }));
}

function lengthItems(pairs: readonly (JudgedPair & { score: number })[]): LengthItem[] {
  const lengths = byItem(pairs, ({ lengthDifference }) => lengthDifference);
  return [...byItem(pairs, ({ score }) => score)].map(([item, scores]) => ({
    score: mean(scores),
    lengthDifference: mean(lengths.get(item)!),
  }));
}

function scoreOf(lane: string, scores: readonly JudgedScore[]): LaneScore {
  const own = scores.filter((score) => score.lane === lane);
  const decided = own.flatMap(({ item, judgment }) => (judgment.state === 'decided' ? [{ item, value: judgment.value }] : []));
  const means = [...byItem(decided, ({ value }) => value).values()].map((values) => mean(values));
  return { lane, score: meanInterval(means), undecided: own.length - decided.length };
}

function consistencyOf(pairs: readonly JudgedPair[]): Consistency | undefined {
  const both = pairs.filter(({ isConsistent }) => isConsistent !== undefined);
  if (both.length === 0) return undefined;
  const consistent = both.filter(({ isConsistent }) => isConsistent === true).length;
  const sameSlot = (slot: 'A' | 'B'): number =>
    both.filter(({ games }) => games.every(({ judgment }) => judgment.state === 'decided' && judgment.value === slot)).length;
  const share = consistent / both.length;
  return {
    pairs: both.length,
    consistent,
    toFirstSlot: sameSlot('A'),
    toSecondSlot: sameSlot('B'),
    share,
    interval: wilsonInterval(consistent, both.length)!,
    isLow: share < LOWEST_CONSISTENCY,
  };
}

function byItem<Of extends { item: string }>(all: readonly Of[], valueOf: (one: Of) => number): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const one of all) groups.set(one.item, [...(groups.get(one.item) ?? []), valueOf(one)]);
  return groups;
}
