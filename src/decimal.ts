import Big from 'big.js';

// Prices go down to 1e-11 and sums must not be written with an exponent: always plain digits.
Big.NE = -60;
Big.PE = 60;

/** An exact decimal number. Amounts of money always have this type, or are its text. */
export type Decimal = Big;

/**
 * Parses a decimal exactly, from text as the API writes prices (`"0.00000027"`, `"1e-7"`) or from a JSON number (by its shortest text). Returns
 * undefined for anything that is not a finite number.
 */
export function parseDecimal(value: unknown): Decimal | undefined {
  if (typeof value === 'number' ? !Number.isFinite(value) : typeof value !== 'string') return undefined;
  try {
    return new Big(typeof value === 'string' ? value.trim() : String(value));
  } catch {
    return undefined;
  }
}

/** Returns an exact decimal from a whole number or valid decimal text. Throws for anything else. */
export function decimal(value: number | string | Decimal): Decimal {
  return new Big(value);
}

/** Returns whether a decimal is zero. Comparing it with 0 would make another decimal each time, and lists of models ask this thousands of times. */
export function isZero(value: Decimal): boolean {
  return value.c[0] === 0;
}

/** Returns whether a decimal is above zero. */
export function isPositive(value: Decimal): boolean {
  return value.s > 0 && !isZero(value);
}

/** Returns exact digits without exponent and trailing zeros: the form in `--json`, in the cache and on the wire. */
export function decimalText(value: Decimal): string {
  return value.toFixed();
}
