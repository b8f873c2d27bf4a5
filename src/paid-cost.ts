import { decimal, decimalText, parseDecimal } from './decimal.ts';

/** The two parts of what a request costs. */
export interface CostParts {
  /** USD charged by the API, exact decimal text. */
  cost?: string | undefined;
  /** USD that the provider charges the user's own key; undefined where no such key was used. Never part of `cost`. */
  upstreamCost?: string | undefined;
}

/** Returns what the user pays altogether, or undefined when nothing is known. */
export function paidCost({ cost, upstreamCost }: CostParts): string | undefined {
  if (upstreamCost === undefined || cost === undefined) return cost ?? upstreamCost;
  return decimalText(decimal(cost).plus(upstreamCost));
}

/** In USD. No request costs more; a server that reports more is wrong. */
export const HIGHEST_COST = decimal(1_000_000);
/** The longest cost seen has some 20 characters. A cost of 1e-999999 would fill the screen, and the memory with it. */
const LONGEST_COST = 64;
const SMALLEST_EXPONENT = -40;
/** Amounts below the highest cost that are written as decimalText writes them: nearly all. */
const EXACT = /^(?:0|[1-9]\d{0,5})(?:\.\d{0,17}[1-9])?$/;

/** Amounts below the highest cost that are exact in units of 1e-18 USD: nearly all. */
const PLAIN = /^\d{1,6}(?:\.\d{1,18})?$/;

/** Returns whether a text is plain digits that `parseCost` accepts: no other form needs to be parsed as a decimal. */
export function isPlainCost(text: string): boolean {
  return PLAIN.test(text);
}

/** Returns whether `parseCost` accepts a text. */
export function isCost(text: string): boolean {
  return PLAIN.test(text) || parseCost(text) !== undefined;
}

/**
 * Reads what a request cost, as exact decimal text, from a number or from decimal text. Returns undefined for what no cost can be: a negative
 * amount (also a refund), more than a million dollars, text that is no number, or anything else. Such a cost is shown and counted as unknown.
 */
export function parseCost(value: unknown): string | undefined {
  if (typeof value === 'string') {
    if (EXACT.test(value)) return value;
    if (value.length > LONGEST_COST) return undefined;
  }
  const amount = parseDecimal(value);
  if (amount === undefined || amount.lt(0) || amount.gt(HIGHEST_COST) || amount.e < SMALLEST_EXPONENT) return undefined;
  return decimalText(amount);
}
