import type { LaneIdentity } from '../../core/compare/lane-plan.ts';
import type { RankMeasure } from '../../core/statistics/rank-measures.ts';
import type { RankedLane } from '../../core/compare/ranking.ts';
import type { Spread } from '../../core/compare/spread.ts';
import type { CompareState, Lane } from '../../core/compare/state.ts';
import { emptyReason } from '../../core/answer/missing.ts';
import { type Decimal, decimalText } from '../../decimal.ts';
import { qualityJson } from '../text/quality.ts';
import { answerJson } from '../chat/answer-json.ts';

/**
 * Returns a comparison as data. `lanes` has every answer in the order of the lanes, each in the form of `orx chat --json` with its
 * `state` (`done`, `failed` or `stopped`) and, if it has no complete answer, its `error`. `lane` is the number of the lane, from 1;
 * `repetition`, `pinned_provider` and `varied` are there only if the comparison has them. `ranking` refers to lanes by `lane` and
 * `requested_model`, best first. `rank` is null for a lane that cannot be ranked; `relative_cost` is the cost as a multiple of the
 * cheapest, to 6 decimals; with repetitions `cost` is their median, and `spread` has the range of each figure. A ranking by quality has
 * the `quality` of each lane.
 */
export function compareJson(
  prompt: string,
  state: CompareState,
  ranking: readonly RankedLane[],
  rankedBy: RankMeasure,
): Record<string, unknown> {
  return {
    prompt,
    lanes: state.lanes.map(laneJson),
    ranked_by: rankedBy,
    ranking: ranking.map((row) => rankJson(row, rankedBy)),
  };
}

function laneJson(lane: Lane): Record<string, unknown> {
  const empty = lane.answer.id === undefined ? undefined : emptyReason(lane.answer);
  return {
    ...identityJson(lane),
    ...(lane.repetition !== undefined && { repetition: lane.repetition }),
    state: lane.state,
    ...answerJson(lane.answer, lane.model, lane.error),
    ...(empty === undefined ? {} : { empty_reason: empty }),
  };
}

function identityJson({ lane, endpoint, varied }: LaneIdentity): Record<string, unknown> {
  return {
    lane: lane + 1,
    ...(endpoint !== undefined && { pinned_provider: endpoint.tag }),
    ...(varied.length > 0 && { varied: Object.fromEntries(varied.map(({ key, text }) => [key, text])) }),
  };
}

function rankJson(
  { lane, runs, answered, rank, cost, relativeCost, figures, quality }: RankedLane,
  rankedBy: RankMeasure,
): Record<string, unknown> {
  const { firstToken, throughput, tokens } = figures;
  return {
    rank: rank ?? null,
    requested_model: lane.model,
    ...identityJson(lane),
    ...(rankedBy === 'quality' && { quality: qualityJson(quality, 'answers') }),
    cost: cost === undefined ? null : decimalText(cost),
    relative_cost: relativeCost === undefined ? null : decimalText(relativeCost.round(6)),
    ...(runs[0]?.repetition !== undefined && {
      repetitions: runs.length,
      answered: answered.length,
      spread: {
        cost: spreadJson(figures.cost, decimalText),
        time_to_first_token_ms: spreadJson(firstToken, toNumber),
        tokens_per_second: spreadJson(throughput, toNumber),
        completion_tokens: spreadJson(tokens, toNumber),
      },
    }),
  };
}

function spreadJson<T>(spread: Spread | undefined, to: (value: Decimal) => T): Record<string, unknown> | null {
  if (spread === undefined) return null;
  const { median, low, high, range, count } = spread;
  return { median: to(median), low: to(low), high: to(high), range, values: count };
}

function toNumber(value: Decimal): number {
  return value.round(2).toNumber();
}
