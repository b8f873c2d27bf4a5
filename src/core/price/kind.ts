import type { Model } from '../../apis/catalogue.ts';
import { isZero } from '../../decimal.ts';

/**
 * How a model is priced: `free` costs nothing, `per-token` has prices for tokens in and out, `varies` depends on where a router sends the
 * request, `other` is priced in units that the catalogue does not list (images, seconds, characters, searches), `unknown` is a direct model
 * without a known price.
 */
export type PriceKind = 'free' | 'per-token' | Unpriced;
/** The kinds for which no amount can be calculated. */
export type Unpriced = 'varies' | 'other' | 'unknown';

/**
 * Returns how the model is priced. The catalogue writes "0" for two things: free, and "not priced per token" (video, image, music and rerank
 * models). A model whose output is not text is free only if its id ends with `:free`. Speech and transcription models with a prompt price and no
 * completion price count characters, seconds or minutes in the prompt price; embedding models count tokens there and have no output to pay for.
 */
export function priceKind({ id, outputModalities, pricing, priceSource }: Model): PriceKind {
  const { prompt, completion } = pricing;
  if (prompt === 'varies' || completion === 'varies') return 'varies';
  if (priceSource === 'unknown') return 'unknown';
  if (prompt === undefined || completion === undefined) return 'other';
  const outputs = outputModalities.length === 0 ? ['text'] : outputModalities;
  if (isZero(prompt) && isZero(completion)) {
    return isFreeOfFees(pricing) && (outputs.every((output) => output === 'text') || id.endsWith(':free')) ? 'free' : 'other';
  }
  return (completion.s > 0 && !isZero(completion)) || outputs.includes('text') || outputs.includes('embeddings')
    ? 'per-token'
    : 'other';
}

export function isUnpriced(kind: PriceKind): kind is Unpriced {
  return kind === 'varies' || kind === 'other' || kind === 'unknown';
}

export function isFree(model: Model): boolean {
  return priceKind(model) === 'free';
}

/** A fee per request means that a model with free tokens is not free. */
function isFreeOfFees({ request }: Model['pricing']): boolean {
  return request === undefined || (request !== 'varies' && isZero(request));
}
