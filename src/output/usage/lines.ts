import { type CostSeries, costSeries } from '../../core/usage/cost-series.ts';
import { isTimeGrouping } from '../../core/usage/usage-report.ts';
import type { UsageView } from '../../core/usage/usage-view.ts';
import { columnChart } from '../chart/chart.ts';
import { fitTable } from '../table/fit.ts';
import { withSandboxLabel, SANDBOX_LABEL } from '../text/sandbox-label.ts';
import { cutText, textWidth } from '../text/width.ts';
import { pipedTable } from '../table/piped-table.ts';
import type { Cell, TableLine } from '../table/table.ts';
import { usageTable } from './table.ts';
import { highestText, totalText, usageNotes } from './text.ts';
import { wrapWords } from '../text/wrap-rows.ts';

const INDENT = '  ';
/** The assumed width of the terminal for a report in a pipe. */
const PIPE_COLUMNS = 100;

/** Returns a report for a terminal of this width: header, cost over time, table and notes. */
export function usageLines(view: UsageView, columns: number, limit?: number): TableLine[] {
  const { report } = view;
  const rows = report.rows.slice(0, limit);
  const total = report.rows.length > 1 ? report.total : undefined;
  const table = fitTable(usageTable(rows, { by: report.by, total, isDrawn: true }), columns);
  return [
    ...usageHeader(view, columns),
    seriesLine(view, columns),
    ...table,
    ...[...moreNotes(view, limit), ...usageNotes(view)].flatMap((note) => noteLines(note, columns)),
  ];
}

/** Returns a report for a pipe: not shortened, without bars and escape codes. */
export async function usagePlainText(view: UsageView, limit?: number): Promise<string> {
  const { report } = view;
  const total = report.rows.length > 1 ? report.total : undefined;
  const above = [
    withSandboxLabel(`${view.period.label}, by ${report.by}: ${totalText(report.total)}`, view.isSandbox),
    lineText(seriesLine(view, PIPE_COLUMNS)).trim(),
  ];
  const below = [...moreNotes(view, limit), ...usageNotes(view)].map(({ text }) => text);
  const table = await pipedTable(usageTable(report.rows.slice(0, limit), { by: report.by, total }));
  return `${above.map((line) => `${line}\n`).join('')}${table}${below.map((line) => `${line}\n`).join('')}`;
}

/** Returns the scope of the report and its sums, on two lines if one is too narrow. */
export function usageHeader({ isSandbox, period, report }: UsageView, columns: number, title = ''): TableLine[] {
  const label: TableLine = isSandbox ? [{ text: SANDBOX_LABEL, tone: 'warning' }, { text: ' · ' }] : [];
  const before = [{ text: INDENT }, ...label];
  const used = before.reduce((sum, { text }) => sum + textWidth(text), 0);
  const left = `${period.label}, by ${report.by}${title}`;
  const right = totalText(report.total);
  const space = columns - 1 - used - textWidth(left) - textWidth(right);
  if (space < 2)
    return [[...before, { text: cutText(left, columns - 1 - used) }], [{ text: cutText(`${INDENT}${right}`, columns - 1) }]];
  return [[...before, { text: left }, { text: ' '.repeat(space) + right, tone: 'dim' }]];
}

function seriesLine(view: UsageView, columns: number): TableLine {
  const { series, label } = fittingSeries(view, columns);
  const [chart = ''] = columnChart(series.points.map(({ cost }) => cost.toNumber()));
  const highest = highestText(series);
  const isRoom = highest !== undefined && textWidth(label) + chart.length + 6 + highest.length < columns;
  return [{ text: label }, { text: chart, tone: 'accent' }, { text: isRoom ? `      ${highest}` : '', tone: 'dim' }];
}

/** Returns the cost by day; by week or month if days do not fit or the report is grouped by these. */
export function fittingSeries({ days, period, now, report }: UsageView, columns: number): { series: CostSeries; label: string } {
  const room = columns - 1 - `${INDENT}cost by month    `.length;
  const isFixed = isTimeGrouping(report.by) && report.by !== 'day';
  const match = costSeries(days, period, now, isFixed && isTimeGrouping(report.by) ? report.by : { most: room });
  const series = { ...match, points: match.points.slice(-Math.max(1, room)) };
  return { series, label: `${INDENT}cost by ${series.unit}`.padEnd(`${INDENT}cost by month    `.length) };
}

function moreNotes({ report }: UsageView, limit: number | undefined): Cell[] {
  const more = report.rows.length - (limit ?? report.rows.length);
  return more > 0 ? [{ text: `${more} more, the total counts them: --limit ${report.rows.length}`, tone: 'dim' }] : [];
}

function noteLines({ text, tone }: Cell, columns: number): TableLine[] {
  return wrapWords(INDENT + text, columns).map((line) => [{ text: cutText(line, columns - 1), tone }]);
}

function lineText(line: TableLine): string {
  return line
    .map(({ text }) => text)
    .join('')
    .trimEnd();
}
