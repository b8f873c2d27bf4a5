import { decimal, type Decimal } from '../../decimal.ts';
import { moneyText } from '../text/money.ts';

/** Returns `$0.0361 paid to providers with your own keys`, or undefined for nothing. */
export function upstreamText(amount: Decimal | string | undefined): string | undefined {
  if (amount === undefined || decimal(amount).eq(0)) return undefined;
  return `${moneyText(amount)} paid to providers with your own keys`;
}

/** Returns a suffix for an amount, ` ($0.0361 paid to providers with your own keys)`, or an empty string for nothing. */
export function included(amount: Decimal): string {
  const text = upstreamText(amount);
  return text === undefined ? '' : ` (${text})`;
}
