import { quoteTokens } from '../../core/models/live/quote.ts';
import type { LiveQuote, QuoteSide } from '../../core/models/live/state.ts';
import { fitTable } from '../../output/table/fit.ts';
import type { Table, TableLine } from '../../output/table/table.ts';
import { countText } from '../../output/text/number.ts';
import { fitLine, type Line } from '../screen/line.ts';

/** The price of some models for a prompt and an answer of some size. */
export interface ShownQuote {
  quote: LiveQuote;
  /** Endpoints are being asked for: until they are known the price is the catalogue's. */
  isAsking: boolean;
  /** As `orx price` shows it. */
  table: Table;
}

/** What stands above the table of prices. */
const ROWS_ABOVE = 2;

/** Rows that a quote of so many models takes. */
export function quoteRows(models: number): number {
  return ROWS_ABOVE + 1 + models;
}

/** The quote below the table of models, in so many rows at most. */
export function quoteLines({ quote, isAsking, table }: ShownQuote, width: number, rows: number): Line[] {
  const side = (name: QuoteSide, text: string): TableLine => {
    const isChanged = quote.side === name;
    const count = quote.sizes[name] === '' ? '' : countText(quoteTokens(quote, name));
    return [{ text: isChanged ? `[${count}▏]` : count, tone: isChanged ? 'accent' : undefined }, { text }];
  };
  const sizes: TableLine = [
    { text: '  price of ' },
    ...side('in', ' tokens in, '),
    ...side('out', ' out'),
    { text: isAsking ? '   asking for endpoints …' : '', tone: 'dim' },
  ];
  // fitTable keeps the last column of the terminal free itself.
  const lines = fitTable(table, width + 1);
  return [[], sizes, ...lines].slice(0, rows).map((line) => fitLine(line, width));
}
