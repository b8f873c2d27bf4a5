import { decimalText, parseDecimal } from '../../decimal.ts';
import { type CostParts, HIGHEST_COST, isCost, isPlainCost } from '../../paid-cost.ts';

const DIGITS = 18;
const NANO_DIGITS = 9;
const NANO = 1_000_000_000n;
const BILLION = 1_000_000_000;
const POINT = '.'.charCodeAt(0);
const ZERO = '0'.charCodeAt(0);

/**
 * Converts an amount to units of 1e-18 USD, in which sums are calculated. Prices per token go down to about 1e-11; finer amounts are rounded in
 * sums, while the entry keeps its text. An amount above the highest cost counts as that, so that no sum can overflow. Undefined and invalid text
 * count as 0.
 */
export function toUnits(text: string | undefined): bigint {
  if (text === undefined) return 0n;
  if (isPlainCost(text)) {
    const [whole = '', fraction = ''] = text.split('.');
    return BigInt(whole + fraction.padEnd(DIGITS, '0'));
  }
  const amount = parseDecimal(text);
  if (amount === undefined) return 0n;
  return BigInt(decimalText((amount.gt(HIGHEST_COST) ? HIGHEST_COST : amount).times(`1e${DIGITS}`).round(0)));
}

/** Returns the total cost of a request: for the API and, with the user's own provider key, for the provider. */
export function paidUnits(parts: CostParts): bigint {
  return toUnits(parts.cost) + toUnits(parts.upstreamCost);
}

/** Returns whether a text is a valid amount for an entry. */
export function isAmount(text: string | undefined): text is string {
  return text !== undefined && isCost(text);
}

/** Splits an amount for SQLite, which stores and adds both parts: whole billionths of a USD, and billionths of those. */
export function toParts(units: bigint): { nano: bigint; rest: bigint } {
  return { nano: units / NANO, rest: units % NANO };
}

/**
 * Returns `toParts(toUnits(text))` as numbers. Both parts are below 2^53: no request costs more than a million dollars. Numbers are calculated
 * and bound faster than bigints.
 */
export function amountParts(text: string | undefined): { nano: number; rest: number } {
  if (text === undefined) return { nano: 0, rest: 0 };
  if (isPlainCost(text)) return plainParts(text);
  const { nano, rest } = toParts(toUnits(text));
  return { nano: Number(nano), rest: Number(rest) };
}

/** Returns the parts of `paidUnits` as numbers. */
export function paidAmountParts({ cost, upstreamCost }: CostParts): { nano: number; rest: number } {
  const [own, upstream] = [amountParts(cost), amountParts(upstreamCost)];
  const rest = own.rest + upstream.rest;
  const isCarried = rest >= BILLION;
  return { nano: own.nano + upstream.nano + Number(isCarried), rest: isCarried ? rest - BILLION : rest };
}

function plainParts(text: string): { nano: number; rest: number } {
  let [nano, rest, decimals] = [0, 0, -1];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code !== POINT && decimals < NANO_DIGITS) nano = nano * 10 + code - ZERO;
    else if (code !== POINT) rest = rest * 10 + code - ZERO;
    if (code === POINT || decimals >= 0) decimals += 1;
  }
  for (decimals = Math.max(decimals, 0); decimals < NANO_DIGITS; decimals += 1) nano *= 10;
  for (; decimals < DIGITS; decimals += 1) rest *= 10;
  return { nano, rest };
}

/** Combines sums of both parts, read as exact integers. */
export function fromParts(nano: bigint, rest: bigint): bigint {
  return nano * NANO + rest;
}

/** Returns an amount in units as exact decimal text. */
export function unitsText(units: bigint): string {
  const digits = (units < 0n ? -units : units).toString().padStart(DIGITS + 1, '0');
  const fraction = digits.slice(-DIGITS).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -DIGITS)}${fraction === '' ? '' : `.${fraction}`}`;
}
