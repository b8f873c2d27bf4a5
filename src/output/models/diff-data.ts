import type { CatalogueDiff } from '../../core/models/diff-catalogues.ts';
import { PRICES } from '../../core/price/names.ts';
import type { Decimal } from '../../decimal.ts';
import { csvText } from '../text/csv.ts';
import { priceData } from './endpoints-data.ts';

/** Decimals of a percentage, because the ratio of two exact prices may have endless digits. */
const PERCENT_DIGITS = 6;
const HALF_UP = 1;
const HEADINGS = ['change', 'model', 'of', 'condition', 'unit', 'before', 'after', 'percent'];

/** Returns the diff as data with the API's names. Amounts are exact USD per unit as text. */
export function diffJson(diff: CatalogueDiff): Record<string, unknown> {
  return {
    added: diff.added.map(({ wire }) => wire),
    removed: diff.removed.map(({ wire }) => wire),
    repriced: diff.repriced.map(({ model, changes }) => ({
      id: model.id,
      changes: changes.map(({ name, condition, before, after, percent }) => ({
        price: PRICES[name].wire,
        condition: condition ?? null,
        unit: PRICES[name].unit,
        before: priceData(before),
        after: priceData(after),
        percent: percentData(percent),
      })),
    })),
    relimited: diff.relimited.map(({ model, limit, before, after }) => ({
      id: model.id,
      limit: LIMITS[limit],
      before: before ?? null,
      after: after ?? null,
    })),
    expiring: diff.expiring.map(({ model, date, daysLeft }) => ({ id: model.id, expiration_date: date, days_left: daysLeft })),
  };
}

/** Returns the diff as CSV with a row for each change. Amounts are exact USD per unit. */
export function diffCsv(diff: CatalogueDiff): Promise<string> {
  type Row = (string | number | null)[];
  const row = (change: string, model: string, ...rest: Row): Row => [
    change,
    model,
    ...Array.from({ length: 6 }, (_, at) => rest[at] ?? null),
  ];
  return csvText(HEADINGS, [
    ...diff.added.map(({ id }) => row('new', id)),
    ...diff.removed.map(({ id }) => row('gone', id)),
    ...diff.repriced.flatMap(({ model, changes }) =>
      changes.map(({ name, condition, before, after, percent }) =>
        row(
          'price',
          model.id,
          PRICES[name].wire,
          condition ?? null,
          PRICES[name].unit,
          priceData(before),
          priceData(after),
          percentData(percent),
        ),
      ),
    ),
    ...diff.relimited.map(({ model, limit, before, after }) =>
      row('limit', model.id, LIMITS[limit], null, 'token', before ?? null, after ?? null),
    ),
    ...diff.expiring.map(({ model, date }) => row('leaves', model.id, 'expiration_date', null, 'date', null, date)),
  ]);
}

const LIMITS = { context: 'context_length', 'max output': 'max_completion_tokens' } as const;

/** Returns a percentage as decimal text, rounded to six decimals, or null if there is none. */
export function percentData(percent: Decimal | undefined): string | null {
  return percent === undefined ? null : percent.round(PERCENT_DIGITS, HALF_UP).toFixed();
}
