import type { IncomingMessage } from 'node:http';
import type { Model } from '../../apis/catalogue.ts';
import { badRequest } from '../bad-request.ts';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 1000;

/** Returns whether a client of Anthropic's API sent the request: all of them name its version. */
export function isAnthropic({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return headers['anthropic-version'] !== undefined;
}

/** Returns a model in Anthropic's form. */
export function modelInfo({ id, name, created, contextLength, maxCompletionTokens }: Model): Record<string, unknown> {
  return {
    type: 'model',
    id,
    display_name: name,
    created_at: new Date((created ?? 0) * 1000).toISOString(),
    max_input_tokens: contextLength ?? null,
    max_tokens: maxCompletionTokens ?? null,
    capabilities: null,
  };
}

/** Returns a page of the models with text output. `after_id` and `before_id` are the ids before and after it. */
export function modelPage(models: readonly Model[], query: URLSearchParams): Record<string, unknown> {
  const listed = models.filter(({ outputModalities }) => outputModalities.includes('text'));
  const limit = pageLimit(query.get('limit'));
  const after = placeOf(listed, query.get('after_id'));
  const before = placeOf(listed, query.get('before_id'));
  const start = before === undefined ? (after ?? -1) + 1 : Math.max(0, before - limit);
  const page = listed.slice(start, before ?? start + limit).map(modelInfo);
  return {
    data: page,
    has_more: before === undefined ? start + page.length < listed.length : start > 0,
    first_id: page[0]?.['id'] ?? null,
    last_id: page.at(-1)?.['id'] ?? null,
  };
}

function placeOf(models: readonly Model[], id: string | null): number | undefined {
  if (id === null) return undefined;
  const place = models.findIndex((model) => model.id === id);
  if (place === -1) throw badRequest('after_id and before_id must be ids of the list');
  return place;
}

function pageLimit(text: string | null): number {
  if (text === null) return DEFAULT_LIMIT;
  const limit = Number(text);
  if (!/^\d+$/.test(text) || limit < 1 || limit > MAX_LIMIT)
    throw badRequest(`limit must be a whole number from 1 to ${MAX_LIMIT}`);
  return limit;
}
