import type { Price, UnitPrices } from '../../apis/catalogue.ts';

/** The price, if it is one: older catalogues write "0" for what has no price of its own. */
export function ownPrice(price: Price | undefined): Price | undefined {
  return typeof price === 'object' && price.eq(0) ? undefined : price;
}

/** What a token costs that is written to a cache. Google's price for that, the only one below that of input, is for keeping it and comes on top. */
export function cacheWritePrice({ prompt, cacheWrite }: UnitPrices): Price | undefined {
  const write = ownPrice(cacheWrite);
  if (write === undefined || typeof write !== 'object' || typeof prompt !== 'object') return write ?? prompt;
  return write.lt(prompt) ? write.plus(prompt) : write;
}
