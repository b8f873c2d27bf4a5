import type { LiveKey } from '../../live-key.ts';
import type { LiveQuote, LiveTable, QuoteSide } from './state.ts';

const FIRST_SIZES: LiveQuote['sizes'] = { in: '1000', out: '1000' };
/** Sizes that the arrow keys step through. */
const STEPS = [100, 1000, 10_000, 100_000, 1_000_000];
const LONGEST = 8;

/** Opens the price of the marked models, or of the current one, with the most recent sizes. */
export function openQuote(table: LiveTable, current: string): LiveTable {
  const models = table.marked.length > 0 ? table.marked : [current];
  const sizes = table.quote?.sizes ?? FIRST_SIZES;
  return { ...table, pane: 'price', quote: { models, sizes, side: 'in', isWhole: true } };
}

/** Returns the tokens of a side; an empty text counts as 0. */
export function quoteTokens({ sizes }: LiveQuote, side: QuoteSide): number {
  return Number(sizes[side]);
}

/** Returns the quote after a key press; undefined if the quote does not use the key. */
export function pressQuoteKey(quote: LiveQuote, { name, text = '' }: LiveKey): LiveQuote | undefined {
  const size = quote.sizes[quote.side];
  const withSize = (next: string, isWhole = false): LiveQuote => ({
    ...quote,
    isWhole,
    sizes: { ...quote.sizes, [quote.side]: next.replace(/^0+(?=\d)/, '').slice(0, LONGEST) },
  });
  if (/^\d$/.test(text)) return withSize(quote.isWhole ? text : size + text);
  if (text === 'k') return withSize(`${size}000`, true);
  switch (name) {
    case 'backspace':
      return withSize(size.slice(0, -1));
    case 'ctrl-u':
      return withSize('');
    case 'up':
      return withSize(String(STEPS.find((step) => step > Number(size)) ?? STEPS.at(-1)), true);
    case 'down':
      return withSize(String(STEPS.findLast((step) => step < Number(size)) ?? STEPS[0]), true);
    case 'tab':
    case 'left':
    case 'right':
      return { ...quote, side: quote.side === 'in' ? 'out' : 'in', isWhole: true };
    default:
      return undefined;
  }
}
