import { capability } from '../../apis/api.ts';
import type { Usage } from '../../apis/completion.ts';
import type { EmbeddingInput, EmbeddingRequest, Embeddings, VectorEncoding } from '../../apis/embeddings.ts';
import { estimateTokens } from '../../core/tokens/estimate-tokens.ts';
import { floatsToBase64 } from '../../text/float32.ts';
import { badRequest } from '../bad-request.ts';
import { parseRouting } from '../dialects/chat/parse-routing.ts';
import { parseBodyTags } from '../dialects/chat/parse-wishes.ts';
import { Fields, type FieldValues } from '../dialects/fields.ts';
import type { Exchange } from '../exchange.ts';
import { readBody } from '../read-body.ts';
import { RequestTrace } from '../request-trace.ts';
import { sendJson } from '../write-reply.ts';

/** The same limit as OpenAI. */
export const MOST_INPUTS = 2048;

/** Serves POST /embeddings in OpenAI's form, for OpenRouter and for vendors with embeddings. */
export async function answerEmbeddings(exchange: Exchange): Promise<void> {
  await embedFor(exchange, (body) => {
    const { request, encoding } = parseEmbeddings(body);
    return { request, reply: (embeddings) => embeddingsReply(embeddings, request, encoding) };
  });
}

/** A parsed request, and the body of its reply. */
export interface AskedEmbeddings {
  request: EmbeddingRequest;
  reply: (embeddings: Embeddings) => FieldValues;
}

/** Reads the body of a request for embeddings, requests them from the API, and replies. */
export async function embedFor(exchange: Exchange, parse: (body: string) => AskedEmbeddings): Promise<void> {
  const { served } = exchange;
  const body = await readBody(exchange);
  const trace = new RequestTrace(served.monotonic);
  exchange.trace = trace;
  const { request, reply } = parse(body);
  exchange.model = request.model;
  trace.begin(false);
  const embeddings = await capability(served.api, 'embed')(request, {
    signal: exchange.signal,
    onAttempt: () => trace.noteAttempt(),
  });
  const { id = '', model, provider } = embeddings;
  trace.see({ type: 'response-start', id, model, provider });
  if (embeddings.usage !== undefined) trace.see({ type: 'usage', usage: embeddings.usage });
  trace.addHeaders(exchange.headers);
  sendJson(exchange.response, 200, reply(embeddings), exchange.headers);
}

/** Parses the body of a request. Throws status 400. */
export function parseEmbeddings(body: string): { request: EmbeddingRequest; encoding: VectorEncoding } {
  const fields = Fields.parse(body);
  const encoding = fields.text('encoding_format') ?? 'float';
  if (encoding !== 'float' && encoding !== 'base64') throw badRequest('encoding_format must be one of float, base64');
  const routing = parseRouting(fields.get('provider'));
  const request: EmbeddingRequest = {
    model: fields.requiredText('model'),
    inputs: parseInputs(fields),
    dimensions: fields.count('dimensions'),
    inputType: fields.text('input_type'),
    user: fields.text('user'),
    routing: routing.preferences,
    tags: parseBodyTags(fields),
    ...(routing.rest !== undefined && { extra: { provider: routing.rest } }),
  };
  return { request, encoding };
}

/** Accepts a text, tokens, or a list of either. */
function parseInputs(fields: Fields): readonly EmbeddingInput[] {
  const input = fields.get('input');
  if (input === undefined) throw badRequest('input is missing; send a string, or a list of strings');
  const list: readonly unknown[] = Array.isArray(input) && !isTokens(input) ? input : [input];
  if (list.length === 0) throw badRequest('input is empty; send a string, or a list of strings');
  if (list.length > MOST_INPUTS) throw badRequest(`input has ${list.length} items; the maximum is ${MOST_INPUTS}`);
  return list.map((item, index) => {
    const name = Array.isArray(input) && !isTokens(input) ? `input[${index}]` : 'input';
    if (typeof item === 'string') {
      if (item === '') throw badRequest(`${name} is empty; there is nothing to embed`);
      return item;
    }
    if (Array.isArray(item) && isTokens(item)) return item;
    throw badRequest(`${name} must be a string or a list of tokens`);
  });
}

function isTokens(list: readonly unknown[]): list is readonly number[] {
  return list.length > 0 && list.every((one) => Number.isSafeInteger(one) && (one as number) >= 0);
}

function embeddingsReply(
  { id, model, provider, vectors, usage }: Embeddings,
  request: EmbeddingRequest,
  encoding: VectorEncoding,
): FieldValues {
  return {
    object: 'list',
    ...(id !== undefined && { id }),
    data: vectors.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: encoding === 'base64' ? floatsToBase64(vector) : vector,
    })),
    model,
    ...(provider !== undefined && { provider }),
    usage: countsOf(usage, request),
  };
}

/** Estimates the tokens when the vendor does not count, because clients expect a number. */
function countsOf(usage: Usage | undefined, { inputs }: EmbeddingRequest): FieldValues {
  const tokens = usage?.promptTokens ?? inputs.reduce((sum, input) => sum + inputTokens(input), 0);
  return {
    prompt_tokens: tokens,
    total_tokens: usage?.totalTokens ?? tokens,
    ...(usage?.cost !== undefined && { cost: Number(usage.cost) }),
    ...(usage?.isByok !== undefined && { is_byok: usage.isByok }),
    ...(usage?.upstreamCost !== undefined && { cost_details: { upstream_inference_cost: Number(usage.upstreamCost) } }),
  };
}

/** Returns the estimated number of tokens of an input. */
export function inputTokens(input: EmbeddingInput): number {
  return typeof input === 'string' ? estimateTokens(input) : input.length;
}
