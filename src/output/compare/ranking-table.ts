import { type Lane, laneTimeToFirstToken } from '../../core/compare/state.ts';
import type { RankedLane } from '../../core/compare/ranking.ts';
import { laneName, laneReason } from './lane.ts';
import { moneyText } from '../text/money.ts';
import { countText, secondsText, throughputText } from '../text/number.ts';
import { plainTable } from '../table/plain.ts';
import { fitColumns, fitTable, tableWidths } from '../table/fit.ts';
import type { Column, Table } from '../table/table.ts';
import { visibleLine } from '../text/visible.ts';
import { textWidth } from '../text/width.ts';
import { wrapWords } from '../text/wrap-rows.ts';

const UNKNOWN = '–';
/** From this many columns on, names are aligned. */
const ALIGNED = 60;
const COLUMNS: readonly Column[] = [
  { heading: '', align: 'left', dropOrder: 0 },
  { heading: 'model', align: 'left', dropOrder: 0, cut: 'model' },
  { heading: 'first token', align: 'right', dropOrder: 1 },
  { heading: 'tok/s', align: 'right', dropOrder: 4 },
  { heading: 'tokens', align: 'right', dropOrder: 2 },
  { heading: 'cost', align: 'right', dropOrder: 0 },
  { heading: '×', align: 'right', dropOrder: 3 },
];

/**
 * Returns the ranking for people, without color: a row for each lane that answered, then a line that names the models whose
 * vendor stated no cost, and a line with the reason for each lane that did not answer. Tokens are those of the answer, × is the
 * cost as a multiple of the cheapest. Ends with a newline. `columns` is the width of the screen, if there is one. Model ids are
 * shown whole if they fit beside all columns, otherwise without authors.
 */
export function rankingTable(ranking: readonly RankedLane[], columns = Number.POSITIVE_INFINITY): string {
  const lanes = ranking.map(({ lane }) => lane);
  const answered = ranking.filter(({ lane }) => lane.state === 'done');
  const tableOf = (nameOf: (lane: Lane) => string): Table => ({
    columns: COLUMNS,
    rows: answered.map((row) => cells(row, nameOf(row.lane)).map((text) => ({ text }))),
  });
  const whole = tableOf(({ model }) => visibleLine(model));
  const isRoom = fitColumns(COLUMNS, tableWidths(whole), columns).shown.length === COLUMNS.length;
  const nameOf = (lane: Lane): string => (isRoom ? visibleLine(lane.model) : laneName(lane, lanes));
  const lines = linesOf(isRoom ? whole : tableOf(nameOf), columns);
  const computed = answered.filter(({ lane }) => lane.answer.usage?.isComputed === true).map(({ lane }) => nameOf(lane));
  const notes = computed.length === 0 ? [] : [`cost computed from listed prices: ${computed.join(', ')}`];
  const width = ranking.reduce((most, { lane }) => Math.max(most, textWidth(nameOf(lane))), 'model'.length);
  for (const { lane } of ranking) {
    if (lane.state === 'done') continue;
    const name = nameOf(lane);
    const space = columns < ALIGNED ? '' : ' '.repeat(width - textWidth(name));
    notes.push(`${UNKNOWN}  ${name}${space}  ${laneReason(lane)}`);
  }
  return [...lines, ...notes.flatMap((note) => wrapWords(`  ${note}`, columns))].map((line) => `${line}\n`).join('');
}

function linesOf(table: Table, columns: number): string[] {
  if (table.rows.length === 0) return [];
  if (columns === Number.POSITIVE_INFINITY)
    return plainTable(table)
      .trimEnd()
      .split('\n')
      .map((line) => `  ${line}`);
  return fitTable(table, columns).map((line) => line.map(({ text }) => text).join(''));
}

function cells({ lane, rank, cost, relativeCost }: RankedLane, name: string): string[] {
  const { usage, metrics } = lane.answer;
  return [
    rank === undefined ? UNKNOWN : String(rank),
    name,
    textOr(laneTimeToFirstToken(lane), secondsText),
    // The unit is in the heading.
    textOr(metrics?.throughput, (value) => throughputText(value).replace(' tok/s', '')),
    textOr(usage?.completionTokens, countText),
    textOr(cost, moneyText),
    textOr(relativeCost, (value) => value.toFixed(1)),
  ];
}

function textOr<T>(value: T | undefined, toText: (value: T) => string): string {
  return value === undefined ? UNKNOWN : toText(value);
}
