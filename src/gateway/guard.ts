import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { OrxError } from '../errors.ts';

/** The default address of the gateway, which other machines cannot reach. */
export const LOOPBACK_ADDRESS = '127.0.0.1';

const LOOPBACK_NAME = /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[?::1\]?)$/i;
const HOST = /^(\[[0-9a-f:.]+\]|[^:]+)(?::\d{1,5})?$/i;
const LOOPBACK_ORIGIN = /^https?:\/\/(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(?::\d{1,5})?$/i;

/** The host names and web origins that the gateway accepts in addition to those of this machine. */
export interface GuardOptions {
  /** The address on which it listens. Default: the loopback address. */
  address?: string | undefined;
  /** Host names under which clients reach it, without a port. */
  allowedHosts?: readonly string[] | undefined;
  /** Origins whose pages may send requests, such as `https://app.example`. */
  allowedOrigins?: readonly string[] | undefined;
}

/** Returns whether only this machine reaches an address or a name. */
export function isLoopbackName(address: string): boolean {
  return LOOPBACK_NAME.test(address);
}

/**
 * Rejects what a foreign web page can make a browser send: requests with another host name (DNS rebinding), and requests with the
 * Origin of another site. Throws status 403. When other machines can reach the gateway, any IP address is an accepted host: no
 * web page can be served from an address that later becomes that of another machine. Source of the rule: the threat list, row
 * "the gateway's neighbors".
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

/** Returns the headers that let a page of an allowed origin read the reply; none for other requests, and never a wildcard. */
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

/** Returns the reply to a browser's preflight request. Only allowed origins get this far. */
export function preflightHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return {
    ...corsHeaders(headers),
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': headers['access-control-request-headers'] ?? 'authorization, content-type',
    'access-control-max-age': '600',
  };
}

/** Headers in which Anthropic's and Google's clients send their key. */
const KEY_HEADERS = ['x-api-key', 'x-goog-api-key'];

/** Returns the key of a request from OpenRouter's, Anthropic's or Google's clients. Google's clients may send it in the URL. */
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
