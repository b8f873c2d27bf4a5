import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { errorClass } from '../core/serve/error-class.ts';
import type { ServedRequest } from '../core/serve/served-request.ts';
import { OrxError } from '../errors.ts';
import { shortText } from '../text/short-text.ts';
import { brokenRequest, closeWithConnection } from './broken-connection.ts';
import { CLIENT_GONE, type Exchange, hasLeft, type ServedApi } from './exchange.ts';
import { corsHeaders, keyOf, preflightHeaders } from './guard.ts';
import type { ServedDialect } from './dialects/served-dialect.ts';
import { geminiDialect } from './dialects/gemini/dialect.ts';
import { isHeaderText } from './request-trace.ts';
import { splitTarget } from './request-target.ts';
import { dialectOfPath, findRoute, type RouteMatch } from './routes.ts';
import { unknownPath } from './unknown-path.ts';
import { errorHeaders, errorStatus } from './wire-error.ts';
import { sendJson } from './write-reply.ts';

/** Nothing writes to the query of a request. */
const NO_QUERY = new URLSearchParams();

/** Serves one request until `gone` is aborted. A failure becomes an error in the dialect of the client. Never rejects. */
export async function serveRequest(
  served: ServedApi,
  request: IncomingMessage,
  response: ServerResponse,
  gone: AbortController,
): Promise<void> {
  const { host, path, search } = splitTarget(request.url ?? '/');
  const id = requestId(request);
  const exchange: Exchange = {
    served,
    request,
    response,
    query: search === '' ? NO_QUERY : new URLSearchParams(search),
    parts: [],
    headers: firstHeaders(id),
    id,
    signal: gone.signal,
  };
  const start = served.monotonic();
  const startedAt = served.now();
  let failure: unknown;
  let found: RouteMatch | undefined;
  for (const observer of served.observers) observer.begin?.();
  if (response.socket === null) closeWithConnection(request, response);
  response.once('close', () => {
    const isGone = !response.writableFinished;
    const broken = isGone ? brokenRequest(request) : undefined;
    if (isGone) gone.abort(new OrxError('the client has disconnected', { kind: 'interrupted', code: CLIENT_GONE }));
    const error = broken ?? failure ?? exchange.failure ?? (isGone ? gone.signal.reason : undefined);
    const answer = exchange.trace?.answer ?? {};
    // Written out, because spreading an object into this one takes longer than everything else here.
    const entry: ServedRequest = {
      target: answer.target,
      generationId: answer.generationId,
      provider: answer.provider,
      usage: answer.usage,
      isCached: answer.isCached,
      finishReason: answer.finishReason,
      isStreamed: answer.isStreamed,
      attempts: answer.attempts,
      retries: answer.retries,
      fallbacks: answer.fallbacks,
      hedges: answer.hedges,
      hedgeCost: answer.hedgeCost,
      overheadMs: answer.overheadMs,
      timeToFirstTokenMs: answer.timeToFirstTokenMs,
      content: answer.content,
      id,
      startedAt,
      method: request.method ?? '',
      path: shortText(path),
      route: found?.pattern ?? '',
      operation: found?.route.operation,
      status: isGone ? (broken?.status ?? 499) : response.statusCode,
      client: exchange.client,
      model: exchange.model === undefined ? undefined : shortText(exchange.model),
      durationMs: served.monotonic() - start,
      error,
      failure: error === undefined ? undefined : errorClass(error, (answer.attempts ?? 0) > 0),
    };
    served.generations.add(entry);
    for (const observer of served.observers) observer.end(entry);
  });
  // `close` reports a broken connection.
  response.on('error', () => undefined);
  try {
    served.refuseForeigners(host === undefined ? request.headers : { ...request.headers, host });
    found = findRoute(path);
    await serve(exchange, path, found);
  } catch (error) {
    failure = error;
    if (hasLeft(exchange)) return;
    if (response.headersSent) return void response.destroy();
    const dialect = found?.route.dialect ?? dialectOfPath(path);
    try {
      sendError(exchange, dialect, error);
    } catch (inner) {
      // An error that cannot be written must not end the gateway.
      failure = inner;
      sendError(exchange, dialect, inner);
    }
  }
}

function sendError(exchange: Exchange, dialect: ServedDialect, error: unknown): void {
  exchange.trace?.addHeaders(exchange.headers);
  const headers = { ...exchange.headers, ...errorHeaders(error) };
  if (dialect.requestIdHeader !== undefined) headers[dialect.requestIdHeader] = exchange.id;
  const status = (dialect.errorStatus ?? errorStatus)(error);
  const body = { ...dialect.error(error, exchange.id), ...exchange.routerMetadata?.fail(error) };
  sendJson(exchange.response, status, body, headers);
}

/** Returns headers to which others are added. Copies of a literal would get a hidden class of their own with each header on Node 20. */
function firstHeaders(id: string): Record<string, string> {
  const headers: Record<string, string> = {};
  headers['x-request-id'] = id;
  return headers;
}

/** Returns the client's own id if it is valid in a header, else a new one. */
function requestId({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && isHeaderText(given) ? given : `req-${randomUUID()}`;
}

/** Returns the tags in orx's header and LiteLLM's, separated by commas. */
function headerTags({ 'x-orx-tags': own, 'x-litellm-tags': others }: IncomingHttpHeaders): string | undefined {
  if (own === undefined && others === undefined) return undefined;
  return [own, others]
    .flat()
    .filter((tags) => tags !== undefined)
    .join(',');
}

/** Throws status 417 for an `Expect` other than `100-continue`, which Node answers. */
function refuseExpectation({ expect }: IncomingHttpHeaders): void {
  if (expect === undefined || /(?:^|\W)100-continue(?:$|\W)/i.test(expect)) return;
  throw new OrxError(`the gateway does not support the expectation ${expect}; use 100-continue, or no Expect header`, {
    kind: 'usage',
    code: 'expectation_failed',
    status: 417,
  });
}

async function serve(exchange: Exchange, path: string, matches: RouteMatch | undefined): Promise<void> {
  const { served, request, response } = exchange;
  if (request.headers.origin !== undefined) Object.assign(exchange.headers, corsHeaders(request.headers));
  if (matches === undefined) throw unknownPath(path);
  const { route, parts } = matches;
  exchange.parts = parts;
  const { requestIdHeader } = route.dialect;
  if (requestIdHeader !== undefined) exchange.headers[requestIdHeader] = exchange.id;
  if (request.method === 'OPTIONS' && request.headers.origin !== undefined) {
    response.writeHead(204, preflightHeaders(request.headers));
    return void response.end();
  }
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  if (method !== route.method) {
    exchange.headers['allow'] = route.method;
    throw new OrxError(`${path} accepts ${route.method}, not ${request.method}`, {
      kind: 'usage',
      code: 'method_not_allowed',
      status: 405,
    });
  }
  refuseExpectation(request.headers);
  if (route.isOpen === true) return route.serve(exchange);
  const client = served.clients.admit(served.api, {
    secret: keyOf(request.headers, route.dialect === geminiDialect ? exchange.query : undefined),
    headerTags: headerTags(request.headers),
    needsKey: route.needsKey,
    isLimited: route.method === 'POST',
  });
  response.once('close', client.release);
  exchange.client = client.name;
  exchange.served = { ...served, api: client.api };
  Object.assign(exchange.headers, client.headers);
  await route.serve(exchange);
}
