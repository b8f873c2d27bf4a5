import { capability } from '../apis/api.ts';
import { OrxError } from '../errors.ts';
import { answerCompletion } from './answer-completion.ts';
import { countModels, describeModel, listModels } from './list-models.ts';
import type { Exchange } from './exchange.ts';
import { sendJson } from './write-reply.ts';

export interface Route {
  method: 'GET' | 'POST';
  needsKey: boolean;
  serve: (exchange: Exchange) => Promise<void>;
}

/** OpenRouter's routes, `*` standing for a variable part. */
const ROUTES: Readonly<Record<string, Route>> = {
  'chat/completions': { method: 'POST', needsKey: true, serve: answerCompletion },
  models: { method: 'GET', needsKey: false, serve: listModels },
  'models/count': { method: 'GET', needsKey: false, serve: countModels },
  'model/*/*': { method: 'GET', needsKey: false, serve: describeModel },
  'models/*/*/endpoints': { method: 'GET', needsKey: false, serve: listEndpoints },
  'endpoints/zdr': { method: 'GET', needsKey: false, serve: listZdrEndpoints },
  key: { method: 'GET', needsKey: true, serve: describeKey },
  'auth/key': { method: 'GET', needsKey: true, serve: describeKey },
  credits: { method: 'GET', needsKey: true, serve: describeCredits },
  generation: { method: 'GET', needsKey: true, serve: describeGeneration },
};

const PATTERNS = Object.entries(ROUTES)
  .filter(([pattern]) => pattern.includes('*'))
  .map(([pattern, route]) => ({ words: pattern.split('/'), route }));

/** The route of a path under `/api/v1/` or `/v1/`, with its variable parts decoded. */
export function findRoute(path: string): { route: Route; parts: readonly string[] } | undefined {
  const rest = path.startsWith('/api/v1/') ? path.slice(8) : path.startsWith('/v1/') ? path.slice(4) : undefined;
  if (rest === undefined) return undefined;
  const exact = Object.hasOwn(ROUTES, rest) && !rest.includes('*') ? ROUTES[rest] : undefined;
  if (exact !== undefined) return { route: exact, parts: [] };
  const words = rest.split('/');
  for (const { words: pattern, route } of PATTERNS) {
    if (pattern.length !== words.length || !pattern.every((word, index) => word === '*' || word === words[index])) continue;
    const parts = words.filter((_, index) => pattern[index] === '*').map(decodePart);
    return parts.includes('') ? undefined : { route, parts };
  }
  return undefined;
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new OrxError('the path is not valid: a % is not followed by two hexadecimal digits', { kind: 'usage', status: 400 });
  }
}

async function listEndpoints({ served, response, headers, parts, signal }: Exchange): Promise<void> {
  const { wire } = await capability(served.api, 'endpoints').listEndpoints(parts.join('/'), { signal });
  sendJson(response, 200, { data: wire }, headers);
}

async function listZdrEndpoints({ served, response, headers, signal }: Exchange): Promise<void> {
  const { endpoints } = await capability(served.api, 'endpoints').listZdrEndpoints({ signal });
  sendJson(response, 200, { data: endpoints.map(({ wire }) => wire) }, headers);
}

async function describeKey({ served, response, headers, signal }: Exchange): Promise<void> {
  sendJson(response, 200, { data: (await capability(served.api, 'account').getKey({ signal })).wire }, headers);
}

async function describeCredits({ served, response, headers, signal }: Exchange): Promise<void> {
  sendJson(response, 200, { data: (await capability(served.api, 'account').getCredits({ signal })).wire }, headers);
}

async function describeGeneration({ served, response, headers, query, signal }: Exchange): Promise<void> {
  const id = query.get('id') ?? '';
  if (id === '')
    throw new OrxError('the query needs an id, such as ?id=gen-…', { kind: 'usage', code: 'invalid_request', status: 400 });
  sendJson(response, 200, { data: (await capability(served.api, 'getGeneration')(id, { signal })).wire }, headers);
}
