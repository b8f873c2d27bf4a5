import { type Decimal, parseDecimal } from '../../decimal.ts';
import { type CompareState, type Lane, laneCost, laneTimeToFirstToken } from './state.ts';
import { emptyReason } from '../answer/missing.ts';
import type { RankMeasure } from './rank-measures.ts';

/** One row of the ranking. */
export interface RankedLane {
  lane: Lane;
  /** From 1; equal values share a rank. Undefined if the model did not answer or its value is unknown. */
  rank?: number | undefined;
  /** Actual cost, in USD. */
  cost?: Decimal | undefined;
  /** Cost as a multiple of the cheapest answer's. Undefined if unknown, and for all lanes if the cheapest answer was free. */
  relativeCost?: Decimal | undefined;
}

/**
 * Returns the lanes that answered, best first, then those that answered but whose value is unknown, then those that were stopped or failed.
 * Equal lanes keep the order of the models.
 */
export function rankLanes(state: CompareState, by: RankMeasure): RankedLane[] {
  const answered = state.lanes.filter(hasAnswered);
  const costs = answered.map(laneCost).filter((cost) => cost !== undefined);
  const cheapest = costs.reduce<Decimal | undefined>(
    (least, cost) => (least === undefined || cost.lt(least) ? cost : least),
    undefined,
  );

  const measured = answered
    .map((lane) => ({ lane, value: valueOf(lane, by) }))
    .filter((row): row is { lane: Lane; value: Decimal } => row.value !== undefined)
    .sort((a, b) => (by === 'throughput' ? b.value.cmp(a.value) : a.value.cmp(b.value)));
  const ranks = new Map(measured.map(({ lane, value }) => [lane, 1 + measured.findIndex((row) => row.value.eq(value))]));

  const unmeasured = answered.filter((lane) => !ranks.has(lane));
  const unanswered = state.lanes.filter((lane) => !hasAnswered(lane));
  return [...measured.map(({ lane }) => lane), ...unmeasured, ...unanswered].map((lane) => {
    const cost = laneCost(lane);
    return { lane, rank: ranks.get(lane), cost, relativeCost: hasAnswered(lane) ? ratio(cost, cheapest) : undefined };
  });
}

function hasAnswered(lane: Lane): boolean {
  return lane.state === 'done' && emptyReason(lane.answer) === undefined;
}

function valueOf(lane: Lane, by: RankMeasure): Decimal | undefined {
  switch (by) {
    case 'cost':
      return laneCost(lane);
    case 'first-token':
      return parseDecimal(laneTimeToFirstToken(lane));
    case 'throughput':
      return parseDecimal(lane.answer.metrics?.throughput);
  }
}

function ratio(cost: Decimal | undefined, cheapest: Decimal | undefined): Decimal | undefined {
  if (cost === undefined || cheapest === undefined || cheapest.eq(0)) return undefined;
  return cost.div(cheapest);
}
