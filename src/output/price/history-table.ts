import { localMomentText } from '../../core/time/local-text.ts';
import { PRICE_NAMES, PRICES } from '../../core/price/names.ts';
import type { PriceStep } from '../../core/price/steps.ts';
import type { Price } from '../../apis/catalogue.ts';
import { alignNumbers } from '../table/align-numbers.ts';
import { csvText } from '../text/csv.ts';
import { percentData } from '../models/diff-data.ts';
import { changeText } from '../models/diff-table.ts';
import { priceData } from '../models/endpoints-data.ts';
import { perMillionText } from '../text/price.ts';
import type { Cell, Table } from '../table/table.ts';

/** Returns a row for each period with the same prices, oldest first. */
export function historyTable(steps: readonly PriceStep[], options: { short?: boolean } = {}): Table {
  const prices = (priceOf: (step: PriceStep) => Price | undefined): Cell[] =>
    alignNumbers(steps.map((step) => perMillionText(priceOf(step), options))).map((text) => ({ text }));
  const [input, output, cached] = [
    prices(({ pricing }) => pricing.prompt),
    prices(({ pricing }) => pricing.completion),
    prices(({ pricing }) => pricing.cacheRead),
  ];
  return {
    columns: [
      { heading: 'from', align: 'left', dropOrder: 0 },
      { heading: 'until', align: 'left', dropOrder: 2 },
      { heading: 'in $/M', align: 'right', dropOrder: 0 },
      { heading: 'out $/M', align: 'right', dropOrder: 0 },
      { heading: 'cached', align: 'right', dropOrder: 3 },
      { heading: 'change', align: 'left', dropOrder: 1, cut: 'end' },
    ],
    rows: steps.map((step, index) => [
      { text: localMomentText(step.from) },
      { text: localMomentText(step.to), tone: 'dim' },
      input[index]!,
      output[index]!,
      cached[index]!,
      { text: stepText(step) },
    ]),
  };
}

/** Returns the steps as data: prices with the API's names, exact USD per unit as text; times in ISO 8601. */
export function historyJson(steps: readonly PriceStep[]): unknown[] {
  return steps.map(({ from, to, pricing, changes, isReturn }) => ({
    from: new Date(from).toISOString(),
    until: new Date(to).toISOString(),
    came_back: isReturn,
    pricing: Object.fromEntries(
      PRICE_NAMES.filter((name) => pricing[name] !== undefined).map((name) => [PRICES[name].wire, priceData(pricing[name])]),
    ),
    changes: changes.map(({ name, condition, before, after, percent }) => ({
      price: PRICES[name].wire,
      condition: condition ?? null,
      before: priceData(before),
      after: priceData(after),
      percent: percentData(percent),
    })),
  }));
}

export function historyCsv(steps: readonly PriceStep[]): Promise<string> {
  return csvText(
    ['from', 'until', 'came_back', ...PRICE_NAMES.map((name) => PRICES[name].wire)],
    steps.map(({ from, to, pricing, isReturn }) => [
      new Date(from).toISOString(),
      new Date(to).toISOString(),
      isReturn,
      ...PRICE_NAMES.map((name) => priceData(pricing[name])),
    ]),
  );
}

/** Returns the changes of a step: `in -12%, out above 200k tokens +3%`. */
function stepText({ changes, isReturn }: PriceStep): string {
  const words = changes.map((change) =>
    [PRICES[change.name].label, change.condition, changeText(change)].filter(Boolean).join(' '),
  );
  return [...(isReturn ? ['came back'] : []), ...words].join(', ');
}
