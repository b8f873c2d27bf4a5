import { isFree } from '../core/price-kind.ts';
import type { RankedQuote } from '../core/rank-quotes.ts';
import type { QuoteParts, Workload } from '../core/quote.ts';
import type { Decimal } from '../decimal.ts';
import { alignNumbers } from './align-numbers.ts';
import { catalogueAge } from './catalogue-note.ts';
import { countText } from './number-text.ts';
import { exactMoneyText } from './price-text.ts';
import type { Cell, Column, Table } from './table.ts';
import { visibleLine } from './visible-text.ts';

const BAR_COLUMNS = 12;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** `1,200 tokens in · 400 out · prices 38 s old`; what was not asked for names the flag that would. */
export function priceNote(workload: Workload, isGiven: { in: boolean; out: boolean }, ageMs: number): string {
  const input = `${countText(workload.promptTokens)} tokens in${isGiven.in ? '' : ' (--in)'}`;
  const output = `${countText(workload.completionTokens)} out${isGiven.out ? '' : ' (--out)'}`;
  return `${input} · ${output} · prices ${catalogueAge(ageMs)}`;
}

/** Quotes as a table, in the order given: every amount with every digit. With `bars` a bar shows each cost beside the dearest. */
export function priceTable(quotes: readonly RankedQuote[], options: { bars?: boolean } = {}): Table {
  const hasRequestFee = quotes.some(({ quote }) => quote.kind === 'amount' && quote.parts.request.gt(0));
  const columns: { column: Column; cells: Cell[] }[] = [
    {
      column: { heading: 'model', align: 'left', dropOrder: 0 },
      cells: quotes.map(({ model }) => ({ text: visibleLine(model.id) })),
    },
    { column: { heading: 'cost', align: 'right', dropOrder: 0 }, cells: costCells(quotes) },
    {
      column: { heading: '×', align: 'right', dropOrder: 1 },
      cells: quotes.map(({ multiple }) => ({ text: multipleText(multiple) })),
    },
    { column: { heading: 'in', align: 'right', dropOrder: 2 }, cells: partCells(quotes, 'input') },
    { column: { heading: 'out', align: 'right', dropOrder: 2 }, cells: partCells(quotes, 'output') },
  ];
  if (hasRequestFee)
    columns.push({ column: { heading: 'request', align: 'right', dropOrder: 2 }, cells: partCells(quotes, 'request') });
  if (options.bars === true) columns.push({ column: { heading: '', align: 'left', dropOrder: 3 }, cells: barCells(quotes) });
  return {
    columns: columns.map(({ column }) => column),
    rows: quotes.map((_, index) => columns.map(({ cells }) => cells[index]!)),
  };
}

function costCells(quotes: readonly RankedQuote[]): Cell[] {
  const texts = quotes.map(({ model, quote }) => {
    if (quote.kind === 'amount') return isFree(model) ? 'free' : exactMoneyText(quote.total);
    return quote.kind === 'varies' ? 'varies' : 'not per token';
  });
  return alignNumbers(texts).map((text, index) => ({ text, tone: quotes[index]!.quote.kind === 'amount' ? undefined : 'dim' }));
}

function partCells(quotes: readonly RankedQuote[], part: keyof QuoteParts): Cell[] {
  const texts = quotes.map(({ quote }) => (quote.kind === 'amount' ? exactMoneyText(quote.parts[part]) : '–'));
  return alignNumbers(texts).map((text) => ({ text, tone: 'dim' }));
}

/** `1.0`, `12.5`, `350` */
function multipleText(multiple: Decimal | undefined): string {
  return multiple === undefined ? '–' : multiple.toFixed(multiple.lt(100) ? 1 : 0, 1);
}

function barCells(quotes: readonly RankedQuote[]): Cell[] {
  const multiples = quotes.map(({ multiple }) => Number(multiple ?? 0));
  const highest = multiples.reduce((most, multiple) => Math.max(most, multiple), 1);
  return multiples.map((multiple) => ({ text: multiple === 0 ? '' : barText(multiple / highest), tone: 'accent' }));
}

function barText(share: number): string {
  const eighths = Math.max(1, Math.round(share * BAR_COLUMNS * 8));
  return '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
}
