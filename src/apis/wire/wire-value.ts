import { decimalText, parseDecimal } from '../../decimal.ts';

/** Longer or larger values cannot be a real amount. */
const LONGEST_AMOUNT = 64;
const LARGEST_EXPONENT = 20;
const DIGITS = /^\d{1,16}(?:\.\d{1,16})?$/;

/** A JSON object of unknown shape. The API adds fields and changes types without notice, so every read checks the type. */
export type WireObject = Readonly<Record<string, unknown>>;

/** Returns the value if it is an object and not a list. */
export function asObject(value: unknown): WireObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as WireObject) : undefined;
}

/** Returns the value if it is a list, otherwise an empty list. */
export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Returns the objects of a list, without other values. */
export function asObjects(value: unknown): readonly WireObject[] {
  return asArray(value)
    .map(asObject)
    .filter((item) => item !== undefined);
}

/** Returns a string that is not empty: the API uses null, a missing field and "" with the same meaning. */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

export function asBoolean(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

/** Returns a count: an integer of at least 0. */
export function asCount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** Returns the number of tokens that a reply states. Some servers send it as text or with a fraction, which is rounded up, because it costs. */
export function asTokens(value: unknown): number | undefined {
  const count = typeof value === 'string' && DIGITS.test(value) ? Number(value) : value;
  return asCount(typeof count === 'number' ? Math.ceil(count) : count);
}

/** Returns an account amount, which may be negative, as exact decimal text, from a number or a string. */
export function asAmount(value: unknown): string | undefined {
  const amount = typeof value === 'string' && value.length > LONGEST_AMOUNT ? undefined : parseDecimal(value);
  return amount === undefined || Math.abs(amount.e) > LARGEST_EXPONENT ? undefined : decimalText(amount);
}
