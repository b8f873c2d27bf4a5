import { decimalText, type Decimal } from '../../decimal.ts';
import type { Price } from '../../apis/catalogue.ts';

/** Longer prices than this are rounded where there is little room. */
const ROOM = 8;
const HALF_UP = 1;

/**
 * A price per token as USD per million tokens, exact, with two digits after the point at least: `0.27`, `3.00`,
 * `0.0833333333333333`. With `short` one of many digits is rounded to cents, or to three significant digits, and says so: `~0.0833`.
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

/** USD with every digit there is: `$0.000764`, `$12`. */
export function exactMoneyText(amount: Decimal): string {
  return `$${decimalText(amount)}`;
}

function withCents(amount: Decimal): string {
  const text = decimalText(amount);
  const point = text.indexOf('.');
  return point !== -1 && text.length - point > 2 ? text : amount.toFixed(2);
}
