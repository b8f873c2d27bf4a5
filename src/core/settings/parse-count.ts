import { parseDecimal } from '../../decimal.ts';
import { usageError } from '../../errors.ts';

const FACTORS: Readonly<Record<string, number>> = { '': 1, k: 1_000, m: 1_000_000 };

/** Parses a number of tokens: `1200`, `1_200`, `1.2k`, `3M`. Throws a usage error that names the flag. */
export function parseTokenCount(flag: string, text: string): number {
  const [, digits = '', unit = ''] = /^(\d[\d_]*(?:\.\d+)?)([km]?)$/i.exec(text.trim()) ?? [];
  const count = parseDecimal(digits.replaceAll('_', ''))?.times(FACTORS[unit.toLowerCase()]!).toNumber();
  if (count === undefined || !Number.isSafeInteger(count)) {
    throw usageError(`${flag} must be a number of tokens, such as 1200, 1.2k or 3M, not "${text}"`);
  }
  return count;
}

/** Parses a number of rows, from 1. Throws a usage error that names the flag. */
export function parseLimit(flag: string, text: string): number {
  const limit = /^\d+$/.test(text.trim()) ? Number(text) : 0;
  if (!Number.isSafeInteger(limit) || limit < 1) throw usageError(`${flag} must be a whole number from 1, not "${text}"`);
  return limit;
}

/** Parses a count, from 0. Throws a usage error that names the flag. */
export function parseCount(flag: string, text: string): number {
  const count = /^\d{1,9}$/.test(text.trim()) ? Number(text) : undefined;
  if (count === undefined) throw usageError(`${flag} must be a whole number from 0, not "${text}"`);
  return count;
}
