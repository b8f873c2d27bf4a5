import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { OrxError, usageError } from '../errors.ts';
import type { Api } from '../apis/api.ts';
import type { RequestObserver } from '../core/serve/served-request.ts';
import { ClientAccess } from './client-access.ts';
import type { ServedApi } from './exchange.ts';
import { LOOPBACK_ADDRESS } from './guard.ts';
import { serveRequest } from './serve-request.ts';

export interface GatewayOptions {
  api: Api;
  /** 0: any free port. */
  port: number;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Milliseconds, monotonic: durations in the log. */
  monotonic: () => number;
  /** Who may ask. Default: whoever has a non-empty key. */
  clients?: ClientAccess | undefined;
  observers?: readonly RequestObserver[] | undefined;
  /** Whether observers are told what was asked and answered. Default false. */
  keepsContent?: boolean | undefined;
  /** What `GET /metrics` answers with; without it there is no such path. */
  metrics?: (() => Promise<string>) | undefined;
  /** Whether `GET /ready` says so. Default: until the gateway is closed. */
  isReady?: (() => boolean) | undefined;
  /** false: neither the server nor its connections keep the process running. Default true. */
  keepsProcessAlive?: boolean | undefined;
  limits?: Partial<GatewayLimits> | undefined;
  /** An answer that breaks off ends with a broken connection, as the sandbox wants it. Default false: the client is told in its dialect. */
  passesCuts?: boolean | undefined;
  /** Whether a vendor may be asked for a name. Default: the ids of direct models. */
  asksVendor?: ((model: string) => boolean) | undefined;
}

/** What a client may ask of the gateway's patience. */
export interface GatewayLimits {
  /** Longest accepted body. Default 32 MB. */
  bodyBytes: number;
  /** Longest time for the head of a request. Default 10 s. */
  headMs: number;
  /** Longest time for a whole request, body included. Default 60 s. */
  requestMs: number;
}

export interface Gateway {
  /** Base URL for clients, with `/api/v1`. */
  url: string;
  origin: string;
  port: number;
  /** Stops listening, breaks off what is under way, and resolves when everything is closed and recorded. */
  close: () => Promise<void>;
}

const LIMITS: GatewayLimits = { bodyBytes: 32 * 1024 * 1024, headMs: 10_000, requestMs: 60_000 };
const CHECK_MS = 5000;
const KEEP_ALIVE_MS = 65_000;
const MAX_HEADERS = 100;

/**
 * An HTTP server in front of any provider, in OpenRouter's shapes, on the loopback address only. Throws kind `usage` when the port
 * is taken or may not be used.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const limits = { ...LIMITS, ...options.limits };
  let isClosing = false;
  const served: ServedApi = {
    api: options.api,
    now: options.now,
    monotonic: options.monotonic,
    clients: options.clients ?? new ClientAccess({ now: options.now }),
    observers: options.observers ?? [],
    metrics: options.metrics,
    keepsContent: options.keepsContent === true,
    isReady: () => !isClosing && (options.isReady?.() ?? true),
    maxBodyBytes: limits.bodyBytes,
    passesCuts: options.passesCuts === true,
    asksVendor: options.asksVendor,
  };
  /** Each is over when its entry in the ledger is settled. */
  const running = new Set<Promise<void>>();
  const server = createServer(
    {
      headersTimeout: limits.headMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: Math.min(CHECK_MS, limits.headMs, limits.requestMs),
      keepAliveTimeout: KEEP_ALIVE_MS,
      noDelay: true,
    },
    (request: IncomingMessage, response: ServerResponse) => {
      const work = serveRequest(served, request, response).finally(() => running.delete(work));
      running.add(work);
    },
  );
  server.maxHeadersCount = MAX_HEADERS;
  if (options.keepsProcessAlive === false) {
    server.unref();
    server.on('connection', (socket: Socket) => socket.unref());
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(options.port, error)));
    server.listen(options.port, LOOPBACK_ADDRESS, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const origin = `http://${LOOPBACK_ADDRESS}:${port}`;
  return {
    url: `${origin}/api/v1`,
    origin,
    port,
    async close() {
      isClosing = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      await Promise.all(running);
    },
  };
}

function cannotListen(port: number, error: NodeJS.ErrnoException): OrxError {
  if (error.code === 'EADDRINUSE')
    return usageError(`port ${port} is taken by another program`, 'take any free port with --port 0');
  if (error.code === 'EACCES') return usageError(`port ${port} may not be used by you`, 'take any free port with --port 0');
  return new OrxError(`cannot listen on port ${port}: ${error.message}`, { kind: 'unexpected', code: error.code, cause: error });
}
