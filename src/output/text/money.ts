import { decimal, type Decimal } from '../../decimal.ts';

const HALF_UP = 1;

/**
 * Returns USD for people: from one dollar on with two decimals, below that with three significant digits. `$12.84`, `$0.0160`,
 * `$0.000412`, `$0`. Exact amounts are for `--json`.
 */
export function moneyText(amount: Decimal | string): string {
  const value = typeof amount === 'string' ? decimal(amount) : amount;
  if (value.eq(0)) return '$0';
  const sign = value.lt(0) ? '-' : '';
  const size = value.abs();
  if (size.gte(1)) return `${sign}$${size.toFixed(2, HALF_UP)}`;
  const rounded = size.prec(3, HALF_UP);
  // Rounding may have carried to the next power of ten (0.9999 → 1.00).
  return `${sign}$${rounded.gte(1) ? rounded.toFixed(2) : rounded.toFixed(2 - rounded.e)}`;
}
