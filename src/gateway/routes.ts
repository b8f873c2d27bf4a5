import { capability } from '../apis/api.ts';
import { OrxError } from '../errors.ts';
import { answerCompletion } from './handlers/answer-completion.ts';
import { countContentTokens, countMessageTokens } from './handlers/count-tokens.ts';
import { chatDialect } from './dialects/chat/dialect.ts';
import { answerEmbeddings } from './handlers/embeddings.ts';
import { answerGeminiEmbeddings } from './handlers/gemini-embeddings.ts';
import { geminiDialect } from './dialects/gemini/dialect.ts';
import { answerRerank } from './handlers/rerank.ts';
import { responsesDialect } from './dialects/responses/dialect.ts';
import { messagesDialect } from './dialects/messages/dialect.ts';
import type { ServedDialect } from './dialects/served-dialect.ts';
import { tellHealth, tellMetrics, tellReadiness } from './handlers/tell-state.ts';
import { describeGeminiModel, listGeminiModels } from './handlers/list-gemini-models.ts';
import { countModels, describeModel, listModels, retrieveModel } from './handlers/list-models.ts';
import type { Exchange } from './exchange.ts';
import { sendJson } from './write-reply.ts';

export interface Route {
  method: 'GET' | 'POST';
  /** Requires a key even if the gateway has no client keys; with client keys, every other route requires one too. */
  needsKey: boolean;
  /** Requires no key even if the gateway has client keys. */
  isOpen?: boolean | undefined;
  /** The dialect of its errors. */
  dialect: ServedDialect;
  /** Its operation on a model, with OpenTelemetry's name. */
  operation?: string | undefined;
  serve: (exchange: Exchange) => Promise<void>;
}

export interface RouteMatch {
  route: Route;
  pattern: string;
  /** The variable parts of the path, decoded. */
  parts: readonly string[];
}

const get = (serve: Route['serve'], needsKey = false): Route => ({ method: 'GET', needsKey, dialect: chatDialect, serve });
const completion = (dialect: ServedDialect): Route => ({
  method: 'POST',
  needsKey: true,
  dialect,
  operation: 'chat',
  serve: (exchange) => answerCompletion(exchange, dialect),
});

/** OpenRouter's routes; `*` stands for a variable part. */
const ROUTES: Readonly<Record<string, Route>> = {
  'chat/completions': completion(chatDialect),
  responses: completion(responsesDialect),
  messages: completion(messagesDialect),
  'messages/count_tokens': { method: 'POST', needsKey: true, dialect: messagesDialect, serve: countMessageTokens },
  embeddings: {
    method: 'POST',
    needsKey: true,
    dialect: responsesDialect,
    operation: 'embeddings',
    serve: answerEmbeddings,
  },
  rerank: { method: 'POST', needsKey: true, dialect: responsesDialect, operation: 'rerank', serve: answerRerank },
  models: get(listModels),
  'models/count': get(countModels),
  'model/*/*': get(describeModel),
  'models/*/*/endpoints': get(listEndpoints),
  // A model of a vendor, or a name of the configuration.
  'models/*/endpoints': get(listEndpoints),
  'models/*': get(retrieveModel),
  'models/*/*': get(retrieveModel),
  'endpoints/zdr': get(listZdrEndpoints),
  key: get(describeKey, true),
  'auth/key': get(describeKey, true),
  credits: get(describeCredits, true),
  generation: get(describeGeneration, true),
};

const PATTERNS = Object.entries(ROUTES)
  .filter(([pattern]) => pattern.includes('*'))
  .map(([pattern, route]) => ({ words: pattern.split('/'), pattern, route }));

/** Routes that report the state of the gateway, at the usual paths for monitoring. */
const STATE_ROUTES: Readonly<Record<string, Route>> = {
  '/health': { ...get(tellHealth), isOpen: true },
  '/ready': { ...get(tellReadiness), isOpen: true },
  '/metrics': get(tellMetrics),
};

const GEMINI_MODELS = '/v1beta/models';
const geminiEmbeddings: Route = {
  method: 'POST',
  needsKey: true,
  dialect: geminiDialect,
  operation: 'embeddings',
  serve: answerGeminiEmbeddings,
};
/** The methods after the model in Google's paths. */
const GEMINI_METHODS: Readonly<Record<string, Route>> = {
  generateContent: completion(geminiDialect),
  streamGenerateContent: completion(geminiDialect),
  countTokens: { method: 'POST', needsKey: true, dialect: geminiDialect, serve: countContentTokens },
  embedContent: geminiEmbeddings,
  batchEmbedContents: geminiEmbeddings,
};

/** Finds the route of Google's paths: a model, which may contain slashes and colons, and a method after the last colon. */
function findGeminiRoute(path: string): RouteMatch | undefined {
  const asked: Pick<Route, 'method' | 'needsKey' | 'dialect'> = { method: 'GET', needsKey: false, dialect: geminiDialect };
  if (path === GEMINI_MODELS) return { route: { ...asked, serve: listGeminiModels }, pattern: 'v1beta/models', parts: [] };
  if (!path.startsWith(`${GEMINI_MODELS}/`)) return undefined;
  const name = path.slice(GEMINI_MODELS.length + 1);
  const colon = name.lastIndexOf(':');
  const method = name.slice(colon + 1);
  if (colon > 0 && Object.hasOwn(GEMINI_METHODS, method)) {
    const parts = [decodePart(name.slice(0, colon)), method];
    return { route: GEMINI_METHODS[method]!, pattern: `v1beta/models/*:${method}`, parts };
  }
  return { route: { ...asked, serve: describeGeminiModel }, pattern: 'v1beta/models/*', parts: [decodePart(name)] };
}

/** Returns the dialect of errors for a path without a route: that of the client that most likely uses it. */
export function dialectOfPath(path: string): ServedDialect {
  if (path.startsWith('/v1beta/')) return geminiDialect;
  const [, name] = /^(?:\/api)?\/v1\/(messages|responses)(?:\/|$)/.exec(path) ?? [];
  if (name === undefined) return chatDialect;
  return name === 'messages' ? messagesDialect : responsesDialect;
}

/** Finds the route of a path under `/api/v1/` or `/v1/`, or of the gateway's state. */
export function findRoute(path: string): RouteMatch | undefined {
  if (Object.hasOwn(STATE_ROUTES, path)) return { route: STATE_ROUTES[path]!, pattern: path.slice(1), parts: [] };
  if (path.startsWith(GEMINI_MODELS)) return findGeminiRoute(path);
  const rest = path.startsWith('/api/v1/') ? path.slice(8) : path.startsWith('/v1/') ? path.slice(4) : undefined;
  if (rest === undefined) return undefined;
  const exact = Object.hasOwn(ROUTES, rest) && !rest.includes('*') ? ROUTES[rest] : undefined;
  if (exact !== undefined) return { route: exact, pattern: rest, parts: [] };
  const words = rest.split('/');
  for (const { words: wanted, pattern, route } of PATTERNS) {
    if (wanted.length !== words.length || !wanted.every((word, index) => word === '*' || word === words[index])) continue;
    const parts = words.filter((_, index) => wanted[index] === '*').map(decodePart);
    return parts.includes('') ? undefined : { route, pattern, parts };
  }
  return undefined;
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new OrxError('invalid path: a % is not followed by two hexadecimal digits', { kind: 'usage', status: 400 });
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

async function describeGeneration({ served, response, headers, query, signal, client }: Exchange): Promise<void> {
  const id = query.get('id') ?? '';
  if (id === '')
    throw new OrxError('id is missing in the query, such as ?id=gen-…', { kind: 'usage', code: 'invalid_request', status: 400 });
  const own = served.generations.find(id, client);
  const data = own ?? (await capability(served.api, 'getGeneration')(id, { signal })).wire;
  sendJson(response, 200, { data }, headers);
}
