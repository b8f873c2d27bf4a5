import type { Price, UnitPrices } from '../../apis/catalogue.ts';

/** Returns the price, or undefined if it is 0: older catalogues write "0" for a kind that has no separate price. */
export function ownPrice(price: Price | undefined): Price | undefined {
  return typeof price === 'object' && price.eq(0) ? undefined : price;
}

/**
 * Returns the price of a token that is written to a cache. Google's price, the only one below the input price, is for storage and is added to
 * the input price.
 */
export function cacheWritePrice({ prompt, cacheWrite }: UnitPrices): Price | undefined {
  const write = ownPrice(cacheWrite);
  if (write === undefined || typeof write !== 'object' || typeof prompt !== 'object') return write ?? prompt;
  return write.lt(prompt) ? write.plus(prompt) : write;
}
