import { sortUsage, type UsageSort } from '../../core/usage/sort-usage.ts';
import type { UsageView } from '../../core/usage/usage-view.ts';
import type { ModelChart, UsageRow } from '../../core/usage/usage-report.ts';
import { barText, columnChart, rangeText } from '../../output/chart/chart.ts';
import { fitTable } from '../../output/table/fit.ts';
import { cutNames } from '../../output/table/cut-names.ts';
import { textWidth } from '../../output/text/width.ts';
import type { TableLine } from '../../output/table/table.ts';
import { fittingSeries, usageHeader } from '../../output/usage/lines.ts';
import { usageTable } from '../../output/usage/table.ts';
import { groupText, highestText, percentText, secondsNumber, usageNotes } from '../../output/usage/text.ts';
import { drawableColumns, drawableRows } from '../screen/drawable.ts';
import { fitLine, type Line } from '../screen/line.ts';

export interface UsageScreen {
  view: UsageView;
  sort: UsageSort;
  isWatching: boolean;
  showsKeys: boolean;
}

interface Size {
  columns: number;
  rows: number;
}

const KEYS = [
  ['←→', 'grouping'],
  ['↑↓ or + -', 'period'],
  ['s', 'sort order'],
  ['r', 'refresh'],
  ['?', 'show these keys'],
  ['q esc ctrl-c', 'quit; the table stays in the scrollback'],
] as const;
const ORDERS: Readonly<Record<UsageSort, string>> = {
  cost: 'most expensive first',
  requests: 'most requests first',
  tokens: 'most tokens first',
  ok: 'least success first',
  latency: 'slowest first',
  name: 'by name',
};
const INDENT = '  ';
const CHART_ROWS = 4;
const MOST_MODELS = 5;
/** The header, the name of the chart, the heading and one row of the table, and the keys. */
const LEAST_ROWS = 5;
const WIDEST_COLUMN = 4;
const LEAST_NAME = 20;
/** Columns for two bars with their figures. */
const BESIDE_NAME = 50;
/** On narrower screens, bars say less than the table. */
const LEAST_BARS_COLUMNS = 60;

/** Returns the lines of the screen: always fewer than its rows, and narrower than its columns. */
export function usageFrame(screen: UsageScreen, size: Size): Line[] {
  const room = drawableRows(size.rows);
  const body = screen.showsKeys ? keyLines() : reportLines(screen, size, room - 1);
  const hint = `${INDENT}←→ grouping · ↑↓ period · s sort · r refresh · ? keys · q quit`;
  const lines = [...body.slice(0, Math.max(0, room - 1)), [{ text: hint, tone: 'dim' } as const]];
  return lines.slice(-room).map((line) => fitLine(line, drawableColumns(size.columns)));
}

function keyLines(): TableLine[] {
  const width = Math.max(...KEYS.map(([key]) => key.length));
  return KEYS.map(([key, what]) => [{ text: `${INDENT}${key.padEnd(width)}  `, tone: 'accent' }, { text: what }]);
}

/**
 * Returns the lines of the report that fit. If there is too little room, the charts shrink first, then notes are omitted, then
 * rows.
 */
function reportLines({ view, sort, isWatching }: UsageScreen, size: Size, room: number): TableLine[] {
  const header = usageHeader(view, size.columns, `, ${ORDERS[sort]}${isWatching ? ', live' : ''}`);
  const rows = sortUsage(view.report.rows, sort);
  const notes = usageNotes(view).map((note): TableLine => [{ ...note, text: INDENT + note.text }]);
  const spare = room - LEAST_ROWS - rows.length - notes.length;
  const chart = costLines(view, size, spare >= CHART_ROWS + MOST_MODELS ? CHART_ROWS : 1);
  const left = room - header.length - chart.length - notes.length - rows.length - 3;
  const models = left >= 3 ? modelLines(view.models.slice(0, Math.min(MOST_MODELS, left - 1)), size.columns) : [];
  const tableRoom = Math.max(1, room - header.length - chart.length - models.length - notes.length - 1);
  const table = tableLines(view, rows, size.columns, tableRoom);
  return spaced([header, chart, table, models, notes], room);
}

/** Joins the parts, with an empty line between them if there is room. */
function spaced(parts: readonly (readonly TableLine[])[], room: number): TableLine[] {
  const shown = parts.filter((part) => part.length > 0);
  const isRoomy = shown.flat().length + shown.length <= room;
  return shown.flatMap((part) => (isRoomy ? [...part, []] : part));
}

function costLines(view: UsageView, { columns }: Size, height: number): TableLine[] {
  const { series, label } = fittingSeries(view, columns);
  const width = Math.min(WIDEST_COLUMN, Math.max(1, Math.floor((columns - 1 - label.length) / series.points.length)));
  const values = series.points.map(({ cost }) => cost.toNumber());
  const bars = columnChart(values, height, width);
  const place = (row: number): string => (row === height - 1 ? label : ' '.repeat(label.length));
  const highest = highestText(series);
  const chart = bars.map((text, row): TableLine => [{ text: place(row) }, { text, tone: 'accent' }]);
  return height === 1 || highest === undefined
    ? chart
    : [
        ...chart,
        [
          {
            text: `${' '.repeat(label.length)}${series.points[0]!.time} … ${series.points.at(-1)!.time}, ${highest}`,
            tone: 'dim',
          },
        ],
      ];
}

function tableLines({ report }: UsageView, rows: readonly UsageRow[], columns: number, room: number): TableLine[] {
  const [heading, ...lines] = fitTable(usageTable(rows, { by: report.by, isDrawn: true }), columns);
  if (heading === undefined) return [[{ text: `${INDENT}no requests in this period`, tone: 'dim' }]];
  if (lines.length <= room - 1) return [heading, ...lines];
  const shown = lines.slice(0, Math.max(0, room - 2));
  return [heading, ...shown, [{ text: `${INDENT}… and ${lines.length - shown.length} more`, tone: 'dim' }]];
}

/**
 * Returns a line for each model: success as a bar, then the range from the median to the 95th percentile of the time as a bar.
 */
function modelLines(models: readonly ModelChart[], columns: number): TableLine[] {
  if (models.length === 0 || columns < LEAST_BARS_COLUMNS) return [];
  const whole = models.map(({ group }) => groupText(group));
  const longest = whole.reduce((most, name) => Math.max(most, textWidth(name)), 'by model'.length);
  const nameWidth = Math.min(longest, Math.max(LEAST_NAME, columns - BESIDE_NAME));
  const names = cutNames(whole, nameWidth, 'model');
  const barWidth = Math.max(4, Math.min(24, Math.floor((columns - nameWidth - 34) / 2)));
  const slowest = models.reduce((most, { durationMs }) => Math.max(most, durationMs?.p95 ?? 0), 0);
  const heading = `${INDENT}${'by model'.padEnd(nameWidth)}  ${'success %'.padEnd(barWidth + 7)}  p50 to p95, s`;
  const lines = models.map(({ successRate, durationMs }, index): TableLine => {
    const name = names[index]!;
    const success = barText(successRate ?? 0, barWidth).padEnd(barWidth);
    const [p50, p95] = [(durationMs?.p50 ?? 0) / (slowest || 1), (durationMs?.p95 ?? 0) / (slowest || 1)];
    const times = durationMs === undefined ? '–' : `${secondsNumber(durationMs.p50)} to ${secondsNumber(durationMs.p95)}`;
    return [
      { text: `${INDENT}${name}${' '.repeat(nameWidth - textWidth(name))}  ` },
      { text: success, tone: 'accent' },
      { text: ` ${percentText(successRate).padStart(5)}   ` },
      { text: rangeText(p50, p95, barWidth).padEnd(barWidth), tone: 'accent' },
      { text: ` ${times}` },
    ];
  });
  return [[{ text: heading, tone: 'dim' }], ...lines];
}
