import { decimalText, parseDecimal } from '../../decimal.ts';
import { type CostParts, HIGHEST_COST, parseCost } from '../../paid-cost.ts';

const DIGITS = 18;
const NANO = 1_000_000_000n;
/** Well below the highest cost. */
const PLAIN = /^(\d{1,6})(?:\.(\d{1,18}))?$/;

/**
 * Money for adding up, in 1e-18 USD. Prices per token go down to some 1e-11; what is finer than the unit is rounded in sums, while the
 * entry keeps its text. More than any request costs counts as the highest cost, so that no sum can overflow. Undefined and text that is no amount count as nothing.
 */
export function toUnits(text: string | undefined): bigint {
  if (text === undefined) return 0n;
  // Nearly all are written like this.
  const [, whole, fraction = ''] = PLAIN.exec(text) ?? [];
  if (whole !== undefined) return BigInt(whole + fraction.padEnd(DIGITS, '0'));
  const amount = parseDecimal(text);
  if (amount === undefined) return 0n;
  return BigInt(decimalText((amount.gt(HIGHEST_COST) ? HIGHEST_COST : amount).times(`1e${DIGITS}`).round(0)));
}

/** What a request costs altogether: for the API and, with a provider key of one's own, for the provider. */
export function paidUnits(parts: CostParts): bigint {
  return toUnits(parts.cost) + toUnits(parts.upstreamCost);
}

/** Whether a text is an amount of money that an entry may have. */
export function isAmount(text: string | undefined): text is string {
  return text !== undefined && parseCost(text) !== undefined;
}

/** As SQLite holds and adds it: whole billionths of a USD, and billionths of those. */
export function toParts(units: bigint): { nano: bigint; rest: bigint } {
  return { nano: units / NANO, rest: units % NANO };
}

/** From sums of both parts, read as exact integers. */
export function fromParts(nano: bigint, rest: bigint): bigint {
  return nano * NANO + rest;
}

/** Exact decimal text of an amount in units. */
export function unitsText(units: bigint): string {
  const digits = (units < 0n ? -units : units).toString().padStart(DIGITS + 1, '0');
  const fraction = digits.slice(-DIGITS).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -DIGITS)}${fraction === '' ? '' : `.${fraction}`}`;
}
