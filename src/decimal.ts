import Big from 'big.js';

// Prices go down to 1e-11 and sums must not turn into exponents: plain digits always.
Big.NE = -60;
Big.PE = 60;

/** An exact decimal number. Money is only ever this, or its text. */
export type Decimal = Big;

/**
 * Reads a decimal exactly, from text as the API writes prices (`"0.00000027"`, `"1e-7"`) or from a JSON number
 * (whose shortest text is taken). Returns undefined for anything that is not a finite number.
 */
export function parseDecimal(value: unknown): Decimal | undefined {
  if (typeof value === 'number' ? !Number.isFinite(value) : typeof value !== 'string') return undefined;
  try {
    return new Big(typeof value === 'string' ? value.trim() : String(value));
  } catch {
    return undefined;
  }
}

/** Exact decimal from a whole number or from decimal text that is known to be one. Throws on anything else. */
export function decimal(value: number | string | Decimal): Decimal {
  return new Big(value);
}

/** Exact digits without exponent and without trailing zeros: the form in `--json`, in the cache and on the wire. */
export function decimalText(value: Decimal): string {
  return value.toFixed();
}
