import { decimal, type Decimal } from '../../decimal.ts';
import { moneyText } from '../text/money.ts';

/** `$0.0361 paid to providers with your own keys`; undefined for nothing. */
export function upstreamText(amount: Decimal | string | undefined): string | undefined {
  if (amount === undefined || decimal(amount).eq(0)) return undefined;
  return `${moneyText(amount)} paid to providers with your own keys`;
}

/** ` (with $0.0361 paid to providers with your own keys)`, for behind an amount; nothing where nothing was. */
export function included(amount: Decimal): string {
  const text = upstreamText(amount);
  return text === undefined ? '' : ` (${text})`;
}
