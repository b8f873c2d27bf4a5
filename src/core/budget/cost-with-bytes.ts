import type { Decimal } from '../../decimal.ts';
import type { Reserved } from './reserve.ts';

/** Average bytes per token of common text, to estimate the cost of an answer. */
const BYTES_PER_TOKEN = 5;
/** Most bytes that a token usually has: an answer is stopped only if it is certainly longer than its reservation pays for. */
const MOST_BYTES_PER_TOKEN = 8;

/** Returns how many tokens an answer of this length probably has. */
export function tokensInBytes(bytes: number): number {
  return Math.ceil(bytes / BYTES_PER_TOKEN);
}

/** Returns what a request has cost so far, in USD, when its answer has this length. `maxTokens`: the limit that it was sent with. */
export function costWithBytes({ promptCost, tokenCost }: Reserved, bytes: number, maxTokens = Infinity): Decimal {
  // An answer that is certainly longer than its limit shows that the endpoint does not enforce it.
  const isEnforced = bytes <= maxTokens * MOST_BYTES_PER_TOKEN;
  return promptCost.plus(tokenCost.times(Math.min(tokensInBytes(bytes), isEnforced ? maxTokens : Infinity)));
}

/** Returns the length in bytes up to which an amount certainly pays for an answer. Infinity without a reservation. */
export function bytesPaidBy({ most, promptCost, tokenCost }: Reserved, amount: Decimal): number {
  if (most === undefined || tokenCost.eq(0)) return Infinity;
  // A double is exact enough: MOST_BYTES_PER_TOKEN allows for far more. A division of decimals takes longer than the rest of a request's sums.
  return Math.max(0, amount.minus(promptCost).toNumber() / tokenCost.toNumber()) * MOST_BYTES_PER_TOKEN;
}
