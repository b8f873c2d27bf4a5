import { percentChange } from '../../core/price/diff.ts';
import { localDayText } from '../../core/time/local-text.ts';
import { PRICE_NAMES, PRICES, type PriceName } from '../../core/price/names.ts';
import { type PriceStep, sampleSteps } from '../../core/price/steps.ts';
import type { Decimal } from '../../decimal.ts';
import type { Price } from '../../apis/catalogue.ts';
import { changeText } from '../models/diff-table.ts';
import { exactMoneyText, perMillionText } from '../text/price.ts';
import { levelText } from '../chart/chart.ts';
import { wrapWords } from '../text/wrap-rows.ts';
import type { TableLine } from '../table/table.ts';

/** The height of a price that never changed. */
const ALWAYS = 3 / 7;
const LEAST_WIDTH = 16;
const MOST_WIDTH = 60;
/** Columns for the name before a line and the figures behind it. */
const BESIDE = 66;

/**
 * Returns a chart line for the input price, the output price, and every other price that has changed. The height of a bar is the
 * price, relative to the lowest and the highest of its line.
 */
export function historyLines(steps: readonly PriceStep[], columns: number): TableLine[] {
  const indent = Number.isFinite(columns) ? '  ' : '';
  const width = Math.max(LEAST_WIDTH, Math.min(MOST_WIDTH, columns - BESIDE));
  const names = PRICE_NAMES.filter((name) => isWorthALine(steps, name));
  const label = (name: PriceName): string => `${PRICES[name].label} ${PRICES[name].unit === 'token' ? '$/M' : '$'}`;
  const labelWidth = names.reduce((widest, name) => Math.max(widest, label(name).length), 0);
  const gap = steps.some(({ isReturn }) => isReturn) ? '   a gap: it was not listed' : '';
  const span = `${localDayText(steps[0]!.from)} to ${localDayText(steps.at(-1)!.to)}${gap}`;
  return [
    [{ text: `${indent}${' '.repeat(labelWidth)}  ${span}`, tone: 'dim' }],
    ...names.flatMap((name): TableLine[] => {
      const line = sparkline(sampleSteps(steps, (pricing) => pricing[name], width));
      const chart: TableLine = [{ text: `${indent}${label(name).padEnd(labelWidth)}  ` }, { text: line, tone: 'accent' }];
      const beside = `  ${figures(steps, name)}`;
      if (indent.length + labelWidth + 2 + width + beside.length < columns) return [[...chart, { text: beside }]];
      return [chart, ...wrapWords(indent + figures(steps, name), columns).map((text): TableLine => [{ text }])];
    }),
    [],
  ];
}

/** Returns a bar for each price, by its position between the lowest and the highest price; a space if there is no price. */
export function sparkline(prices: readonly (Price | undefined)[]): string {
  const known = prices.filter((price) => typeof price === 'object');
  const [least, most] = [extreme(known, -1), extreme(known, 1)];
  return prices
    .map((price) => {
      if (typeof price !== 'object') return ' ';
      if (least!.eq(most!)) return levelText(ALWAYS);
      return levelText(Number(price.minus(least!).div(most!.minus(least!))));
    })
    .join('');
}

/** Returns the figures of a price: `last 0.27 · least 0.27 · most 0.54 · -50%`, or `always 0.27`. */
function figures(steps: readonly PriceStep[], name: PriceName): string {
  const prices = steps.map(({ pricing }) => pricing[name]);
  const known = prices.filter((price) => typeof price === 'object');
  const [least, most] = [extreme(known, -1), extreme(known, 1)];
  const text = (price: Price | undefined): string =>
    typeof price === 'object' && PRICES[name].unit !== 'token' ? exactMoneyText(price) : perMillionText(price, { short: true });
  if (least === undefined || most === undefined || (least.eq(most) && known.length === prices.length))
    return `always ${text(prices.at(-1))}`;
  const [before, after] = [prices[0], prices.at(-1)];
  const change = { before, after, percent: percentChange(before, after) };
  return [`last ${text(after)}`, `least ${text(least)}`, `most ${text(most)}`, changeText(change)]
    .filter((part) => part !== '')
    .join(' · ');
}

function isWorthALine(steps: readonly PriceStep[], name: PriceName): boolean {
  if (name === 'prompt' || name === 'completion') return true;
  return steps.some(({ changes }) => changes.some((change) => change.name === name && change.condition === undefined));
}

function extreme(prices: readonly Decimal[], sign: 1 | -1): Decimal | undefined {
  return prices.reduce<Decimal | undefined>(
    (match, price) => (match === undefined || price.cmp(match) === sign ? price : match),
    undefined,
  );
}
