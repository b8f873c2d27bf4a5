import { OrxError } from '../../errors.ts';
import type { EmbeddingRequest, EmbeddingInput } from '../embeddings.ts';
import type { Usage } from '../completion.ts';
import type { Vendor } from '../vendors.ts';
import { unsupported } from './direct-request.ts';
import { asArray } from './wire-value.ts';

/** Decodes the vectors of a reply. Throws when they are not lists of numbers. */
export function decodeVectors(values: unknown): readonly (readonly number[])[] {
  const vectors = asArray(values);
  if (vectors.length === 0) throw noVectors();
  return vectors.map(decodeVector);
}

export function decodeVector(value: unknown): readonly number[] {
  const numbers = asArray(value);
  if (numbers.length === 0 || !numbers.every((one) => typeof one === 'number' && Number.isFinite(one))) throw noVectors();
  return numbers as readonly number[];
}

/** Returns the usage of a reply that counts its input. */
export function inputUsage(tokens: number | undefined, wire: unknown): Usage | undefined {
  return tokens === undefined ? undefined : { promptTokens: tokens, completionTokens: 0, totalTokens: tokens, wire };
}

/** Returns the inputs as texts. Throws a usage error for tokens, which only a vendor with the tokenizer can read. */
export function textInputs({ inputs }: Pick<EmbeddingRequest, 'inputs'>, vendor: Vendor): readonly string[] {
  return inputs.map((input: EmbeddingInput) => {
    if (typeof input === 'string') return input;
    throw unsupported('token ids as input', vendor, 'send text');
  });
}

export function noVectors(): OrxError {
  return new OrxError('the response contains no embeddings', {
    kind: 'provider',
    code: 'malformed-embeddings',
    hints: ['check that the model supports embeddings'],
  });
}
