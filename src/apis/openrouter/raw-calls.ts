import { type OrxError, usageError, withFacts } from '../../errors.ts';
import type { HttpClient } from '../../http/client.ts';
import type { HttpResponse } from '../../http/exchange.ts';
import { readStart } from '../../http/read-body.ts';
import type { RawCapability, RawReply, RawTarget } from '../raw-call.ts';
import { hideKey, hideSecrets } from '../wire/errors/hide-key.ts';
import { MAX_JSON_BYTES, unpackedBody } from '../wire/packed-reply.ts';
import { refusedReply } from '../wire/errors/refused-reply.ts';
import { createFactsReader } from './facts-reader.ts';

interface RawCallOptions {
  http: HttpClient;
  baseUrl: string;
  apiKey?: string | undefined;
  now: () => number;
  /** The headers of every request, with the key. */
  headers: Readonly<Record<string, string>>;
  /** Those of them that the user has set. */
  secretHeaders?: Readonly<Record<string, string>> | undefined;
}

const CHECK_PATH = 'check the path and the ids in it; the reference lists all paths: https://openrouter.ai/docs/api-reference';

/** Returns what sends the user's own requests to OpenRouter, or to a server with the same API. */
export function rawCalls({ http, baseUrl, apiKey, now, headers: own, secretHeaders }: RawCallOptions): RawCapability {
  return {
    resolve: (path) => resolveTarget(path, baseUrl),
    async send({ method, target, headers, body, signal, gathersFacts }) {
      if (target.url.origin !== new URL(baseUrl).origin) throw otherHost(target.url);
      const all = Object.entries({ accept: '*/*', ...own, ...headers }).filter(([, value]) => value !== '');
      const response = await http.send({ method, url: target.url, headers: Object.fromEntries(all), body, signal });
      const otherKey = headers['authorization']?.replace(/^bearer\s+/i, '');
      const hide = (error: unknown): unknown => hideKey(hideSecrets(error, { apiKey, headers: secretHeaders }), otherKey);
      return isSuccess(response.status) ? acceptedReply(response, gathersFacts) : failedReply(response, hide, now);
    },
  };
}

/** A reply to a conditional request has no body, and is what the user wanted. */
function isSuccess(status: number): boolean {
  return (status >= 200 && status < 300) || status === 304;
}

async function acceptedReply(response: HttpResponse, gathersFacts: boolean): Promise<RawReply> {
  const { status, headers } = response;
  const body = await unpackedBody(response);
  const reader = createFactsReader(headers);
  return { status, headers, body: gathersFacts ? watched(body, reader.push) : body, facts: reader.facts };
}

async function failedReply(response: HttpResponse, hide: (error: unknown) => unknown, now: () => number): Promise<RawReply> {
  const { status, headers } = response;
  const bytes = await readStart(await unpackedBody(response), MAX_JSON_BYTES);
  const { 'content-encoding': _, ...plain } = headers;
  const again = { status, headers: plain, body: once(bytes), cancel: () => undefined };
  const reader = createFactsReader(headers);
  reader.push(bytes);
  const refused = await refusedReply(again, { now, isLookUp: true });
  const isUnknown = refused.kind === 'no-endpoint' && status === 404;
  const error = hide(isUnknown ? withFacts(refused, { hints: [CHECK_PATH] }) : refused) as OrxError;
  return { status, headers, body: once(bytes), error, facts: reader.facts };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  if (bytes.length > 0) yield bytes;
}

async function* watched(
  body: AsyncIterable<Uint8Array>,
  see: (piece: Uint8Array) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const piece of body) {
    see(piece);
    yield piece;
  }
}

function resolveTarget(path: string, baseUrl: string): RawTarget {
  const base = new URL(baseUrl);
  const isUrl = /^[a-z][a-z\d+.-]*:\/\//i.test(path);
  const text = isUrl ? path : `${baseUrl.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`;
  if (!URL.canParse(text))
    throw usageError(`"${path}" is not a path of the API`, 'give a path such as models or keys: orx api models');
  const url = new URL(text);
  url.hash = '';
  if (url.origin !== base.origin || url.username !== '' || url.password !== '') throw otherHost(url);
  const root = `${base.pathname.replace(/\/+$/, '')}/`;
  const isBelow = url.pathname.startsWith(root) && url.pathname !== root;
  if (!isUrl && !isBelow)
    throw usageError(
      path.replace(/^\/+/, '') === '' ? 'the path is empty' : `the path "${path}" leaves the base URL`,
      'give a path below the base URL: orx api models',
      `for other paths of the same host, give the whole URL, which begins with ${base.origin}/`,
    );
  return { url, path: isBelow ? url.pathname.slice(root.length) : undefined };
}

function otherHost(url: URL): OrxError {
  return usageError(
    `${url.host === '' ? url.protocol : url.host} is not the host of the base URL`,
    'orx sends the key only to the base URL; give a path instead: orx api models',
    'show the base URL: orx config get base-url',
  );
}
