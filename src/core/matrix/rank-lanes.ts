import { type Quality, rankByQuality } from '../statistics/quality.ts';
import type { RankMeasure } from '../statistics/rank-measures.ts';
import { laneQualities, resultsByPrompt } from '../judge/lane-quality.ts';
import type { JudgedResult, JudgeMode } from '../judge/judge-pairs.ts';
import type { LaneSummary } from './summarize.ts';

/** The order of the lanes that the user asked for. */
export interface MatrixRanking {
  by: RankMeasure;
  /** How a judge compared the lanes; undefined if the ranking is by anything else. */
  mode?: JudgeMode | undefined;
  /** Best first. */
  lanes: readonly RankedMatrixLane[];
}

export interface RankedMatrixLane {
  /** The number of the lane, from 0. */
  lane: number;
  /** From 1. Undefined if the value of the lane is not known, or a quality has no interval. */
  rank: number | undefined;
  /** Only in a ranking by quality. */
  quality?: Quality | undefined;
}

/** What a judge found. */
export interface JudgedQualities {
  mode: JudgeMode;
  /** In the order of the lanes. */
  qualities: readonly (Quality | undefined)[];
}

/** Returns the qualities that a judge found. */
export function judgedQualities(
  results: readonly JudgedResult[],
  mode: JudgeMode,
  lanes: readonly { name: string }[],
): JudgedQualities {
  const names = lanes.map(({ name }) => name);
  const known = laneQualities(resultsByPrompt(results), mode, names);
  return { mode, qualities: names.map((name) => known.get(name)) };
}

/** Ranks lanes. Without `judged`, the quality is the pass rate. */
export function rankMatrixLanes(
  lanes: readonly LaneSummary[],
  by: RankMeasure,
  judged: JudgedQualities | undefined,
): MatrixRanking {
  const qualities = lanes.map((lane, index) => (judged === undefined ? passQuality(lane) : judged.qualities[index]));
  const indexes = lanes.map((_, index) => index);
  const placed = by === 'quality' ? rankByQuality(indexes, (index) => qualities[index]) : placedByFigure(lanes, by);
  const known = new Set(placed.map(({ item }) => item));
  const unknown = indexes.filter((index) => !known.has(index)).map((item) => ({ item, rank: undefined }));
  return {
    by,
    ...(by === 'quality' && { mode: judged?.mode }),
    lanes: [...placed, ...unknown].map(({ item, rank }) => ({
      lane: item,
      rank,
      ...(by === 'quality' && { quality: qualities[item] }),
    })),
  };
}

function passQuality({ passRate }: LaneSummary): Quality | undefined {
  return passRate && { measure: 'pass-rate', estimate: passRate.rate, interval: passRate.interval, n: passRate.n };
}

function placedByFigure(lanes: readonly LaneSummary[], by: Exclude<RankMeasure, 'quality'>): { item: number; rank: number }[] {
  const measured = lanes
    .map((lane, item) => ({ item, value: FIGURES[by](lane) }))
    .filter((one): one is { item: number; value: number } => one.value !== undefined)
    .toSorted((one, other) => one.value - other.value);
  return measured.map(({ item, value }) => ({ item, rank: 1 + measured.findIndex((one) => one.value === value) }));
}

/** The lowest value is the best. */
const FIGURES: Readonly<Record<Exclude<RankMeasure, 'quality'>, (lane: LaneSummary) => number | undefined>> = {
  // Lanes may have different numbers of answers, so a sum would favor those that failed.
  cost: ({ cost, hasUnknownCost, cells }) =>
    hasUnknownCost || cells.answered === 0 ? undefined : cost.div(cells.answered).toNumber(),
  'first-token': ({ timeToFirstTokenMs }) => timeToFirstTokenMs?.median,
  throughput: ({ throughput }) => (throughput === undefined ? undefined : -throughput.median),
};
