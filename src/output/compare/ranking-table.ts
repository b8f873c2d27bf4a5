import type { LaneIdentity } from '../../core/compare/lane-plan.ts';
import type { LaneFigures, RankedLane } from '../../core/compare/ranking.ts';
import type { Spread } from '../../core/compare/spread.ts';
import type { JudgeMode } from '../../core/judge/judge-pairs.ts';
import type { Decimal } from '../../decimal.ts';
import { laneName, laneReason, wholeLaneName } from './lane.ts';
import { moneyText } from '../text/money.ts';
import { qualityIntervalText, qualitySpreadText, qualityText } from '../text/quality.ts';
import { countText, secondsText, throughputText } from '../text/number.ts';
import { plainTable } from '../table/plain.ts';
import { fitColumns, fitTable, tableWidths } from '../table/fit.ts';
import type { Column, Table } from '../table/table.ts';
import { visibleLine } from '../text/visible.ts';
import { textWidth } from '../text/width.ts';
import { wrapWords } from '../text/wrap-rows.ts';

const UNKNOWN = '–';
const HALF_UP = 1;
/** From this many columns on, names are aligned. */
const ALIGNED = 60;
const COLUMNS: readonly Column[] = [
  { heading: '', align: 'left', dropOrder: 0 },
  { heading: 'model', align: 'left', dropOrder: 0, cut: 'model' },
  { heading: 'provider', align: 'left', dropOrder: 5, cut: 'end' },
  { heading: 'first token', align: 'right', dropOrder: 1 },
  { heading: 'tok/s', align: 'right', dropOrder: 4 },
  { heading: 'tokens', align: 'right', dropOrder: 2 },
  { heading: 'cost', align: 'right', dropOrder: 0 },
  { heading: '×', align: 'right', dropOrder: 3 },
];
const PROVIDER = 2;

/**
 * Returns the ranking for people, without color: a row for each lane that answered, then a line that names the models whose
 * vendor stated no cost, and a line with the reason for each lane that did not answer. Tokens are those of the answer, × is the
 * cost as a multiple of the cheapest. With repetitions, a row has their medians, and a second row their range. If providers are
 * compared, a column names the provider that answered. Ends with a newline. `columns` is the width of the screen, if there is one.
 * Model ids are shown whole if they fit with all columns, otherwise without authors. A ranking by quality also has the quality with
 * its interval, and a line that names the judge.
 */
export function rankingTable(
  ranking: readonly RankedLane[],
  columns = Number.POSITIVE_INFINITY,
  judge?: RankingJudge | undefined,
): string {
  const lanes = ranking.map(({ lane }) => lane);
  const answered = ranking.filter(({ runs }) => runs.some(({ state }) => state === 'done'));
  const hasProviders = lanes.some(({ endpoint }) => endpoint !== undefined);
  const ownColumns = <Of>(all: readonly Of[], ofQuality: readonly Of[]): Of[] => [
    ...all.slice(0, PROVIDER),
    ...(judge === undefined ? [] : ofQuality),
    ...all.slice(hasProviders ? PROVIDER : PROVIDER + 1),
  ];
  const shown = ownColumns(COLUMNS, judge === undefined ? [] : qualityColumns(judge));
  const tableOf = (nameOf: (lane: LaneIdentity) => string): Table => ({
    columns: shown,
    rows: answered
      .flatMap((row) => [
        ownColumns(cells(row, nameOf(unrepeated(row.lane))), [qualityText(row.quality), qualityIntervalText(row.quality)]),
        ...spreadCells(row).map((spread) => ownColumns(spread, [qualitySpreadText(row.quality), ''])),
      ])
      .map((row) => row.map((text) => ({ text }))),
  });
  const whole = tableOf(wholeLaneName);
  const isRoom = fitColumns(shown, tableWidths(whole), columns).shown.length === shown.length;
  const nameOf = (lane: LaneIdentity): string => (isRoom ? wholeLaneName(lane) : laneName(lane, lanes));
  const lines = linesOf(isRoom ? whole : tableOf(nameOf), columns);
  const computed = answered
    .filter(({ runs }) => runs.some(({ answer }) => answer.usage?.isComputed === true))
    .map(({ lane }) => nameOf(unrepeated(lane)));
  const notes = [
    ...(judge === undefined || answered.length === 0 ? [] : qualityNotes(judge, answered)),
    ...(computed.length === 0 ? [] : [`cost computed from listed prices: ${computed.join(', ')}`]),
  ];
  const failed = ranking.flatMap(({ runs }) => runs.filter(({ state }) => state !== 'done'));
  const width = [...answered.map(({ lane }) => unrepeated(lane)), ...failed].reduce(
    (most, lane) => Math.max(most, textWidth(nameOf(lane))),
    'model'.length,
  );
  for (const lane of failed) {
    const name = nameOf(lane);
    const space = columns < ALIGNED ? '' : ' '.repeat(width - textWidth(name));
    notes.push(`${UNKNOWN}  ${name}${space}  ${laneReason(lane)}`);
  }
  return [...lines, ...notes.flatMap((note) => wrapWords(`  ${note}`, columns))].map((line) => `${line}\n`).join('');
}

/** The judge that a ranking by quality comes from. */
export interface RankingJudge {
  model: string;
  mode: JudgeMode;
}

function qualityColumns({ mode }: RankingJudge): Column[] {
  return [
    { heading: mode.kind === 'score' ? 'score' : 'win share', align: 'right', dropOrder: 0 },
    { heading: '95%', align: 'right', dropOrder: 0 },
  ];
}

function qualityNotes({ model, mode }: RankingJudge, answered: readonly RankedLane[]): string[] {
  const what =
    mode.kind === 'score'
      ? 'mean score from 1 to 10'
      : `share of wins${mode.kind === 'against' ? ` against ${visibleLine(mode.lane)}` : ''}, a tie is half a win`;
  const isRanked = answered.some(({ rank }) => rank !== undefined);
  const isKnown = answered.some(({ quality }) => quality !== undefined);
  return [
    `judge ${visibleLine(model)}: ${what}`,
    ...(isRanked
      ? ['lanes whose 95% intervals overlap can share a rank']
      : isKnown
        ? ['no ranks without intervals, which need several answers of each lane: --repeat 5']
        : []),
  ];
}

/** Returns the lane without the number of its repetition, for a row of all repetitions. */
function unrepeated(lane: LaneIdentity): LaneIdentity {
  return { ...lane, repetition: undefined };
}

function linesOf(table: Table, columns: number): string[] {
  if (table.rows.length === 0) return [];
  if (columns === Number.POSITIVE_INFINITY)
    return plainTable(table)
      .trimEnd()
      .split('\n')
      .map((line) => `  ${line.trimEnd()}`);
  return fitTable(table, columns).map((line) => line.map(({ text }) => text).join(''));
}

function cells({ runs, rank, relativeCost, figures }: RankedLane, name: string): string[] {
  return [
    rank === undefined ? UNKNOWN : String(rank),
    name,
    [...new Set(runs.map(({ answer }) => answer.provider).filter((provider) => provider !== undefined))]
      .map(visibleLine)
      .join(', '),
    ...FIGURES.map(({ of, text }) => textOr(of(figures)?.median, text)),
    textOr(relativeCost, (value) => value.toFixed(1)),
  ];
}

const FIGURES: readonly { of: (figures: LaneFigures) => Spread | undefined; text: (value: Decimal) => string }[] = [
  { of: ({ firstToken }) => firstToken, text: (ms) => secondsText(ms.toNumber()) },
  // The unit is in the heading.
  { of: ({ throughput }) => throughput, text: (value) => throughputText(value.toNumber()).replace(' tok/s', '') },
  { of: ({ tokens }) => tokens, text: (value) => countText(value.round(0, HALF_UP).toNumber()) },
  { of: ({ cost }) => cost, text: moneyText },
];

/** Returns the row below a lane with repetitions: the range of each figure. */
function spreadCells({ runs, answered, figures }: RankedLane): string[][] {
  if (runs[0]?.repetition === undefined) return [];
  const spreads = FIGURES.map(({ of, text }) => ({ spread: of(figures), text }));
  const range = spreads.find(({ spread }) => spread !== undefined)?.spread?.range ?? 'min-max';
  const count = answered.length === runs.length ? `${runs.length} answers` : `${answered.length} of ${runs.length} answered`;
  const ranges = spreads.map(({ spread, text }) => {
    if (spread === undefined) return UNKNOWN;
    const [low, high] = [text(spread.low), text(spread.high)];
    return low === high ? low : `${low.replace(/ s$/, '')}–${high}`;
  });
  return [['', `  ${range.replace('-', '–')} of ${count}`, '', ...ranges, '']];
}

function textOr<T>(value: T | undefined, toText: (value: T) => string): string {
  return value === undefined ? UNKNOWN : toText(value);
}
