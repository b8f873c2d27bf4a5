import { isFree } from '../../core/price/kind.ts';
import { QUOTE_PARTS, type QuoteParts } from '../../core/price/quote.ts';
import type { EndpointQuote } from '../../core/price/quote-range.ts';
import type { RankedQuote } from '../../core/price/rank-quotes.ts';
import type { Decimal } from '../../decimal.ts';
import { alignNumbers } from '../table/align-numbers.ts';
import { barText } from '../chart/chart.ts';
import { moneyText } from '../text/money.ts';
import { countText } from '../text/number.ts';
import { exactMoneyText } from '../text/price.ts';
import type { Cell, Column, Table } from '../table/table.ts';
import { visibleLine } from '../text/visible.ts';

const BAR_COLUMNS = 12;

const PART_HEADINGS: Readonly<Record<keyof QuoteParts, string>> = {
  input: 'in',
  cacheRead: 'cached',
  cacheWrite: 'to cache',
  images: 'images',
  output: 'out',
  reasoning: 'reasoning',
  request: 'request',
  search: 'search',
};
/** Shown even if they cost nothing. */
const USUAL_PARTS: ReadonlySet<keyof QuoteParts> = new Set(['input', 'output']);

export interface PriceTableOptions {
  /**
   * For a terminal: three significant digits, and a bar that compares each cost with the most expensive. Default: all digits, no
   * bar.
   */
  short?: boolean | undefined;
  /** Requests per month. */
  requests?: number | undefined;
}

interface Drawn {
  column: Column;
  cells: readonly Cell[];
}

/**
 * Returns quotes as a table, in the given order. If endpoints were quoted, it shows a range with the names of the cheapest and
 * the most expensive endpoint.
 */
export function priceTable(quotes: readonly RankedQuote[], { short = false, requests }: PriceTableOptions = {}): Table {
  const money = short ? moneyText : exactMoneyText;
  const isRange = quotes.some(({ quote }) => quote.kind === 'amount' && quote.low.endpoint !== undefined);
  const amounts = (heading: string, dropOrder: number, of: (one: RankedQuote) => string): Drawn => ({
    column: { heading, align: 'right', dropOrder },
    cells: alignNumbers(quotes.map(of)).map((text, index) => ({ text, tone: isAmount(quotes[index]!) ? undefined : 'dim' })),
  });
  const costs =
    (end: 'low' | 'high', times = 1) =>
    (one: RankedQuote) =>
      costText(one, end, times, money);
  // If the user gave the requests per month, the monthly cost matters more: the cost of one request is dropped first.
  const ofOne = requests === undefined ? 0 : 1;
  const drawn: Drawn[] = [
    {
      column: { heading: 'model', align: 'left', dropOrder: 0, cut: 'model' },
      cells: quotes.map(({ model }) => ({ text: visibleLine(model.id) })),
    },
    amounts(isRange ? 'from' : 'cost', ofOne, costs('low')),
  ];
  // The end of a range is dropped before its start.
  if (isRange) drawn.push(amounts('to', ofOne + 0.5, costs('high')));
  if (requests !== undefined) {
    drawn.push(amounts(isRange ? 'month from' : 'a month', 0, costs('low', requests)));
    if (isRange) drawn.push(amounts('month to', 0.5, costs('high', requests)));
  }
  if (isRange) drawn.push(names('cheapest at', 3, quotes, 'low'));
  drawn.push({
    column: { heading: '×', align: 'right', dropOrder: 2 },
    cells: quotes.map(({ multiple }) => ({ text: multipleText(multiple) })),
  });
  if (short) drawn.push({ column: { heading: '', align: 'left', dropOrder: 4 }, cells: barCells(quotes) });
  if (isRange) drawn.push(names('most expensive at', 5, quotes, 'high'));
  if (new Set(quotes.map(({ workload }) => workload.promptTokens)).size > 1) drawn.push(tokenCells(quotes));
  for (const part of QUOTE_PARTS) {
    const texts = quotes.map(({ quote }) => (quote.kind === 'amount' ? quote.low.parts[part] : undefined));
    if (!USUAL_PARTS.has(part) && texts.every((amount) => amount === undefined || amount.eq(0))) continue;
    const cells = alignNumbers(texts.map((amount) => (amount === undefined ? '–' : money(amount)))).map(dim);
    drawn.push({ column: { heading: PART_HEADINGS[part], align: 'right', dropOrder: 6 }, cells });
  }
  return { columns: drawn.map(({ column }) => column), rows: quotes.map((_, row) => drawn.map(({ cells }) => cells[row]!)) };
}

function isAmount({ quote }: RankedQuote): boolean {
  return quote.kind === 'amount';
}

/** Returns the cost, or the reason why there is none, which is stated only once per row. */
function costText({ model, quote }: RankedQuote, end: 'low' | 'high', times: number, money: (amount: Decimal) => string): string {
  if (quote.kind !== 'amount' && (end === 'high' || times !== 1)) return '–';
  switch (quote.kind) {
    case 'amount': {
      const { total } = quote[end];
      return total.eq(0) && isFree(model) ? 'free' : money(total.times(times));
    }
    case 'none':
      return 'no endpoint';
    case 'varies':
      return 'varies';
    case 'other':
      return 'not per token';
    case 'unknown':
      return 'unknown';
  }
}

/** Returns the provider's name, or the whole tag if several of its endpoints were quoted. */
export function endpointName({ endpoint }: EndpointQuote, all: readonly EndpointQuote[]): string {
  if (endpoint === undefined) return '–';
  const namesakes = all.filter((one) => one.endpoint?.providerName === endpoint.providerName);
  return visibleLine(namesakes.length > 1 ? endpoint.tag : endpoint.providerName);
}

function names(heading: string, dropOrder: number, quotes: readonly RankedQuote[], end: 'low' | 'high'): Drawn {
  return {
    column: { heading, align: 'left', dropOrder },
    cells: quotes.map(({ quote }) => {
      const isShown = quote.kind === 'amount' && (end === 'low' || !quote.high.total.eq(quote.low.total));
      return dim(isShown ? endpointName(quote[end], quote.all) : '–');
    }),
  };
}

function tokenCells(quotes: readonly RankedQuote[]): Drawn {
  return {
    column: { heading: 'tokens in', align: 'right', dropOrder: 5 },
    cells: quotes.map(({ workload }) => dim(countText(workload.promptTokens))),
  };
}

function dim(text: string): Cell {
  return { text, tone: 'dim' };
}

/** Returns a multiple: `1.0`, `12.5`, `350`. */
function multipleText(multiple: Decimal | undefined): string {
  return multiple === undefined ? '–' : multiple.toFixed(multiple.lt(100) ? 1 : 0, 1);
}

function barCells(quotes: readonly RankedQuote[]): Cell[] {
  const multiples = quotes.map(({ multiple }) => Number(multiple ?? 0));
  const highest = multiples.reduce((most, multiple) => Math.max(most, multiple), 1);
  return multiples.map((multiple) => ({ text: barText(multiple / highest, BAR_COLUMNS), tone: 'accent' }));
}
