import { capability } from '../../apis/api.ts';
import { OrxError } from '../../errors.ts';
import type { Model } from '../../apis/catalogue.ts';
import { isAnthropic, modelInfo, modelPage } from './anthropic-models.ts';
import type { Exchange } from '../exchange.ts';
import { sendJson } from '../write-reply.ts';

const DEFAULT_LIMIT = 500;
const MAX_LIMIT = 1000;

/**
 * Serves GET /models: the provider's own body without a query, else the models that match it. Clients of Anthropic get a page in its
 * form.
 */
export async function listModels({ served, request, response, headers, query, signal }: Exchange): Promise<void> {
  const catalogue = await capability(served.api, 'catalogue').listModels({ signal });
  if (isAnthropic(request)) return sendJson(response, 200, modelPage(catalogue.models, query), headers);
  if (query.size === 0) return sendJson(response, 200, catalogue.body, headers);
  const models = matching(catalogue.models, query);
  const isPaged = query.has('offset') || query.has('limit');
  const offset = wholeNumber(query, 'offset', 0, Number.MAX_SAFE_INTEGER) ?? 0;
  const limit = isPaged ? (wholeNumber(query, 'limit', 1, MAX_LIMIT) ?? DEFAULT_LIMIT) : models.length;
  const end = offset + limit;
  const body = {
    data: models.slice(offset, end).map((model) => model.wire),
    total_count: models.length,
    links: { next: isPaged && end < models.length ? `/api/v1/models?${nextQuery(query, end)}` : null },
  };
  sendJson(response, 200, body, headers);
}

/** Serves GET /models/count. */
export async function countModels({ served, response, headers, query, signal }: Exchange): Promise<void> {
  const { models } = await capability(served.api, 'catalogue').listModels({ signal });
  sendJson(response, 200, { data: { count: matching(models, query).length } }, headers);
}

/** Serves GET /model/{author}/{slug}, by id or permanent slug; an alias returns its target. */
export async function describeModel(exchange: Exchange): Promise<void> {
  const { wire } = await findModel(exchange);
  sendJson(exchange.response, 200, { data: wire }, exchange.headers);
}

/** Serves GET /models/{id} in the form of OpenAI, with OpenRouter's fields, or in that of Anthropic. */
export async function retrieveModel(exchange: Exchange): Promise<void> {
  const model = await findModel(exchange);
  const reply = isAnthropic(exchange.request) ? modelInfo(model) : openAiModel(model);
  sendJson(exchange.response, 200, reply, exchange.headers);
}

/** Throws status 404 for a model that is not listed. */
async function findModel({ served, parts, signal }: Exchange): Promise<Model> {
  const { models } = await capability(served.api, 'catalogue').listModels({ signal });
  const id = parts.join('/');
  const match = models.find((model) => model.id === id) ?? models.find((model) => model.canonicalSlug === id);
  const model = match?.aliasTarget === undefined ? match : (models.find(({ id: other }) => other === match.aliasTarget) ?? match);
  if (model === undefined) throw new OrxError(`model ${id} not found`, { kind: 'no-endpoint', code: 'not_found', status: 404 });
  return model;
}

function openAiModel({ id, created, wire }: Model): Record<string, unknown> {
  const own = typeof wire === 'object' && wire !== null ? wire : {};
  return { ...own, id, object: 'model', created: created ?? 0, owned_by: id.split(/[/:]/, 1)[0] };
}

function matching(models: readonly Model[], query: URLSearchParams): readonly Model[] {
  const outputs = words(query, 'output_modalities') ?? ['text'];
  const inputs = words(query, 'input_modalities') ?? [];
  const parameters = words(query, 'supported_parameters') ?? [];
  const search = query.get('q')?.toLowerCase() ?? '';
  return models.filter(
    (model) =>
      (outputs.includes('all') || outputs.some((name) => model.outputModalities.includes(name))) &&
      inputs.every((name) => model.inputModalities.includes(name)) &&
      parameters.every((name) => model.supportedParameters.includes(name)) &&
      (search === '' || model.id.toLowerCase().includes(search) || model.name.toLowerCase().includes(search)),
  );
}

function words(query: URLSearchParams, name: string): string[] | undefined {
  const list = query
    .get(name)
    ?.split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  return list === undefined || list.length === 0 ? undefined : list;
}

function wholeNumber(query: URLSearchParams, name: string, least: number, most: number): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new OrxError(`${name} must be a whole number from ${least}${most === Number.MAX_SAFE_INTEGER ? '' : ` to ${most}`}`, {
    kind: 'usage',
    code: 'invalid_request',
    status: 400,
  });
}

function nextQuery(query: URLSearchParams, offset: number): string {
  const next = new URLSearchParams(query);
  next.set('offset', String(offset));
  return next.toString();
}
