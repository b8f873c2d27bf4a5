import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { OrxError } from '../errors.ts';

/** Where the gateway listens unless it is told otherwise: other machines cannot reach it. */
export const LOOPBACK_ADDRESS = '127.0.0.1';

const LOOPBACK_NAME = /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[?::1\]?)$/i;
const HOST = /^(\[[0-9a-f:.]+\]|[^:]+)(?::\d{1,5})?$/i;
const LOOPBACK_ORIGIN = /^https?:\/\/(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(?::\d{1,5})?$/i;

/** Under which names, and for pages of which sites, the gateway answers besides those of this machine. */
export interface GuardOptions {
  /** Where it listens. Default: on this machine alone. */
  address?: string | undefined;
  /** Names that clients reach it under, without a port. */
  allowedHosts?: readonly string[] | undefined;
  /** Sites whose pages may ask, such as `https://app.example`. */
  allowedOrigins?: readonly string[] | undefined;
}

/** Whether only this machine reaches an address or a name. */
export function isLoopbackName(address: string): boolean {
  return LOOPBACK_NAME.test(address);
}

/**
 * Turns away what a foreign web page can make a browser send: a request under another host's name (DNS rebinding), and one
 * with another site's Origin. Throws status 403. Beyond this machine any address of numbers is a right name: no web page can be under one that
 * then becomes another machine's. Source of the rule: the threat list, row "the gateway's neighbors".
 */
export function foreignerGuard(options: GuardOptions): (headers: IncomingHttpHeaders) => void {
  const { address = LOOPBACK_ADDRESS } = options;
  const hosts = new Set((options.allowedHosts ?? []).map((host) => host.toLowerCase()));
  const origins = new Set((options.allowedOrigins ?? []).map((origin) => origin.toLowerCase()));
  const isBeyond = !isLoopbackName(address);
  if (isBeyond) hosts.add(address.toLowerCase());
  return (headers) => {
    const name = HOST.exec(headers.host ?? '')?.[1]?.toLowerCase() ?? '';
    const isKnown = isLoopbackName(name) || hosts.has(name) || (isBeyond && isIP(name.replace(/^\[|\]$/g, '')) !== 0);
    if (!isKnown)
      throw forbidden(
        isBeyond || hosts.size > 0
          ? 'this gateway does not accept this host name'
          : 'this gateway accepts only localhost and 127.0.0.1',
      );
    const { origin } = headers;
    if (origin !== undefined && !LOOPBACK_ORIGIN.test(origin) && !origins.has(origin.toLowerCase()))
      throw forbidden('this gateway does not accept requests from other websites');
  };
}

/** Headers that let a page of an allowed site read the reply; none for anything else, and never a wildcard. */
export function corsHeaders(headers: IncomingHttpHeaders): Record<string, string> | undefined {
  const { origin } = headers;
  if (origin === undefined) return undefined;
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers':
      'X-Generation-Id, X-Request-Id, Request-Id, X-Orx-Estimate, X-Orx-Target, X-Orx-Attempts, X-Orx-Cost, X-Orx-Cache, X-Orx-Overhead-Ms, Retry-After',
    vary: 'Origin',
  };
}

/** Answer to a browser's question before the request itself. Only allowed origins get here. */
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
