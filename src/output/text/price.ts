import { decimalText, type Decimal } from '../../decimal.ts';
import type { Price } from '../../apis/catalogue.ts';

/** In characters. Longer prices are rounded if there is little room. */
const ROOM = 8;
const HALF_UP = 1;

/**
 * Returns a price per token as USD per million tokens, exact, with at least two decimals: `0.27`, `3.00`, `0.0833333333333333`.
 * With `short`, a price with many digits is rounded to cents or three significant digits and marked: `~0.0833`.
 */
export function perMillionText(price: Price | undefined, options: { short?: boolean } = {}): string {
  if (price === undefined) return '–';
  if (price === 'varies') return 'varies';
  const perMillion = price.times(1_000_000);
  const exact = withCents(perMillion);
  if (options.short !== true || exact.length <= ROOM) return exact;
  const rounded = perMillion.lt(1) ? perMillion.prec(3, HALF_UP) : perMillion.round(2, HALF_UP);
  return rounded.eq(perMillion) ? exact : `~${withCents(rounded)}`;
}

/** Returns USD with all digits: `$0.000764`, `$12`. */
export function exactMoneyText(amount: Decimal): string {
  return `$${decimalText(amount)}`;
}

function withCents(amount: Decimal): string {
  const text = decimalText(amount);
  const point = text.indexOf('.');
  return point !== -1 && text.length - point > 2 ? text : amount.toFixed(2);
}
