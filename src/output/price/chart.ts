import { type ChartAxis, chartPoints, type ChartPoint } from '../../core/price/chart.ts';
import type { RankedQuote } from '../../core/price/rank-quotes.ts';
import { barText } from '../chart/chart.ts';
import { cutNames } from '../table/cut-names.ts';
import { fitTable } from '../table/fit.ts';
import { cutText, textWidth } from '../text/width.ts';
import { contextText } from '../models/text.ts';
import { moneyText } from '../text/money.ts';
import { countText } from '../text/number.ts';
import { scatterLines } from '../chart/scatter.ts';
import type { TableLine, Table } from '../table/table.ts';
import { visibleLine } from '../text/visible.ts';

const MOST_BARS = 40;
const WIDEST_NAME = 64;
/** A range is shown if this many columns of a name fit next to it. */
const NAME_BESIDE_RANGE = 24;
const LEAST_BAR = 8;
const WIDEST_BAR = 60;
const INDENT = '  ';

/**
 * Returns bars of the cost, then a chart of the cost against the context or a benchmark. Letters mark the models that no other
 * model beats. No line is wider than `columns`; nothing depends on color.
 */
export function priceChart(
  quotes: readonly RankedQuote[],
  { axis, requests }: { axis: ChartAxis; requests?: number | undefined },
  columns: number,
): TableLine[] {
  const times = requests ?? 1;
  const points = chartPoints(quotes, axis).map((point) => ({ ...point, cost: point.cost.times(times) }));
  const cost = requests === undefined ? 'cost' : 'cost a month';
  const bars = [
    ...(requests === undefined ? [] : [dimLine(`${cost} of ${countText(requests)} requests`, columns)]),
    ...barLines(quotes, times, columns),
  ];
  if (points.length === 0) return [...bars, [], dimLine(`no model here has both a cost and ${axisName(axis)}`, columns)];
  const without = quotes.length - points.length;
  const letters = lettersOf(points);
  const heading = `${cost} against ${axisName(axis)}; letters mark models that no cheaper model matches`;
  return [
    ...bars,
    [],
    dimLine(heading, columns),
    ...scatterLines(
      points.map((point) => ({ cost: Number(point.cost), value: point.value, mark: letters.get(point) ?? '.' })),
      {
        columns: columns - 1,
        isLogarithmic: axis === 'context',
        valueText: (value) => valueText(axis, value),
      },
    ),
    ...(without === 0 ? [] : [dimLine(`${without} without a cost or ${axisName(axis)}`, columns)]),
    [],
    ...fitTable(legend(points, letters, axis), columns),
  ];
}

function dimLine(text: string, columns: number): TableLine {
  return [{ text: cutText(INDENT + text, columns - 1), tone: 'dim' }];
}

function axisName(axis: ChartAxis): string {
  return axis === 'context' ? 'context' : `the ${axis} index`;
}

function valueText(axis: ChartAxis, value: number): string {
  return axis === 'context' ? contextText(Math.round(value)) : value.toFixed(1);
}

/** Returns the bars of the first quotes, all with the same start, so that they can be compared. */
function barLines(quotes: readonly RankedQuote[], times: number, columns: number): TableLine[] {
  const priced = quotes.flatMap(({ model, quote }) =>
    quote.kind === 'amount'
      ? [{ id: visibleLine(model.id), low: quote.low.total.times(times), high: quote.high.total.times(times) }]
      : [],
  );
  const shown = priced.slice(0, MOST_BARS);
  const ranges = shown.map(({ low, high }) => (low.eq(high) ? moneyText(low) : `${moneyText(low)} – ${moneyText(high)}`));
  const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => textWidth(text)));
  const isRoom = columns - widest(ranges) - LEAST_BAR - 8 >= NAME_BESIDE_RANGE;
  const costs = isRoom ? ranges : shown.map(({ low }) => moneyText(low));
  const costWidth = widest(costs);
  const nameWidth = Math.max(1, Math.min(WIDEST_NAME, widest(shown.map(({ id }) => id)), columns - costWidth - LEAST_BAR - 8));
  const names = cutNames(
    shown.map(({ id }) => id),
    nameWidth,
    'model',
  );
  const barWidth = Math.min(WIDEST_BAR, columns - nameWidth - costWidth - 8);
  const mostExpensive = Math.max(...shown.map(({ low }) => Number(low)), 0);
  const lines = shown.map(({ low }, index): TableLine => {
    const name = names[index]!;
    const cost = costs[index]!;
    const bar = barWidth < 1 || mostExpensive === 0 ? '' : barText(Number(low) / mostExpensive, barWidth);
    return [
      {
        text: `${INDENT}${name}${' '.repeat(nameWidth - textWidth(name))}  ${' '.repeat(costWidth - textWidth(cost))}${cost}  `,
      },
      { text: bar, tone: 'accent' },
    ];
  });
  const left = quotes.length - shown.length;
  return left === 0 ? lines : [...lines, [{ text: `${INDENT}… and ${left} more`, tone: 'dim' }]];
}

/** Returns the letters of the efficient points: A to Z, then a to z, cheapest first. Further points get none. */
function lettersOf(points: readonly ChartPoint[]): Map<ChartPoint, string> {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  const efficient = points.filter(({ isEfficient }) => isEfficient).slice(0, alphabet.length);
  return new Map(efficient.map((point, index) => [point, alphabet[index]!]));
}

function legend(points: readonly ChartPoint[], letters: ReadonlyMap<ChartPoint, string>, axis: ChartAxis): Table {
  return {
    columns: [
      { heading: 'efficient', align: 'left', dropOrder: 0, cut: 'name' },
      { heading: 'cost', align: 'right', dropOrder: 0 },
      { heading: axis, align: 'right', dropOrder: 1 },
    ],
    rows: points
      .filter((point) => letters.has(point))
      .map((point) => [
        { text: `${letters.get(point)} ${visibleLine(point.quote.model.id)}` },
        { text: moneyText(point.cost) },
        { text: valueText(axis, point.value) },
      ]),
  };
}
