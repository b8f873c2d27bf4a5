import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Api } from '../apis/api.ts';
import type { RequestObserver } from '../core/serve/served-request.ts';
import { SpareControllers } from '../core/serve/spare-controllers.ts';
import { OrxError } from '../errors.ts';
import { ClientAccess } from './clients/client-access.ts';
import { DirectGenerations, type FindStored } from './direct-generations.ts';
import type { ServedApi } from './exchange.ts';
import { foreignerGuard, type GuardOptions, isLoopbackName, LOOPBACK_ADDRESS } from './guard.ts';
import { createListener, listen, type ListenOptions, replaceTls, type TlsFiles } from './listen.ts';
import { serveRequest } from './serve-request.ts';

export interface GatewayOptions extends ListenOptions, GuardOptions {
  api: Api;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Monotonic time in milliseconds, for durations in the log. */
  monotonic: () => number;
  /** Who may use the gateway. Default: clients with any non-empty key. */
  clients?: ClientAccess | undefined;
  observers?: readonly RequestObserver[] | undefined;
  /** Whether observers receive the content of requests and answers. Default: false. */
  keepsContent?: boolean | undefined;
  /** The content of `GET /metrics`; without it the path does not exist. */
  metrics?: (() => Promise<string>) | undefined;
  /** The result of `GET /ready`. Default: true until the gateway is closed. */
  isReady?: (() => boolean) | undefined;
  /** false: neither the server nor its connections keep the process running. Default: true. */
  keepsProcessAlive?: boolean | undefined;
  limits?: Partial<GatewayLimits> | undefined;
  /**
   * An answer that breaks off ends with a broken connection, for the sandbox. Default: false, the client gets an error in its
   * dialect.
   */
  passesCuts?: boolean | undefined;
  /** Whether a name may select a vendor. Default: the ids of direct models. */
  asksVendor?: ((model: string) => boolean) | undefined;
  /** Answers of vendors in the ledger, for GET /generation. Default: only those that this process has served. */
  findStored?: FindStored | undefined;
}

/** Limits for clients. */
export interface GatewayLimits {
  /** Maximum body size. Default: 32 MB. */
  bodyBytes: number;
  /** Time limit for the head of a request. Default: 10 s. */
  headMs: number;
  /** Time limit for a whole request, body included. Default: 60 s. */
  requestMs: number;
  /** How long a client may read nothing of its reply. Default: 2 minutes. */
  stallMs: number;
  /** See ServedApi. Default: 3 s. */
  quietMs: number;
}

/** What can change while a gateway runs. */
export interface GatewayChanges extends Pick<GuardOptions, 'allowedHosts' | 'allowedOrigins'> {
  keepsContent: boolean;
}

export interface Gateway {
  /** Base URL for clients, with `/api/v1`. */
  url: string;
  origin: string;
  port: number;
  /** Applies to new requests. */
  update: (changes: GatewayChanges) => void;
  /** Uses these files for new connections. Throws kind `usage` if they cannot be used; nothing changes then. */
  renewTls: (tls: TlsFiles) => void;
  /** Stops listening and aborts running requests, whose clients get an error. Resolves when everything is closed and recorded. */
  close: () => Promise<void>;
}

const LIMITS: GatewayLimits = { bodyBytes: 32 * 1024 * 1024, headMs: 10_000, requestMs: 60_000, stallMs: 120_000, quietMs: 3000 };

/**
 * Starts a server in front of any provider, with OpenRouter's API. Default: on the loopback address only. Throws kind `usage`
 * when the port is in use or not allowed.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const limits = { ...LIMITS, ...options.limits };
  const clients = options.clients ?? new ClientAccess({ now: options.now });
  // The caller checks this first, with a better message. This check guarantees it.
  if (!isLoopbackName(options.address ?? LOOPBACK_ADDRESS) && !clients.areRequired)
    throw new Error('a gateway that other machines reach needs client keys');
  let isClosing = false;
  const served: ServedApi = {
    api: options.api,
    now: options.now,
    monotonic: options.monotonic,
    clients,
    refuseForeigners: foreignerGuard(options),
    stallMs: limits.stallMs,
    quietMs: limits.quietMs,
    observers: options.observers ?? [],
    generations: new DirectGenerations(options.findStored),
    metrics: options.metrics,
    keepsContent: options.keepsContent === true,
    isReady: () => !isClosing && (options.isReady?.() ?? true),
    maxBodyBytes: limits.bodyBytes,
    passesCuts: options.passesCuts === true,
    asksVendor: options.asksVendor,
  };
  /** Running requests. Each ends when its ledger entry is settled. */
  const running = new Map<Promise<void>, RunningRequest>();
  const controllers = new SpareControllers();
  const server = createListener(options, limits, (request, response) => {
    const gone = controllers.take();
    if (isClosing) gone.abort(shuttingDown());
    const work = serveRequest(served, request, response, gone).finally(() => {
      running.delete(work);
      if (response.closed) controllers.giveBack(gone);
      else response.once('close', () => controllers.giveBack(gone));
    });
    running.set(work, { gone, response });
  });
  if (options.keepsProcessAlive === false) {
    server.unref();
    server.on('connection', (socket: Socket) => socket.unref());
  }
  const { port, origin } = await listen(server, options);
  return {
    url: `${origin}/api/v1`,
    origin,
    port,
    update({ keepsContent, ...hosts }) {
      served.keepsContent = keepsContent;
      served.refuseForeigners = foreignerGuard({ ...options, ...hosts });
    },
    renewTls: (tls) => replaceTls(server, tls),
    async close() {
      isClosing = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const { gone } of running.values()) gone.abort(shuttingDown());
      await atMost(FAREWELL_MS, Promise.all([...running].map(replied)));
      server.closeAllConnections();
      await closed;
      await Promise.all(running.keys());
    },
  };
}

interface RunningRequest {
  gone: AbortController;
  response: ServerResponse;
}

/** How long clients may take to send the rest of a request and to read the rest of a reply when the gateway is closed. */
const FAREWELL_MS = 1000;

function shuttingDown(): OrxError {
  return new OrxError('the gateway is shutting down', { kind: 'interrupted', code: 'shutting-down', status: 503 });
}

/** Resolves when the reply to a request has been sent, or its connection is closed. */
async function replied([work, { response }]: [Promise<void>, RunningRequest]): Promise<void> {
  await work;
  if (!response.writableFinished && !response.destroyed) await new Promise((resolve) => response.once('close', resolve));
}

async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([work, new Promise((resolve) => (timer = setTimeout(resolve, ms)))]);
  clearTimeout(timer);
}
