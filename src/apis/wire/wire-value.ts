import { decimalText, parseDecimal } from '../../decimal.ts';

/** What is longer, or larger, is no amount that anybody has. */
const LONGEST_AMOUNT = 64;
const LARGEST_EXPONENT = 20;

/** A JSON object of unknown shape: the API adds fields and changes types without notice, so every read is a careful one. */
export type WireObject = Readonly<Record<string, unknown>>;

export function asObject(value: unknown): WireObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as WireObject) : undefined;
}

export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The objects of a list, without what is none. */
export function asObjects(value: unknown): readonly WireObject[] {
  return asArray(value)
    .map(asObject)
    .filter((item) => item !== undefined);
}

/** A string that says something: the API uses null, a missing field and "" for the same. */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

export function asBoolean(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

/** A count of tokens: a whole number from 0. */
export function asCount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** An amount of an account, which may be overdrawn, as exact decimal text, from a number or a string. */
export function asAmount(value: unknown): string | undefined {
  const amount = typeof value === 'string' && value.length > LONGEST_AMOUNT ? undefined : parseDecimal(value);
  return amount === undefined || Math.abs(amount.e) > LARGEST_EXPONENT ? undefined : decimalText(amount);
}
