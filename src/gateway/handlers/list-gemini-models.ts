import { capability } from '../../apis/api.ts';
import type { Model } from '../../apis/catalogue.ts';
import { OrxError } from '../../errors.ts';
import { badRequest } from '../bad-request.ts';
import type { Exchange } from '../exchange.ts';
import { sendJson } from '../write-reply.ts';

const DEFAULT_PAGE = 50;
const LARGEST_PAGE = 1000;
const TEXT_METHODS = ['generateContent', 'streamGenerateContent', 'countTokens'];
const EMBEDDING_METHODS = ['embedContent', 'batchEmbedContents'];
/** Names of Google's own models are written without the vendor. */
const OWN = 'google:';

/** Serves GET /v1beta/models: the models with text or embeddings as output, in Google's form, in pages. */
export async function listGeminiModels({ served, response, headers, query, signal }: Exchange): Promise<void> {
  const { models } = await capability(served.api, 'catalogue').listModels({ signal });
  const listed = models.filter(
    ({ outputModalities }) => outputModalities.includes('text') || outputModalities.includes('embeddings'),
  );
  const size = Math.min(pageNumber(query, 'pageSize') ?? DEFAULT_PAGE, LARGEST_PAGE);
  const start = pageNumber(query, 'pageToken') ?? 0;
  const end = start + Math.max(1, size);
  sendJson(
    response,
    200,
    { models: listed.slice(start, end).map(geminiModel), ...(end < listed.length && { nextPageToken: String(end) }) },
    headers,
  );
}

/** Serves GET /v1beta/models/{model}. */
export async function describeGeminiModel({ served, response, headers, parts, signal }: Exchange): Promise<void> {
  const [name = ''] = parts;
  const { models } = await capability(served.api, 'catalogue').listModels({ signal });
  const model = models.find(({ id }) => id === name) ?? models.find(({ id }) => id === `${OWN}${name}`);
  if (model === undefined)
    throw new OrxError(`model models/${name} not found`, { kind: 'no-endpoint', code: 'not_found', status: 404 });
  sendJson(response, 200, geminiModel(model), headers);
}

function geminiModel({
  id,
  name,
  description,
  contextLength,
  maxCompletionTokens,
  outputModalities,
}: Model): Record<string, unknown> {
  return {
    name: `models/${id.startsWith(OWN) ? id.slice(OWN.length) : id}`,
    displayName: name,
    ...(description !== undefined && { description }),
    ...(contextLength !== undefined && { inputTokenLimit: contextLength }),
    ...(maxCompletionTokens !== undefined && { outputTokenLimit: maxCompletionTokens }),
    supportedGenerationMethods: outputModalities.includes('text') ? TEXT_METHODS : EMBEDDING_METHODS,
  };
}

function pageNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name) ?? '';
  if (text === '') return undefined;
  if (!/^\d{1,9}$/.test(text)) throw badRequest(`${name} must be a whole number from 0`);
  return Number(text);
}
