import type { CatalogueDiff } from '../core/market/diff-catalogues.ts';
import type { PriceChange } from '../core/market/diff-prices.ts';
import { PRICES } from '../core/market/price-names.ts';
import type { Decimal } from '../decimal.ts';
import type { Model, Price } from '../providers/catalogue.ts';
import { countText } from './number-text.ts';
import { exactMoneyText, perMillionText } from './price-text.ts';
import type { Cell, Table, Tone } from './table.ts';
import { visibleLine } from './visible-text.ts';

const HALF_UP = 1;

/** What differs, a row for each change. With `short` long prices are rounded, marked with `~`. */
export function diffTable(diff: CatalogueDiff, options: { short?: boolean } = {}): Table {
  const row = (
    model: Model,
    what: string,
    tone: Tone | undefined,
    ...rest: [of?: string, old?: string, now?: string, by?: string]
  ): Cell[] => [
    { text: visibleLine(model.id) },
    { text: what, tone },
    ...[0, 1, 2, 3].map((index) => ({ text: rest[index] ?? '' })),
  ];
  const listed = ({ pricing }: Model): string =>
    `${perMillionText(pricing.prompt, options)} / ${perMillionText(pricing.completion, options)}`;
  return {
    columns: [
      { heading: 'model', align: 'left', dropOrder: 0 },
      { heading: 'what', align: 'left', dropOrder: 0 },
      { heading: 'of', align: 'left', dropOrder: 0 },
      { heading: 'before', align: 'right', dropOrder: 1 },
      { heading: 'after', align: 'right', dropOrder: 0 },
      { heading: 'change', align: 'right', dropOrder: 0 },
    ],
    rows: [
      ...diff.added.map((model) => row(model, 'new', 'accent', 'in / out', '', listed(model))),
      ...diff.removed.map((model) => row(model, 'gone', 'warning', 'in / out', listed(model))),
      ...diff.repriced.flatMap(({ model, changes }) =>
        changes.map((change) =>
          row(
            model,
            'price',
            undefined,
            priceLabel(change),
            unitText(change, change.before, options),
            unitText(change, change.after, options),
            changeText(change),
          ),
        ),
      ),
      ...diff.relimited.map(({ model, limit, before, after }) =>
        row(model, 'limit', 'dim', limit, limitText(before), limitText(after)),
      ),
      ...diff.expiring.map(({ model, date, daysLeft }) => row(model, 'leaves', 'warning', '', '', date, daysText(daysLeft))),
    ],
  };
}

/** `2 new, 0 gone, 35 repriced, 13 with other limits, 2 leave within 30 days` */
export function diffSummary({ added, removed, repriced, relimited, expiring }: CatalogueDiff): string {
  const limited = new Set(relimited.map(({ model }) => model.id)).size;
  const parts = [
    `${countText(added.length)} new`,
    `${countText(removed.length)} gone`,
    `${countText(repriced.length)} repriced`,
    `${countText(limited)} with other limits`,
    `${countText(expiring.length)} to leave within 30 days`,
  ];
  return parts.join(', ');
}

/** `+12.5 %`, `-38 %`, `±0 %` where only digits behind any that matter moved; `new` and `gone` for a price that was not, or is no more. */
export function changeText({ before, after, percent }: Pick<PriceChange, 'before' | 'after' | 'percent'>): string {
  if (before === undefined) return 'new';
  if (after === undefined) return 'gone';
  if (percent === undefined) return typeof after === 'object' && after.eq(0) ? 'free' : '';
  return percentText(percent);
}

function percentText(percent: Decimal): string {
  const rounded = percent.abs().gte(10) ? percent.round(0, HALF_UP) : percent.round(1, HALF_UP);
  if (rounded.eq(0)) return '±0 %';
  return `${rounded.gt(0) ? '+' : ''}${rounded.toFixed()} %`;
}

function priceLabel({ name, condition }: PriceChange): string {
  return condition === undefined ? PRICES[name].label : `${PRICES[name].label} ${condition}`;
}

function unitText({ name }: PriceChange, price: Price | undefined, options: { short?: boolean }): string {
  if (price === undefined) return '–';
  if (price === 'varies') return price;
  return PRICES[name].unit === 'token' ? perMillionText(price, options) : `${exactMoneyText(price)} each`;
}

function limitText(tokens: number | undefined): string {
  return tokens === undefined ? '–' : countText(tokens);
}

function daysText(days: number): string {
  return days < 0 ? 'past' : days === 0 ? 'today' : `${days} d`;
}
