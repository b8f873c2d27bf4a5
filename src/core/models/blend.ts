import { decimal, type Decimal } from '../../decimal.ts';
import { usageError } from '../../errors.ts';
import type { Model } from '../../apis/catalogue.ts';
import { isUnpriced, priceKind } from '../price/kind.ts';
import { blendParts, DEFAULT_BLEND } from '../settings/blend-text.ts';

/** How many parts input and output a price for comparison is mixed from: `3:1` is three tokens in for each token out. */
export interface Blend {
  input: Decimal;
  output: Decimal;
}

/** Reads `3:1`, `1:0`, `0.7:0.3`. Throws a usage error. */
export function parseBlend(text: string): Blend {
  const parts = blendParts(text);
  if (parts === undefined)
    throw usageError(`a blend must be a ratio of input to output, such as ${DEFAULT_BLEND}, not "${text}"`);
  return { input: decimal(parts.input), output: decimal(parts.output) };
}

/** USD per token of the mixture; undefined for what is not priced by the token, and for what varies. */
export function blendedPrice(model: Model, blend: Blend): Decimal | undefined {
  // A division keeps twenty places: dividing millions of tokens keeps six more of a token's price.
  return weightedPrice(model, blend)?.times(1_000_000).div(blend.input.plus(blend.output)).times('0.000001');
}

/** The same times the number of parts: exact also where the division is not, so it is what prices are compared by. */
export function weightedPrice(model: Model, { input, output }: Blend): Decimal | undefined {
  const prices = tokenPrices(model);
  return prices === undefined ? undefined : prices.prompt.times(input).plus(prices.completion.times(output));
}

/** USD per token in and out; undefined for what is not priced by the token, and for what varies. */
export function tokenPrices(model: Model): { prompt: Decimal; completion: Decimal } | undefined {
  const { prompt, completion } = model.pricing;
  const kind = priceKind(model);
  if (isUnpriced(kind) || typeof prompt !== 'object' || typeof completion !== 'object') return undefined;
  return { prompt, completion };
}
