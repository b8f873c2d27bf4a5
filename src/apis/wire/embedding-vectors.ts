import { OrxError } from '../../errors.ts';
import type { EmbeddingRequest, EmbeddingInput } from '../embeddings.ts';
import type { Usage } from '../completion.ts';
import type { Vendor } from '../vendors.ts';
import { unsupported } from './direct-request.ts';
import { asArray } from './wire-value.ts';

/** Vectors of a reply. Throws for what is no list of numbers. */
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

/** The usage of a reply that counts its input. */
export function inputUsage(tokens: number | undefined, wire: unknown): Usage | undefined {
  return tokens === undefined ? undefined : { promptTokens: tokens, completionTokens: 0, totalTokens: tokens, wire };
}

/** The inputs as texts. Throws a usage error for tokens: only a vendor that has the tokenizer can read them. */
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
