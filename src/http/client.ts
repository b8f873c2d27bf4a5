import type { Dispatcher } from 'undici';
import { OrxError } from '../errors.ts';
import { type AheadSocket, connectAhead } from './connect-ahead.ts';
import { createDispatcher, type DispatcherOptions } from './dispatcher.ts';
import { exchange, type ExchangeObserver, type HttpRequest, type HttpResponse, takeFirst } from './exchange.ts';
import type { HttpLimits } from './limits.ts';
import { networkError } from './network-error.ts';
import { proxyFor } from './proxy.ts';
import { ReadRhythm } from './read-rhythm.ts';
import { secureContextFor } from './tls.ts';

export interface HttpClient {
  /**
   * Sends one request and resolves when the reply's headers arrive, whatever its status. Does not follow redirects, so that the
   * API key never reaches a host that the user did not set. Rejects with OrxError of kind `network`, or with the signal's reason.
   */
  send: (request: HttpRequest) => Promise<HttpResponse>;
  /**
   * Begins a connection to the origin of the first request, unless a proxy is between. It is closed with the others, if no request
   * uses it.
   */
  connectAhead: (url: URL) => void;
  /** Closes all connections at once. Later requests are rejected. */
  close: () => Promise<void>;
}

export interface HttpClientOptions extends DispatcherOptions {
  /** The proxy for every request. Default: the proxy variables of the environment. */
  proxy?: string | undefined;
  env: Readonly<Record<string, string | undefined>>;
  /** Called once, before the first connection is used. */
  onFirstUse?: (() => void) | undefined;
  /** Called once, before the first reply: when the first request has been written, or with a proxy, which replies earlier, before it is asked. */
  onFirstRequest?: (() => void) | undefined;
  /** Called once, when a reply has become longer than most. */
  onLongReply?: (() => void) | undefined;
}

const LONG_REPLY_BYTES = 1024 * 1024;

/**
 * Returns an HTTP client based on undici, with keep-alive connections per origin, three separate time limits, and abort signals.
 * Throws a usage error for certificates that cannot be used.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  // Files that TLS cannot use are an error before anything is sent.
  if (options.tls !== undefined) secureContextFor(options.tls.client?.origin ?? '', options.tls);
  const routes = new Map<string, { dispatcher: Promise<Dispatcher>; proxy: string | undefined }>();
  const ahead = new Map<string, AheadSocket>();
  const rhythm = new ReadRhythm();
  let { onLongReply } = options;
  let isClosed = false;
  const onBytes = (total: number): void => {
    if (total < LONG_REPLY_BYTES) return;
    onLongReply?.();
    onLongReply = undefined;
  };

  const observer: ExchangeObserver = { onFirstRequest: options.onFirstRequest, onBytes, rhythm };

  const routeTo = (url: URL): { dispatcher: Promise<Dispatcher>; proxy: string | undefined } => {
    const known = routes.get(url.origin);
    if (known !== undefined) return known;
    if (routes.size === 0) options.onFirstUse?.();
    const proxy = proxyFor(url, options.proxy, options.env);
    if (proxy !== undefined) takeFirst(observer)?.();
    const take = (): AheadSocket | undefined => {
      const socket = ahead.get(url.origin);
      ahead.delete(url.origin);
      return socket;
    };
    const made = { dispatcher: createDispatcher(url.origin, options, proxy, take, rhythm), proxy };
    routes.set(url.origin, made);
    return made;
  };

  return {
    async send(request) {
      request.signal?.throwIfAborted();
      // A new connection would keep the program running until it times out.
      if (isClosed) throw new OrxError('orx is ending and sends nothing more', { kind: 'interrupted' });
      const { dispatcher, proxy } = routeTo(request.url);
      const limits = request.limits === undefined ? options.limits : withLimits(options.limits, request.limits);
      const translate = (error: unknown): unknown => networkError(error, request.url, limits, proxy);
      return exchange(await dispatcher, request, limits, translate, observer);
    },
    connectAhead(url) {
      const isKnown = routes.has(url.origin) || ahead.has(url.origin);
      if (isKnown || options.lookup !== undefined || proxyFor(url, options.proxy, options.env) !== undefined) return;
      ahead.set(url.origin, connectAhead(url));
    },
    async close() {
      isClosed = true;
      for (const { socket } of ahead.values()) socket.destroy();
      ahead.clear();
      const all = await Promise.all([...routes.values()].map(({ dispatcher }) => dispatcher));
      routes.clear();
      await Promise.all(all.map((dispatcher) => dispatcher.destroy()));
    },
  };
}

function withLimits(limits: HttpLimits, own: Partial<HttpLimits>): HttpLimits {
  return {
    connectMs: own.connectMs ?? limits.connectMs,
    firstByteMs: own.firstByteMs ?? limits.firstByteMs,
    idleMs: own.idleMs ?? limits.idleMs,
  };
}
