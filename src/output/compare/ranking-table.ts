import type { LaneIdentity } from '../../core/compare/lane-plan.ts';
import type { LaneFigures, RankedLane } from '../../core/compare/ranking.ts';
import type { Spread } from '../../core/compare/spread.ts';
import type { Decimal } from '../../decimal.ts';
import { laneName, laneReason, wholeLaneName } from './lane.ts';
import { moneyText } from '../text/money.ts';
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
 * Model ids are shown whole if they fit with all columns, otherwise without authors.
 */
export function rankingTable(ranking: readonly RankedLane[], columns = Number.POSITIVE_INFINITY): string {
  const lanes = ranking.map(({ lane }) => lane);
  const answered = ranking.filter(({ runs }) => runs.some(({ state }) => state === 'done'));
  const hasProviders = lanes.some(({ endpoint }) => endpoint !== undefined);
  const shown = COLUMNS.filter((_, index) => hasProviders || index !== PROVIDER);
  const tableOf = (nameOf: (lane: LaneIdentity) => string): Table => ({
    columns: shown,
    rows: answered
      .flatMap((row) => [cells(row, nameOf(unrepeated(row.lane))), ...spreadCells(row)])
      .map((row) => row.filter((_, index) => hasProviders || index !== PROVIDER).map((text) => ({ text }))),
  });
  const whole = tableOf(wholeLaneName);
  const isRoom = fitColumns(shown, tableWidths(whole), columns).shown.length === shown.length;
  const nameOf = (lane: LaneIdentity): string => (isRoom ? wholeLaneName(lane) : laneName(lane, lanes));
  const lines = linesOf(isRoom ? whole : tableOf(nameOf), columns);
  const computed = answered
    .filter(({ runs }) => runs.some(({ answer }) => answer.usage?.isComputed === true))
    .map(({ lane }) => nameOf(unrepeated(lane)));
  const notes = computed.length === 0 ? [] : [`cost computed from listed prices: ${computed.join(', ')}`];
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
