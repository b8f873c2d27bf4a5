import { OrxError } from '../../errors.ts';
import { base64ToFloats } from '../../text/float32.ts';
import type { EmbeddingRequest, EmbeddingInput } from '../embeddings.ts';
import type { RankedDocument, RerankUsage } from '../rerank.ts';
import type { Usage } from '../completion.ts';
import type { Vendor } from '../vendors.ts';
import { unsupported } from './direct-request.ts';
import { asArray, asCount, asNumber, asObject } from './wire-value.ts';

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

/** Decodes a vector that is a list of numbers, or the bytes of 32-bit floats in base64, little-endian. */
export function decodeAnyVector(value: unknown): readonly number[] {
  if (typeof value !== 'string') return decodeVector(value);
  return decodeVector(base64ToFloats(value));
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

/**
 * Decodes the results of a reply, and sorts them by score. Throws when they are not a ranking of `count` documents: a place that
 * does not exist or comes twice, or a score that is not a number.
 */
export function decodeRanking(values: unknown, count: number): readonly RankedDocument[] {
  const seen = new Set<number>();
  const results = asArray(values).map((value): RankedDocument => {
    const result = asObject(value);
    const index = asCount(result?.['index']);
    const score = asNumber(result?.['relevance_score']);
    if (index === undefined || score === undefined || index >= count || seen.has(index)) throw noRanking();
    seen.add(index);
    return { index, score };
  });
  if (results.length === 0) throw noRanking();
  return results.sort((one, other) => other.score - one.score || one.index - other.index);
}

/** Returns the usage of a reply. Undefined when it counts nothing and states no cost. */
export function rerankUsage(
  tokens: number | undefined,
  searchUnits: number | undefined,
  cost: string | undefined,
  wire: unknown,
): RerankUsage | undefined {
  if (tokens === undefined && searchUnits === undefined && cost === undefined) return undefined;
  return { promptTokens: tokens ?? 0, completionTokens: 0, totalTokens: tokens ?? 0, searchUnits, cost, wire };
}

function noRanking(): OrxError {
  return new OrxError('the response contains no ranking of the documents', {
    kind: 'provider',
    code: 'malformed-ranking',
    hints: ['check that the model supports reranking: orx models --output-modalities rerank'],
  });
}
