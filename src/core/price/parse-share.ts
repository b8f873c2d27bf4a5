import { type Decimal, parseDecimal } from '../../decimal.ts';
import { usageError } from '../../errors.ts';

/** Parses a share such as `80%` or `0.8`: exact, from 0 to 1. Throws a usage error that names the flag. */
export function parseShare(flag: string, text: string): Decimal {
  const [, digits, percent] = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text.trim()) ?? [];
  const share = parseDecimal(digits)?.times(percent === '%' ? '0.01' : 1);
  if (share === undefined || share.gt(1)) throw usageError(`${flag} must be a share, such as 80% or 0.8, not "${text}"`);
  return share;
}
