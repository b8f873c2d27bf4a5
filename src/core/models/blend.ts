import { decimal, type Decimal } from '../../decimal.ts';
import { usageError } from '../../errors.ts';
import type { Model } from '../../apis/catalogue.ts';
import { isUnpriced, priceKind } from '../price/kind.ts';
import { blendParts, DEFAULT_BLEND } from '../settings/blend-text.ts';

/** The ratio of input and output in a price for comparison: `3:1` is three input tokens for each output token. */
export interface Blend {
  input: Decimal;
  output: Decimal;
}

/** Parses `3:1`, `1:0`, `0.7:0.3`. Throws a usage error. */
export function parseBlend(text: string): Blend {
  const parts = blendParts(text);
  if (parts === undefined)
    throw usageError(`a blend must be a ratio of input to output, such as ${DEFAULT_BLEND}, not "${text}"`);
  return { input: decimal(parts.input), output: decimal(parts.output) };
}

/** Returns the blended price in USD per token; undefined if the model is not priced per token or its price varies. */
export function blendedPrice(model: Model, blend: Blend): Decimal | undefined {
  // A division keeps twenty decimal places: dividing the price of a million tokens keeps six more of them for one token.
  return weightedPrice(model, blend)?.times(1_000_000).div(blend.input.plus(blend.output)).times('0.000001');
}

/** Returns the blended price times the number of parts. It is exact even where the division is not, so prices are compared by it. */
export function weightedPrice(model: Model, { input, output }: Blend): Decimal | undefined {
  const prices = tokenPrices(model);
  return prices === undefined ? undefined : prices.prompt.times(input).plus(prices.completion.times(output));
}

/** Returns USD per token in and out; undefined if the model is not priced per token or its price varies. */
export function tokenPrices(model: Model): { prompt: Decimal; completion: Decimal } | undefined {
  const { prompt, completion } = model.pricing;
  const kind = priceKind(model);
  if (isUnpriced(kind) || typeof prompt !== 'object' || typeof completion !== 'object') return undefined;
  return { prompt, completion };
}
