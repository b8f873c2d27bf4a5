import { decimalText, parseDecimal } from '../../decimal.ts';
import { type CostParts, HIGHEST_COST, parseCost } from '../../paid-cost.ts';

const DIGITS = 18;
const NANO = 1_000_000_000n;
/** Amounts well below the highest cost. */
const PLAIN = /^(\d{1,6})(?:\.(\d{1,18}))?$/;

/**
 * Converts an amount to units of 1e-18 USD, in which sums are calculated. Prices per token go down to about 1e-11; finer amounts are rounded in
 * sums, while the entry keeps its text. An amount above the highest cost counts as that, so that no sum can overflow. Undefined and invalid text
 * count as 0.
 */
export function toUnits(text: string | undefined): bigint {
  if (text === undefined) return 0n;
  // Nearly all amounts have this form.
  const [, whole, fraction = ''] = PLAIN.exec(text) ?? [];
  if (whole !== undefined) return BigInt(whole + fraction.padEnd(DIGITS, '0'));
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
  return text !== undefined && parseCost(text) !== undefined;
}

/** Splits an amount for SQLite, which stores and adds both parts: whole billionths of a USD, and billionths of those. */
export function toParts(units: bigint): { nano: bigint; rest: bigint } {
  return { nano: units / NANO, rest: units % NANO };
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
