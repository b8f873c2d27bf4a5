import type { CompareState, Lane } from '../../core/compare/state.ts';
import { emptyReason } from '../../core/answer/missing.ts';
import type { RankMeasure } from '../../core/compare/rank-measures.ts';
import type { RankedLane } from '../../core/compare/ranking.ts';
import { decimalText } from '../../decimal.ts';
import { answerJson } from '../chat/answer-json.ts';

/**
 * Returns a comparison as data. `lanes` are in the order in which the models were given, each in the form of `orx chat --json`
 * with its `state` (`done`, `failed` or `stopped`) and, if it has no complete answer, its `error`. `ranking` refers to them by
 * `requested_model`, best first. `rank` is null for a lane that cannot be ranked; `relative_cost` is the cost as a multiple of
 * the cheapest, to 6 decimals.
 */
export function compareJson(
  prompt: string,
  state: CompareState,
  ranking: readonly RankedLane[],
  rankedBy: RankMeasure,
): Record<string, unknown> {
  return { prompt, lanes: state.lanes.map(laneJson), ranked_by: rankedBy, ranking: ranking.map(rankJson) };
}

function laneJson(lane: Lane): Record<string, unknown> {
  const empty = lane.answer.id === undefined ? undefined : emptyReason(lane.answer);
  return {
    state: lane.state,
    ...answerJson(lane.answer, lane.model, lane.error),
    ...(empty === undefined ? {} : { empty_reason: empty }),
  };
}

function rankJson({ lane, rank, cost, relativeCost }: RankedLane): Record<string, unknown> {
  return {
    rank: rank ?? null,
    requested_model: lane.model,
    cost: cost === undefined ? null : decimalText(cost),
    relative_cost: relativeCost === undefined ? null : decimalText(relativeCost.round(6)),
  };
}
