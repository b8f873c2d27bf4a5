import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Api } from '../apis/api.ts';
import type { OrxError } from '../errors.ts';
import type { RequestObserver } from '../core/serve/served-request.ts';
import type { DirectGenerations } from './direct-generations.ts';
import type { ClientAccess } from './clients/client-access.ts';
import type { RequestTrace } from './request-trace.ts';
import type { RouterMetadata } from './router-metadata.ts';

/** What the gateway needs to serve requests. */
export interface ServedApi {
  api: Api;
  /** Current time in milliseconds since 1970; `monotonic` measures durations. */
  now: () => number;
  monotonic: () => number;
  clients: ClientAccess;
  /** Throws status 403 for requests from foreign web pages. */
  refuseForeigners: (headers: IncomingHttpHeaders) => void;
  /** How long a client may read nothing of its reply before it is disconnected, in milliseconds. */
  stallMs: number;
  /**
   * How long no heartbeat begins the reply of a stream, in milliseconds. A failure in this time gets its own status, and a reply in
   * this time has headers that name the model.
   */
  quietMs: number;
  observers: readonly RequestObserver[];
  generations: DirectGenerations;
  /** Returns the metrics in Prometheus' text format. Absent: metrics are disabled. */
  metrics?: (() => Promise<string>) | undefined;
  /** Returns whether the gateway can answer requests. */
  isReady: () => boolean;
  /** The log includes the content of requests and answers. */
  keepsContent: boolean;
  maxBodyBytes: number;
  /** true: an answer that breaks off ends with a broken connection; false: the client gets an error in its dialect. */
  passesCuts: boolean;
  /** See RequestTarget. */
  asksVendor?: ((model: string) => boolean) | undefined;
}

/** One request and its reply in the gateway. */
export interface Exchange {
  served: ServedApi;
  request: IncomingMessage;
  response: ServerResponse;
  query: URLSearchParams;
  /** The variable parts of the path, decoded. */
  parts: readonly string[];
  /** Headers of every reply of this exchange. */
  headers: Record<string, string>;
  /** Aborted when the client disconnects, and when the gateway is closed. */
  signal: AbortSignal;
  /** Identifies the request, also in the log. */
  id: string;
  /** Name of the client's key, for the log. */
  client?: string | undefined;
  /** For the log. */
  model?: string | undefined;
  /** For a completion, from when its body was read. */
  trace?: RequestTrace | undefined;
  /** If the client requests it. */
  routerMetadata?: RouterMetadata | undefined;
  /** Why an answer failed after it had begun, when the status could no longer report it. */
  failure?: unknown;
}

/** Code of the reason with which the signal is aborted when the client disconnects. */
export const CLIENT_GONE = 'client-gone';

/** Returns whether the client can receive no reply. One of a gateway that is being closed can. */
export function hasLeft({ signal, response }: Pick<Exchange, 'signal' | 'response'>): boolean {
  return response.destroyed || (signal.aborted && (signal.reason as OrxError).code === CLIENT_GONE);
}
