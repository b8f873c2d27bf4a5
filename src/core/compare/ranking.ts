import { type Decimal, parseDecimal } from '../../decimal.ts';
import { type Quality, rankByQuality } from '../statistics/quality.ts';
import { emptyReason } from '../answer/missing.ts';
import type { RankMeasure } from '../statistics/rank-measures.ts';
import { type Spread, spreadOf } from './spread.ts';
import { type CompareState, type Lane, laneCost, laneTimeToFirstToken } from './state.ts';

/** One row of the ranking: a lane with all of its repetitions. */
export interface RankedLane {
  /** The first repetition that answered; if none did, the first one. */
  lane: Lane;
  /** All repetitions; one if the comparison does not repeat. */
  runs: readonly Lane[];
  /** The repetitions with an answer. */
  answered: readonly Lane[];
  /**
   * From 1; equal values share a rank, and so do qualities whose intervals overlap. Undefined if the model did not answer, or its value
   * is unknown.
   */
  rank?: number | undefined;
  /** Actual cost of an answer, in USD: the median of the repetitions. */
  cost?: Decimal | undefined;
  /** Cost as a multiple of the cheapest answer's. Undefined if unknown, and for all lanes if the cheapest answer was free. */
  relativeCost?: Decimal | undefined;
  figures: LaneFigures;
  /** Only in a ranking by quality. Undefined if it is unknown. */
  quality?: Quality | undefined;
}

/** The figures of a lane's answers. Undefined if no answer has the figure. */
export interface LaneFigures {
  /** USD. */
  cost: Spread | undefined;
  /** Milliseconds. */
  firstToken: Spread | undefined;
  /** Tokens per second. */
  throughput: Spread | undefined;
  /** Tokens of the answer. */
  tokens: Spread | undefined;
}

/**
 * Returns the lanes that answered, best first, then those that answered but whose value is unknown, then those that were stopped or failed.
 * Equal lanes keep their order. Repetitions are one row, ranked by their median. `qualities` are those of the lanes by number.
 */
export function rankLanes(
  state: CompareState,
  by: RankMeasure,
  qualities: ReadonlyMap<number, Quality> = new Map<number, Quality>(),
): RankedLane[] {
  const rows = runsByLane(state.lanes).map(rowOf);
  const cheapest = rows.reduce<Decimal | undefined>(
    (least, { cost, answered }) =>
      answered.length === 0 || cost === undefined || (least !== undefined && !cost.lt(least)) ? least : cost,
    undefined,
  );
  const answered = rows.filter((row) => row.answered.length > 0);
  const unanswered = rows.filter((row) => row.answered.length === 0);
  const measured = by === 'quality' ? rankedByQuality(answered, qualities) : rankedByFigure(answered, by);
  const known = new Set(measured.map(({ row }) => row));
  const unmeasured = answered.filter((row) => !known.has(row));
  return [...measured, ...[...unmeasured, ...unanswered].map((row) => ({ row, rank: undefined }))].map(({ row, rank }) => ({
    ...row,
    rank,
    relativeCost: row.answered.length > 0 ? ratio(row.cost, cheapest) : undefined,
    ...(by === 'quality' && { quality: row.answered.length > 0 ? qualities.get(row.lane.lane) : undefined }),
  }));
}

/** A row with its place among those whose value is known, best first. */
interface Placed {
  row: RankedLane;
  rank: number | undefined;
}

function rankedByQuality(rows: readonly RankedLane[], qualities: ReadonlyMap<number, Quality>): Placed[] {
  return rankByQuality(rows, ({ lane }) => qualities.get(lane.lane)).map(({ item, rank }) => ({ row: item, rank }));
}

function rankedByFigure(rows: readonly RankedLane[], by: Exclude<RankMeasure, 'quality'>): Placed[] {
  const measured = rows
    .map((row) => ({ row, value: VALUES[by](row.figures)?.median }))
    .filter((one): one is { row: RankedLane; value: Decimal } => one.value !== undefined)
    .sort((a, b) => (by === 'throughput' ? b.value.cmp(a.value) : a.value.cmp(b.value)));
  return measured.map(({ row, value }) => ({ row, rank: 1 + measured.findIndex((one) => one.value.eq(value)) }));
}

const VALUES: Readonly<Record<Exclude<RankMeasure, 'quality'>, (figures: LaneFigures) => Spread | undefined>> = {
  cost: ({ cost }) => cost,
  'first-token': ({ firstToken }) => firstToken,
  throughput: ({ throughput }) => throughput,
};

/** Returns the repetitions of each lane, in the order of the lanes. */
export function runsByLane(lanes: readonly Lane[]): Lane[][] {
  const groups = new Map<number, Lane[]>();
  for (const run of lanes) groups.set(run.lane, [...(groups.get(run.lane) ?? []), run]);
  return [...groups.values()];
}

function rowOf(runs: readonly Lane[]): RankedLane {
  const answered = runs.filter(hasAnswered);
  const measured = answered.length > 0 ? answered : runs;
  const lane = measured[0]!;
  const figures = {
    cost: spreadOf(measured.map(laneCost)),
    firstToken: spreadOf(measured.map((run) => parseDecimal(laneTimeToFirstToken(run)))),
    throughput: spreadOf(measured.map((run) => parseDecimal(run.answer.metrics?.throughput))),
    tokens: spreadOf(measured.map((run) => parseDecimal(run.answer.usage?.completionTokens))),
  };
  return { lane, runs, answered, cost: figures.cost?.median, figures };
}

function hasAnswered(lane: Lane): boolean {
  return lane.state === 'done' && emptyReason(lane.answer) === undefined;
}

function ratio(cost: Decimal | undefined, cheapest: Decimal | undefined): Decimal | undefined {
  if (cost === undefined || cheapest === undefined || cheapest.eq(0)) return undefined;
  return cost.div(cheapest);
}
