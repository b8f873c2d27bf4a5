import type { CatalogueDiff } from '../../core/models/diff-catalogues.ts';
import type { PriceChange } from '../../core/price/diff.ts';
import { PRICES } from '../../core/price/names.ts';
import { priceKind } from '../../core/price/kind.ts';
import type { Decimal } from '../../decimal.ts';
import type { Model, Price } from '../../apis/catalogue.ts';
import { countText } from '../text/number.ts';
import { exactMoneyText, perMillionText } from '../text/price.ts';
import type { Cell, Table, TableTone } from '../table/table.ts';
import { visibleLine } from '../text/visible.ts';

const HALF_UP = 1;
/** Smaller changes are shown as `±0%`. */
const SMALLEST_PERCENT = 0.05;

/**
 * Returns the differences, a row for each: new models, removed models, prices (those with only different rounding last), limits,
 * and expiring models. With `short`, long prices are rounded and marked with `~`.
 */
export function diffTable(diff: CatalogueDiff, options: { short?: boolean } = {}): Table {
  const priced = diff.repriced.flatMap(({ model, changes }) => changes.map((change) => ({ model, change })));
  return {
    columns: [
      { heading: 'model', align: 'left', dropOrder: 0, cut: 'model' },
      { heading: 'of', align: 'left', dropOrder: 0, cut: 'end' },
      { heading: 'before', align: 'right', dropOrder: 2 },
      { heading: 'after', align: 'right', dropOrder: 0 },
      { heading: 'change', align: 'right', dropOrder: 1 },
    ],
    rows: [
      ...diff.added.map((model) => row(model, 'accent', 'in / out', '', listedText(model, options), 'new')),
      ...diff.removed.map((model) => row(model, 'warning', 'in / out', listedText(model, options), '', 'gone')),
      ...[false, true].flatMap((isLast) =>
        priced
          .filter(({ change }) => isOnlyDigits(change) === isLast)
          .map(({ model, change }) =>
            row(
              model,
              isLast ? 'dim' : undefined,
              priceLabel(change),
              unitText(change, change.before, options),
              unitText(change, change.after, options),
              changeText(change),
            ),
          ),
      ),
      ...diff.relimited.map(({ model, limit, before, after }) =>
        row(model, 'dim', limit, limitText(before), limitText(after), ''),
      ),
      ...diff.expiring.map(({ model, date, daysLeft }) => row(model, 'warning', 'leaves', '', date, daysText(daysLeft))),
    ],
  };
}

function row(model: Model, tone: TableTone | undefined, ...texts: readonly [string, string, string, string]): Cell[] {
  return [{ text: visibleLine(model.id) }, ...texts.map((text, index) => ({ text, tone: index === 3 ? tone : undefined }))];
}

function listedText(model: Model, options: { short?: boolean }): string {
  const { prompt, completion } = model.pricing;
  switch (priceKind(model)) {
    case 'free':
      return 'free';
    case 'varies':
      return 'varies';
    case 'unknown':
      return 'unknown';
    case 'other':
      return '–';
    case 'per-token':
      return `${perMillionText(prompt, options)} / ${perMillionText(completion, options)}`;
  }
}

/** Reports whether a price only has more or fewer digits and is effectively unchanged. */
function isOnlyDigits({ percent }: PriceChange): boolean {
  return percent !== undefined && percent.abs().lt(SMALLEST_PERCENT);
}

/** Returns a summary: `2 new, 0 gone, 35 repriced, 13 with other limits, 2 to leave within 30 days`. */
export function diffSummary({ added, removed, repriced, relimited, expiring }: CatalogueDiff): string {
  const limited = new Set(relimited.map(({ model }) => model.id)).size;
  const onlyDigits = repriced.filter(({ changes }) => changes.every(isOnlyDigits)).length;
  const parts = [
    `${countText(added.length)} new`,
    `${countText(removed.length)} gone`,
    `${countText(repriced.length)} repriced${onlyDigits === 0 ? '' : ` (${countText(onlyDigits)} of them by rounding only)`}`,
    `${countText(limited)} with other limits`,
    `${countText(expiring.length)} to be removed within 30 days`,
  ];
  return parts.join(', ');
}

/**
 * Returns a change in percent: `+12.5%`, `-38%`, or `±0%` for a negligible change. Returns `new price` for a
 * price that was added, and `no price` for one that was removed.
 */
export function changeText({ before, after, percent }: Pick<PriceChange, 'before' | 'after' | 'percent'>): string {
  if (before === undefined) return 'new price';
  if (after === undefined) return 'no price';
  if (percent === undefined) return typeof after === 'object' && after.eq(0) ? 'free' : '';
  return percentText(percent);
}

function percentText(percent: Decimal): string {
  if (percent.abs().lt(SMALLEST_PERCENT)) return '±0%';
  const rounded = percent.abs().gte(10) ? percent.round(0, HALF_UP) : percent.round(1, HALF_UP);
  return `${rounded.gt(0) ? '+' : ''}${rounded.toFixed()}%`;
}

function priceLabel({ name, condition }: PriceChange): string {
  const when = condition?.replace(/above (\S+) tokens/, '>$1');
  return [PRICES[name].label, when].filter(Boolean).join(' ');
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
