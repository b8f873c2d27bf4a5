import type { MatrixRanking, RankedMatrixLane } from '../../core/matrix/rank-lanes.ts';
import type { MatrixReport } from '../../core/matrix/report.ts';
import type { LaneSummary } from '../../core/matrix/summarize.ts';
import type { RankMeasure } from '../../core/statistics/rank-measures.ts';
import type { Column } from '../table/table.ts';
import { secondsText, throughputText } from '../text/number.ts';
import { qualityIntervalText, qualityText } from '../text/quality.ts';
import { visibleLine } from '../text/visible.ts';

const UNKNOWN = '–';

/** Returns the columns of the values that a ranking needs beside those of every table. */
export function rankColumns(ranking: MatrixRanking | undefined): Column[] {
  const right = (heading: string): Column => ({ heading, align: 'right', dropOrder: 0 });
  if (ranking?.by === 'first-token') return [right('first token')];
  if (ranking?.by === 'throughput') return [right('tok/s')];
  const judged = judgedMeasure(ranking);
  return judged === undefined ? [] : [right(judged), right('95%')];
}

/** Returns the cells of these columns. */
export function rankCells(
  ranking: MatrixRanking | undefined,
  { quality }: RankedMatrixLane,
  { timeToFirstTokenMs, throughput }: LaneSummary,
): string[] {
  if (ranking?.by === 'first-token') return [timeToFirstTokenMs === undefined ? UNKNOWN : secondsText(timeToFirstTokenMs.median)];
  if (ranking?.by === 'throughput')
    return [throughput === undefined ? UNKNOWN : throughputText(throughput.median).replace(' tok/s', '')];
  return judgedMeasure(ranking) === undefined ? [] : [qualityText(quality), qualityIntervalText(quality)];
}

/** Returns what a judge measured; undefined for a ranking by anything else, such as pass rates, which have their own columns. */
export function judgedMeasure(ranking: MatrixRanking | undefined): 'win share' | 'score' | undefined {
  return ranking?.mode && (ranking.mode.kind === 'score' ? 'score' : 'win share');
}

/** Returns what the lanes are ranked by, in one line. */
export function rankingLine(ranking: MatrixRanking, { judging }: Pick<MatrixReport, 'judging'>): string {
  if (ranking.by !== 'quality') return `ranked by ${MEASURE_NAMES[ranking.by]}`;
  const measured = judgedMeasure(ranking);
  const what =
    measured === undefined || judging === undefined
      ? 'pass rate'
      : `${measured === 'score' ? 'mean score' : 'share of wins'} of judge ${visibleLine(judging.model)}`;
  const { lanes } = ranking;
  const about = lanes.some(({ rank }) => rank !== undefined)
    ? 'lanes whose 95% intervals overlap can share a rank'
    : lanes.some(({ quality }) => quality !== undefined)
      ? 'no ranks without intervals, which need more cases'
      : 'no lane has a known quality';
  return `ranked by ${what}; ${about}`;
}

const MEASURE_NAMES: Readonly<Record<Exclude<RankMeasure, 'quality'>, string>> = {
  cost: 'cost of an answer, lowest first',
  'first-token': 'median time to the first token',
  throughput: 'median tokens per second',
};
