import { decimal } from '../../decimal.ts';
import { moneyText } from '../text/money.ts';
import type { TableLine } from '../table/table.ts';
import { textWidth } from '../text/width.ts';

const ROWS = 14;
const LEAST_COLUMNS = 20;
const MOST_COLUMNS = 110;
const FREE = 'free';

export interface ScatterPoint {
  /** USD. A cost of 0 is left of the axis. */
  cost: number;
  value: number;
  /** One column wide. A letter covers other points. */
  mark: string;
}

export interface ScatterOptions {
  columns: number;
  /** Uses a logarithmic scale for values, which may differ a thousandfold. The scale of costs is always logarithmic. */
  isLogarithmic: boolean;
  valueText: (value: number) => string;
}

/**
 * Returns a scatter plot with the cost on a logarithmic horizontal axis and the value on the vertical axis. Several points in one
 * place are `:`.
 */
export function scatterLines(
  points: readonly ScatterPoint[],
  { columns, isLogarithmic, valueText }: ScatterOptions,
): TableLine[] {
  const scale = isLogarithmic ? Math.log : (value: number): number => value;
  const values = points.map(({ value }) => scale(value));
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  const labels = [valueText(isLogarithmic ? Math.exp(highest) : highest), valueText(isLogarithmic ? Math.exp(lowest) : lowest)];
  const labelWidth = Math.max(...labels.map((text) => textWidth(text)));
  const costs = points.map(({ cost }) => cost).filter((cost) => cost > 0);
  const [cheapest, mostExpensive] = costs.length === 0 ? [1, 1] : [Math.min(...costs), Math.max(...costs)];
  const hasFree = costs.length < points.length;
  const freeWidth = hasFree ? FREE.length + 1 : 0;
  const width = Math.max(LEAST_COLUMNS, Math.min(MOST_COLUMNS, columns - labelWidth - 4)) - freeWidth;
  const grid = Array.from({ length: ROWS }, () => Array.from({ length: freeWidth + width }, () => ' '));
  for (const { cost, value, mark } of points) {
    const row = ROWS - 1 - Math.round(portion(scale(value), lowest, highest) * (ROWS - 1));
    const column =
      cost > 0 ? freeWidth + Math.round(portion(Math.log(cost), Math.log(cheapest), Math.log(mostExpensive)) * (width - 1)) : 0;
    const before = grid[row]![column]!;
    grid[row]![column] = isLetter(before) ? before : isLetter(mark) || before === ' ' ? mark : ':';
  }
  const rows = grid.map((cells, row): TableLine => {
    const label = row === 0 ? labels[0]! : row === ROWS - 1 ? labels[1]! : '';
    return [
      { text: `  ${' '.repeat(labelWidth - textWidth(label))}${label} `, tone: 'dim' },
      { text: '|', tone: 'dim' },
      { text: cells.join('').trimEnd() },
    ];
  });
  const [from, to] = [moneyText(decimal(cheapest)), moneyText(decimal(mostExpensive))];
  const space = ' '.repeat(Math.max(1, width - from.length - to.length));
  const margin = ' '.repeat(labelWidth + 3);
  const axis = costs.length === 0 ? '' : cheapest === mostExpensive ? from : `${from}${space}${to}`;
  return [
    ...rows,
    [{ text: `${margin}+${'-'.repeat(freeWidth + width)}`, tone: 'dim' }],
    [{ text: `${margin} ${hasFree ? `${FREE} ` : ''}${axis}`, tone: 'dim' }],
  ];
}

function portion(value: number, low: number, high: number): number {
  return high > low ? (value - low) / (high - low) : 0;
}

function isLetter(mark: string): boolean {
  return /^[A-Za-z]$/.test(mark);
}
