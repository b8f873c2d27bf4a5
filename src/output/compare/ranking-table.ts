import { laneTimeToFirstToken } from '../../core/compare/state.ts';
import type { RankedLane } from '../../core/compare/ranking.ts';
import { laneName, laneReason } from './lane.ts';
import { moneyText } from '../text/money.ts';
import { countText, secondsText, throughputText } from '../text/number.ts';
import { plainTable } from '../table/plain.ts';
import type { Table } from '../table/table.ts';
import { textWidth } from '../text/width.ts';

const UNKNOWN = '–';
/** Left out one after the other where the screen is too narrow for all. */
const DROPPED_FIRST = ['tok/s', '×', 'tokens'];
const HEADINGS = ['', 'model', 'first token', 'tok/s', 'tokens', 'cost', '×'];

/**
 * The ranking for people, without color: a row for each lane that answered, then a line that names those whose vendor stated no cost, and one
 * with the reason for each that did not answer. Tokens are those of the answer, × is the cost in multiples of the cheapest. Ends with a newline.
 * `columns`: width of the screen, where there is one.
 */
export function rankingTable(ranking: readonly RankedLane[], columns = Number.POSITIVE_INFINITY): string {
  const lanes = ranking.map(({ lane }) => lane);
  const names = lanes.map((lane) => laneName(lane, lanes));
  const nameWidth = Math.max('model'.length, ...names.map((name) => textWidth(name)));
  const rows = ranking.map((row, index) => ({
    ...row,
    name: names[index]! + ' '.repeat(nameWidth - textWidth(names[index]!)),
  }));

  const answered = rows.filter(({ lane }) => lane.state === 'done');
  const table = narrowed(
    {
      columns: HEADINGS.map((heading, index) => ({ heading, align: index < 2 ? 'left' : 'right', dropOrder: 0 })),
      rows: answered.map((row) => cells(row, row.name).map((text) => ({ text }))),
    },
    columns,
  );
  const lines = answered.length === 0 ? [] : plainTable(table).trimEnd().split('\n');
  const computed = answered.filter(({ lane }) => lane.answer.usage?.isComputed === true).map(({ name }) => name.trimEnd());
  if (computed.length > 0) lines.push(`cost computed from listed prices: ${computed.join(', ')}`);
  for (const { lane, name } of rows) {
    if (lane.state !== 'done') lines.push(`${UNKNOWN}  ${name}  ${laneReason(lane)}`);
  }
  return lines.map((line) => `  ${line}\n`).join('');
}

/** The table without the columns that a row of the screen has no room for. */
function narrowed(table: Table, columns: number, [next, ...others]: readonly string[] = DROPPED_FIRST): Table {
  const widths = table.columns.map(({ heading }, index) =>
    Math.max(textWidth(heading), ...table.rows.map((row) => textWidth(row[index]!.text))),
  );
  // Two spaces stand in front of every column.
  const width = widths.reduce((sum, one) => sum + one + 2, 0);
  if (next === undefined || width < columns) return table;
  const isKept = (_: unknown, index: number): boolean => table.columns[index]!.heading !== next;
  const rows = table.rows.map((row) => row.filter(isKept));
  return narrowed({ ...table, columns: table.columns.filter(isKept), rows }, columns, others);
}

function cells({ lane, rank, cost, relativeCost }: RankedLane, name: string): string[] {
  const { usage, metrics } = lane.answer;
  return [
    rank === undefined ? UNKNOWN : String(rank),
    name,
    textOr(laneTimeToFirstToken(lane), secondsText),
    // The unit stands in the heading.
    textOr(metrics?.throughput, (value) => throughputText(value).replace(' tok/s', '')),
    textOr(usage?.completionTokens, countText),
    textOr(cost, moneyText),
    textOr(relativeCost, (value) => value.toFixed(1)),
  ];
}

function textOr<T>(value: T | undefined, toText: (value: T) => string): string {
  return value === undefined ? UNKNOWN : toText(value);
}
