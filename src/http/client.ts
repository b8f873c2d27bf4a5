import type { LookupFunction } from 'node:net';
import type { Dispatcher } from 'undici';
import Pool from 'undici/lib/dispatcher/pool.js';
import { OrxError } from '../errors.ts';
import { type AheadSocket, connectAhead, connectorWithAhead } from './connect-ahead.ts';
import { networkError } from './network-error.ts';
import { proxyFor } from './proxy.ts';
import { ReadRhythm } from './read-rhythm.ts';
import { secureContextFor, type UserCertificates } from './tls.ts';
import { type Flow, ResponseBody } from './response-body.ts';
import type { HttpLimits } from './limits.ts';

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: URL;
  headers: Readonly<Record<string, string>>;
  body?: string | Uint8Array | undefined;
  signal?: AbortSignal | undefined;
  /** Replaces individual limits of the client. A `connectMs` longer than the client's has no effect. */
  limits?: Partial<HttpLimits> | undefined;
  /**
   * The body is only drawn: after its beginning it is read once in this many milliseconds (see read-rhythm.ts). Default: each piece
   * is read when it arrives.
   */
  gatherMs?: number | undefined;
  /** Called when a connection is open, right before the request is sent. */
  onConnected?: (() => void) | undefined;
  /** Called at the reply's headers. Returns a receiver for the body's pieces, or undefined if the caller reads `body`. */
  receive?: ((response: HttpResponse, flow: Flow) => BodyReceiver | undefined) | undefined;
}

/** Receives the pieces of a body as they arrive, without a promise for each piece. Its methods must not throw. */
export interface BodyReceiver {
  data: (piece: Buffer) => void;
  end: () => void;
  /** Called with an OrxError of kind `network`, or with the signal's reason. */
  fail: (error: unknown) => void;
}

export interface HttpResponse {
  status: number;
  /** Names in lower case; the values of a repeated header are joined by commas. */
  headers: Readonly<Record<string, string>>;
  /**
   * The body's bytes as they arrive; can be read once. Throws OrxError of kind `network`, or the signal's reason. When the reader
   * stops early, a short rest of the body is still received and dropped, so that the connection can be reused.
   */
  body: AsyncIterable<Uint8Array>;
  /** Aborts the exchange at once: the server sees the connection close. Has no effect when the body is complete. */
  cancel: () => void;
}

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

export interface HttpClientOptions {
  limits: HttpLimits;
  /** The proxy for every request. Default: the proxy variables of the environment. */
  proxy?: string | undefined;
  env: Readonly<Record<string, string | undefined>>;
  /** How to resolve host names of requests that use no proxy. Default: Node's `dns.lookup`. */
  lookup?: LookupFunction | undefined;
  /** Certificates of the user. Default: those of Node. */
  tls?: UserCertificates | undefined;
  /** Called once, before the first connection is used. */
  onFirstUse?: (() => void) | undefined;
  /** Called once, before the first reply: when the first request has been written, or with a proxy, which replies earlier, before it is asked. */
  onFirstRequest?: (() => void) | undefined;
  /** Called once, when a reply has become longer than most. */
  onLongReply?: (() => void) | undefined;
}

const LONG_REPLY_BYTES = 1024 * 1024;

const MAX_HEADER_BYTES = 64 * 1024;

/** The beginning of a body is read when it arrives, because the time of the first token is measured. */
const BEGINNING_BYTES = 4096;

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

async function createDispatcher(
  origin: string,
  { limits, lookup, tls }: HttpClientOptions,
  proxy: string | undefined,
  /** Returns the connection that was begun ahead, once. */
  take: () => AheadSocket | undefined,
  rhythm: ReadRhythm,
): Promise<Dispatcher> {
  const common = { headersTimeout: limits.firstByteMs, bodyTimeout: limits.idleMs, maxHeaderSize: MAX_HEADER_BYTES };
  const plain = { timeout: limits.connectMs };
  const secureContext = origin.startsWith('https:') ? secureContextFor(origin, tls) : undefined;
  const connect = secureContext === undefined ? plain : { ...plain, secureContext };
  if (proxy === undefined)
    return new Pool(origin, {
      ...common,
      connect: connectorWithAhead(lookup === undefined ? connect : { ...connect, lookup }, take, (socket) => rhythm.add(socket)),
    });
  const { default: buildConnector } = await import('undici/lib/core/connect.js');
  if (proxy.startsWith('socks')) {
    const { default: Socks5ProxyAgent } = await import('undici/lib/dispatcher/socks5-proxy-agent.js');
    // undici accepts only the scheme `socks5:`. With it, the proxy resolves host names.
    // Its types lack `requestTls`.
    const options = { ...common, connect: buildConnector(plain), requestTls: connect };
    return new Socks5ProxyAgent(proxy.replace(/^socks5?h?:/, 'socks5:'), options);
  }
  const [{ default: ProxyAgent }, { default: Dispatcher }, { default: connectThrough }] = await Promise.all([
    import('undici/lib/dispatcher/proxy-agent.js'),
    import('undici/lib/dispatcher/dispatcher.js'),
    import('undici/lib/api/api-connect.js'),
  ]);
  // The index of undici, which orx does not load, does this.
  Dispatcher.prototype.connect = connectThrough;
  // The proxy never gets the user's own certificate.
  const proxyContext = proxy.startsWith('https:') ? secureContextFor('', tls) : undefined;
  const proxyTls = proxyContext === undefined ? plain : { ...plain, secureContext: proxyContext };
  return new ProxyAgent({ uri: proxy, ...common, connect: proxyTls, proxyTls, requestTls: connect, proxyTunnel: false });
}

function withLimits(limits: HttpLimits, own: Partial<HttpLimits>): HttpLimits {
  return {
    connectMs: own.connectMs ?? limits.connectMs,
    firstByteMs: own.firstByteMs ?? limits.firstByteMs,
    idleMs: own.idleMs ?? limits.idleMs,
  };
}

/** What all exchanges of a client share. */
interface ExchangeObserver {
  /** Called when a request has been written. Undefined: not any more. */
  onFirstRequest: (() => void) | undefined;
  /** Called with the bytes of the reply's body so far. */
  onBytes: (total: number) => void;
  rhythm: ReadRhythm;
}

function takeFirst(observer: ExchangeObserver): (() => void) | undefined {
  const { onFirstRequest } = observer;
  observer.onFirstRequest = undefined;
  return onFirstRequest;
}

function exchange(
  dispatcher: Dispatcher,
  request: HttpRequest,
  limits: HttpLimits,
  translate: (error: unknown) => unknown,
  observer: ExchangeObserver,
): Promise<HttpResponse> {
  const { onBytes, rhythm } = observer;
  return new Promise((resolve, reject) => {
    let body: ResponseBody | undefined;
    let total = 0;
    let receiver: BodyReceiver | undefined;
    let controller: Dispatcher.DispatchController | undefined;
    const { signal } = request;
    const fail = (reason: unknown): void => {
      if (receiver === undefined) return body?.fail(reason);
      receiver.fail(reason);
      receiver = IGNORING;
    };
    const onAbort = (): void => {
      reject(signal?.reason as Error);
      fail(signal?.reason);
      controller?.abort(signal?.reason as Error);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    // undici restarts its own timer at every 1xx reply: without this one, a server that sends them forever would never time out.
    let patience: NodeJS.Timeout | undefined;
    let isGivenUp = false;
    if (request.limits?.connectMs !== undefined) {
      // The pool's connect limit applies to all its requests; this timer rejects a request whose own limit is shorter.
      patience = setTimeout(() => {
        isGivenUp = true;
        signal?.removeEventListener('abort', onAbort);
        reject(translate(new NoConnectionError()) as Error);
      }, request.limits.connectMs);
    }
    const settle = (): void => {
      if (request.gatherMs !== undefined) rhythm.resume();
      clearTimeout(patience);
      signal?.removeEventListener('abort', onAbort);
    };

    dispatcher.dispatch(
      {
        origin: request.url.origin,
        path: request.url.pathname + request.url.search,
        method: request.method,
        headers: request.headers,
        body: request.body ?? null,
        headersTimeout: limits.firstByteMs,
        bodyTimeout: limits.idleMs,
      },
      {
        onRequestStart(started) {
          controller = started;
          clearTimeout(patience);
          if (isGivenUp) return started.abort(new NoConnectionError());
          request.onConnected?.();
          // undici writes the request immediately after this call.
          const onFirstRequest = takeFirst(observer);
          if (onFirstRequest !== undefined) queueMicrotask(onFirstRequest);
          patience = setTimeout(() => started.abort(new NoReplyError()), limits.firstByteMs);
          if (signal?.aborted === true) started.abort(signal.reason as Error);
        },
        onResponseStart(started, status, headers) {
          if (status < 200) return;
          clearTimeout(patience);
          body = new ResponseBody(started);
          const response = { status, headers: plainHeaders(headers), body, cancel: () => body?.cancel() };
          receiver = request.receive?.(response, started);
          resolve(response);
        },
        onResponseData(_, piece) {
          onBytes((total += piece.length));
          if (request.gatherMs !== undefined && total > BEGINNING_BYTES) rhythm.arrived(piece.length, request.gatherMs);
          if (receiver === undefined) body?.push(piece);
          else receiver.data(piece);
        },
        onResponseEnd() {
          settle();
          receiver?.end();
          body?.complete();
        },
        onResponseError(_, error) {
          settle();
          const reason = signal?.aborted === true ? signal.reason : translate(error);
          fail(reason);
          reject(reason as Error);
        },
      },
    );
  });
}

const IGNORING: BodyReceiver = { data: () => undefined, end: () => undefined, fail: () => undefined };

/** No connection was established in time. */
class NoConnectionError extends Error {
  readonly code = 'UND_ERR_CONNECT_TIMEOUT';
}

/** No final reply arrived in time. */
class NoReplyError extends Error {
  readonly code = 'UND_ERR_HEADERS_TIMEOUT';
}

function plainHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) plain[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return plain;
}
