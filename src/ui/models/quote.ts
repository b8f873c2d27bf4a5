import { quoteTokens } from '../../core/models/live/quote.ts';
import type { LiveQuote, QuoteSide } from '../../core/models/live/state.ts';
import { fitTable } from '../../output/table/fit.ts';
import type { Table, TableLine } from '../../output/table/table.ts';
import { countText } from '../../output/text/number.ts';
import { fitLine, type Line } from '../screen/line.ts';

/** The price of some models for a given number of prompt and answer tokens. */
export interface ShownQuote {
  quote: LiveQuote;
  /** Endpoints are being loaded. Until they are known, prices are the catalogue's. */
  isAsking: boolean;
  /** The table of `orx price`. */
  table: Table;
}

/** Rows above the table of prices. */
const ROWS_ABOVE = 2;

/** Returns the number of rows of a quote for this many models. */
export function quoteRows(models: number): number {
  return ROWS_ABOVE + 1 + models;
}

/** Returns at most `rows` lines of the quote, for below the table of models. */
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
    { text: isAsking ? '   loading endpoints …' : '', tone: 'dim' },
  ];
  // fitTable itself keeps the terminal's last column free.
  const lines = fitTable(table, width + 1);
  return [[], sizes, ...lines].slice(0, rows).map((line) => fitLine(line, width));
}
