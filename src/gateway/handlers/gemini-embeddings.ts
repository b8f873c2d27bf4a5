import type { EmbeddingRequest, Embeddings } from '../../apis/embeddings.ts';
import { isDirect } from '../../apis/direct-id.ts';
import { badRequest } from '../bad-request.ts';
import { Fields } from '../dialects/fields.ts';
import { askedModel } from '../dialects/gemini/parse-request.ts';
import { type AskedEmbeddings, embedFor, MOST_INPUTS, inputTokens } from './embeddings.ts';
import type { Exchange } from '../exchange.ts';

/** Google's purposes, in the words of OpenRouter's `input_type`. Others have no equivalent. */
const INPUT_TYPES: Readonly<Record<string, string>> = {
  RETRIEVAL_QUERY: 'search_query',
  RETRIEVAL_DOCUMENT: 'search_document',
  CLASSIFICATION: 'classification',
  CLUSTERING: 'clustering',
};

/** Serves POST /v1beta/models/{model}:embedContent and :batchEmbedContents in Google's form. */
export async function answerGeminiEmbeddings(exchange: Exchange): Promise<void> {
  const [named = '', method] = exchange.parts;
  const { asksVendor = isDirect } = exchange.served;
  await embedFor(exchange, (body) => parseGeminiEmbeddings(body, askedModel(named, asksVendor), method === 'batchEmbedContents'));
}

function parseGeminiEmbeddings(body: string, model: string, isBatch: boolean): AskedEmbeddings {
  const fields = Fields.parse(body, true);
  const items = isBatch ? fields.objects('requests') : [fields];
  const [first] = items;
  if (first === undefined) throw badRequest('requests is empty; send at least one request');
  if (items.length > MOST_INPUTS) throw badRequest(`requests has ${items.length} items; the maximum is ${MOST_INPUTS}`);
  const settings = items.map(settingsOf);
  // One request of the other APIs has one length and one purpose.
  if (settings.some((one) => JSON.stringify(one) !== JSON.stringify(settings[0])))
    throw badRequest('all requests of a batch must have the same taskType and outputDimensionality');
  const request: EmbeddingRequest = { model, inputs: items.map(textOf), ...settings[0] };
  return { request, reply: (embeddings) => geminiReply(embeddings, request, isBatch) };
}

function settingsOf(fields: Fields): Pick<EmbeddingRequest, 'dimensions' | 'inputType'> {
  return { dimensions: fields.count('outputDimensionality'), inputType: INPUT_TYPES[fields.text('taskType') ?? ''] };
}

function textOf(fields: Fields): string {
  const content = fields.object('content');
  const parts = content?.objects('parts') ?? [];
  if (parts.some((part) => part.get('text') === undefined)) throw badRequest(`${content!.place('parts')} must all be text`);
  const text = parts.map((part) => part.text('text')).join('\n');
  if (text === '') throw badRequest(`${fields.place('content')} is empty; there is nothing to embed`);
  return text;
}

function geminiReply({ vectors, usage }: Embeddings, { inputs }: EmbeddingRequest, isBatch: boolean): Record<string, unknown> {
  const tokens = usage?.promptTokens ?? inputs.reduce<number>((sum, input) => sum + inputTokens(input), 0);
  const usageMetadata = { promptTokenCount: tokens, ...(usage?.cost !== undefined && { cost: Number(usage.cost) }) };
  const embeddings = vectors.map((values) => ({ values }));
  return isBatch ? { embeddings, usageMetadata } : { embedding: embeddings[0], usageMetadata };
}
