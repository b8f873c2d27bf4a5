import type { IncomingHttpHeaders } from 'node:http';
import { OrxError } from '../errors.ts';

/** Where the gateway listens: never on an address that another machine can reach. */
export const LOOPBACK_ADDRESS = '127.0.0.1';

const LOOPBACK_HOST = /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(?::\d{1,5})?$/i;
const LOOPBACK_ORIGIN = /^https?:\/\/(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(?::\d{1,5})?$/i;

/**
 * Turns away what a foreign web page can make a browser send: a request under another host's name (DNS rebinding), and one
 * with another site's Origin. Throws status 403. Source of the rule: the threat list, row "the gateway's neighbors".
 */
export function refuseForeigners(headers: IncomingHttpHeaders): void {
  if (!LOOPBACK_HOST.test(headers.host ?? '')) throw forbidden('this gateway answers only to localhost and 127.0.0.1');
  const { origin } = headers;
  if (origin !== undefined && !LOOPBACK_ORIGIN.test(origin))
    throw forbidden('this gateway does not answer to web pages of other sites');
}

/** Headers that let a page of this machine read the reply; none for anything else, and never a wildcard. */
export function corsHeaders(headers: IncomingHttpHeaders): Record<string, string> | undefined {
  const { origin } = headers;
  if (origin === undefined) return undefined;
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers':
      'X-Generation-Id, X-Request-Id, X-Orx-Target, X-Orx-Attempts, X-Orx-Cost, X-Orx-Cache, X-Orx-Overhead-Ms, Retry-After',
    vary: 'Origin',
  };
}

/** Answer to a browser's question before the request itself. Only loopback origins get here. */
export function preflightHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return {
    ...corsHeaders(headers),
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': headers['access-control-request-headers'] ?? 'authorization, content-type',
    'access-control-max-age': '600',
  };
}

/** Where other clients than OpenRouter's put their key: Anthropic's and Google's. */
const KEY_HEADERS = ['x-api-key', 'x-goog-api-key'];

/** The key of a request, as OpenRouter's, Anthropic's or Google's clients send it. Google's may write it into the address. */
export function keyOf(headers: IncomingHttpHeaders, query?: URLSearchParams): string | undefined {
  const { authorization } = headers;
  const bearer = authorization === undefined ? undefined : /^Bearer +(\S+)\s*$/i.exec(authorization)?.[1];
  if (bearer !== undefined) return bearer;
  const plain = [...KEY_HEADERS.map((name) => headers[name]), query?.get('key')];
  return plain.map((key) => (typeof key === 'string' ? key.trim() : '')).find((key) => key !== '');
}

function forbidden(message: string): OrxError {
  return new OrxError(message, { kind: 'no-endpoint', code: 'permission_denied', status: 403 });
}
