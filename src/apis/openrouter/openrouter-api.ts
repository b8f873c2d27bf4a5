import { copyWith } from '../../copy-with.ts';
import { OrxError, unrepeatable } from '../../errors.ts';
import type { HttpClient } from '../../http/client.ts';
import type { HttpResponse } from '../../http/exchange.ts';
import { readBytes, readText } from '../../http/read-body.ts';
import type { BodyVersion, Catalogue } from '../catalogue.ts';
import type { EmbedOptions } from '../embeddings.ts';
import type { ApiCallOptions, Api } from '../api.ts';
import { decodeCredits, decodeGeneration, decodeKey } from './decode-account.ts';
import { decodeCatalogue, decodeEndpoint, decodeModelEndpoints } from './decode-catalogue.ts';
import { embeddingsBody, openAiEmbeddings } from '../chat-completions/embeddings.ts';
import { noVectors } from '../wire/vectors-and-ranking.ts';
import { encodeRequest, encodeRouting } from './encode-request.ts';
import { manageKeys } from './manage-keys.ts';
import { rawCalls } from './raw-calls.ts';
import { COMPLETIONS, completionHeaders, OpenRouterCompletion, type SendOptions } from './openrouter-completion.ts';
import { openRouterRerank } from './rerank.ts';
import { hideSecrets } from '../wire/errors/hide-key.ts';
import { badEncoding, contentEncoding, MAX_JSON_BYTES, unpackedBody, unzip } from '../wire/packed-reply.ts';
import { refusedReply } from '../wire/errors/refused-reply.ts';
import { tellHeadroom } from '../wire/limits/request-headroom.ts';
import { parseReply } from '../wire/parse-reply.ts';
import { asArray, asObject } from '../wire/wire-value.ts';

export interface OpenRouterOptions {
  http: HttpClient;
  /** Includes the path, without a slash at the end: `https://openrouter.ai/api/v1`. */
  baseUrl: string;
  /** Sent as a bearer token. Without a key, only the public catalogue is available. */
  apiKey?: string | undefined;
  /** How the app identifies itself: HTTP-Referer, X-Title and X-OpenRouter-Title, X-OpenRouter-Categories. */
  app: { url: string; title: string; categories: string };
  userAgent: string;
  /** The user's own headers for this server, with names in lower case. Their values are hidden as the key is. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** The longest time without a piece of an answer while its connection is alive, in milliseconds. Default: any. */
  stallMs?: number | undefined;
  /** Returns the current time in ms since 1970, for replies that state a point in time instead of a wait. */
  now: () => number;
}

/** Without this parameter, the API omits models without text output. */
const MODELS_PATH = '/models?output_modalities=all';
const EMBEDDINGS = '/embeddings';

/** Returns an API for OpenRouter, or for a server with the same API. */
export function createOpenRouterApi(options: OpenRouterOptions): Api {
  const own = identity(options);
  const send = (
    method: 'GET' | 'POST',
    path: string,
    call: SendOptions,
    headers: Record<string, string>,
    body?: string,
  ): Promise<HttpResponse> =>
    options.http.send({
      method,
      url: new URL(`${options.baseUrl}${path}`),
      headers: copyWith(own, headers),
      body,
      signal: call.signal,
      limits: call.limits,
      gatherMs: call.gatherMs,
    });

  /** Returns undefined when the body still has the known version. */
  const getBody = async (path: string, call: ApiCallOptions = {}, known?: BodyVersion): Promise<VersionedBody | undefined> => {
    const headers = { accept: 'application/json', 'accept-encoding': 'gzip', ...conditionsOf(known) };
    const response = await send('GET', path, call, headers);
    if (response.status === 304 && known !== undefined) {
      response.cancel();
      return undefined;
    }
    if (response.status !== 200) throw hideSecrets(await refusedReply(response, { now: options.now, isLookUp: true }), options);
    const encoding = contentEncoding(response);
    if (encoding !== undefined && encoding !== 'gzip') throw badEncoding(response, encoding);
    const bytes = await readBytes(response.body, MAX_JSON_BYTES);
    return { text: encoding === 'gzip' ? await unzip(bytes) : bytes.toString('utf8'), version: versionOf(response) };
  };
  const getText = async (path: string, call?: ApiCallOptions): Promise<string> => (await getBody(path, call))!.text;
  const getModels = async (call?: ApiCallOptions, known?: BodyVersion): Promise<Catalogue | undefined> => {
    const body = await getBody(MODELS_PATH, call, known);
    return body === undefined ? undefined : { ...decodeCatalogue(body.text), version: body.version };
  };
  const getData = async (path: string, call?: ApiCallOptions): Promise<unknown> =>
    parseReply((await getText(path, call)).trim())['data'];

  /** Sends a request that is answered with one body. An accepted request may have been billed, so its errors are not retryable. */
  const ask = async <Reply>(
    path: string,
    body: Readonly<Record<string, unknown>>,
    { onAccepted, ...call }: EmbedOptions,
    decode: (text: string, id: string | undefined) => Reply,
  ): Promise<Reply> => {
    const headers = { 'content-type': 'application/json', 'accept-encoding': 'gzip' };
    const response = await send('POST', path, call, headers, JSON.stringify(body));
    if (response.status !== 200) throw hideSecrets(await refusedReply(response, { now: options.now }), options);
    const id = response.headers['x-generation-id'];
    onAccepted?.(id);
    tellHeadroom(response, options.now, call);
    try {
      return decode(await readText(await unpackedBody(response), MAX_JSON_BYTES), id);
    } catch (error) {
      throw hideSecrets(unrepeatable(error), options);
    }
  };
  const raw = rawCalls({ ...options, headers: own, secretHeaders: options.headers });

  return {
    id: 'openrouter',
    streamCompletion: (request, streamOptions = {}) => new OpenRouterCompletion(request, streamOptions, options, send).events(),
    pushCompletion: (request, streamOptions, sink) => new OpenRouterCompletion(request, streamOptions, options, send).push(sink),
    describeCompletion: (request) => ({
      method: 'POST',
      url: `${options.baseUrl}${COMPLETIONS}`,
      headers: {
        ...own,
        ...(options.apiKey === undefined ? {} : { authorization: 'Bearer (hidden)' }),
        ...Object.fromEntries(Object.keys(options.headers ?? {}).map((name) => [name, '(hidden)'])),
        ...completionHeaders(request),
      },
      body: encodeRequest(request),
    }),
    async embed(request, call = {}) {
      const { model, routing, extra } = request;
      const provider = routing === undefined ? undefined : encodeRouting(routing, extra?.['provider']);
      const body = { ...embeddingsBody(request), ...(provider !== undefined && { provider }) };
      return ask(EMBEDDINGS, body, call, (text, id) => {
        const reply = openAiEmbeddings.decode(text);
        if (reply.vectors.length !== request.inputs.length) throw noVectors();
        return { ...reply, id: reply.id ?? id, model: reply.model ?? model };
      });
    },
    rerank(request, call = {}) {
      const { path, body } = openRouterRerank.encode(request);
      return ask(path, body, call, (text, id) => {
        const reply = openRouterRerank.decode(text, request.documents.length);
        return { ...reply, id: reply.id ?? id, model: reply.model ?? request.model };
      });
    },
    mostInputs: async (_, of) => (of === 'embed' ? openAiEmbeddings.most : openRouterRerank.most),
    catalogue: {
      listModels: async (call) => (await getModels(call))!,
      listModelsSince: (version, call) => getModels(call, version),
    },
    endpoints: {
      async listEndpoints(model, call) {
        const wire = await getData(`/models/${modelPath(model)}/endpoints`, call);
        const endpoints = asArray(asObject(wire)?.['endpoints']).map(decodeEndpoint);
        return { endpoints: endpoints.filter((endpoint) => endpoint !== undefined), wire };
      },
      listZdrEndpoints: async (call) => ({ endpoints: decodeModelEndpoints(await getData('/endpoints/zdr', call)) }),
    },
    account: {
      getKey: async (call) => decodeKey(await getData('/key', call)),
      getCredits: async (call) => decodeCredits(await getData('/credits', call)),
    },
    raw,
    managedKeys: manageKeys(raw),
    getGeneration: async (id, call) => decodeGeneration(await getData(`/generation?id=${encodeURIComponent(id)}`, call)),
  };
}

interface VersionedBody {
  text: string;
  version: BodyVersion | undefined;
}

function versionOf({ headers }: HttpResponse): BodyVersion | undefined {
  const etag = headers['etag'];
  const lastModified = headers['last-modified'];
  return etag === undefined && lastModified === undefined ? undefined : { etag, lastModified };
}

function conditionsOf({ etag, lastModified }: BodyVersion = {}): Record<string, string> {
  return {
    ...(etag === undefined ? {} : { 'if-none-match': etag }),
    ...(lastModified === undefined ? {} : { 'if-modified-since': lastModified }),
  };
}

function identity(options: OpenRouterOptions): Record<string, string> {
  return {
    'user-agent': options.userAgent,
    ...(options.apiKey === undefined ? {} : { authorization: `Bearer ${options.apiKey}` }),
    'http-referer': options.app.url,
    'x-title': options.app.title,
    'x-openrouter-title': options.app.title,
    'x-openrouter-categories': options.app.categories,
    ...options.headers,
  };
}

/** Returns `author/slug:variant` as path segments. Rejects names that would lead to another path. */
function modelPath(model: string): string {
  const segments = model.split('/');
  if (segments.some((segment) => /^\.*$/.test(segment))) {
    throw new OrxError(`${model} is not a model id`, {
      kind: 'no-endpoint',
      hints: ['use an id of the form author/model: orx models'],
    });
  }
  return segments.map(encodeURIComponent).join('/');
}
