import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Api } from '../apis/api.ts';
import type { RequestObserver } from '../core/serve/served-request.ts';
import type { ClientAccess } from './clients/client-access.ts';
import type { RequestTrace } from './request-trace.ts';

/** What every request is served from. */
export interface ServedApi {
  api: Api;
  /** Wall clock in milliseconds, and a monotonic one for durations. */
  now: () => number;
  monotonic: () => number;
  clients: ClientAccess;
  /** Throws status 403 for what a foreign web page sends. */
  refuseForeigners: (headers: IncomingHttpHeaders) => void;
  /** So long a client may read nothing of its reply before it is cut off, in milliseconds. */
  stallMs: number;
  observers: readonly RequestObserver[];
  /** What was measured, in Prometheus' text format. Absent: nothing is measured. */
  metrics?: (() => Promise<string>) | undefined;
  /** Whether requests can be answered. */
  isReady: () => boolean;
  /** What is asked and answered goes into the log. */
  keepsContent: boolean;
  maxBodyBytes: number;
  /** An answer that breaks off ends with a broken connection. Else the client is told in its own dialect. */
  passesCuts: boolean;
  /** See RequestTarget. */
  asksVendor?: ((model: string) => boolean) | undefined;
}

/** One request and its reply, on the way through the gateway. */
export interface Exchange {
  served: ServedApi;
  request: IncomingMessage;
  response: ServerResponse;
  query: URLSearchParams;
  /** The variable parts of the path, decoded. */
  parts: readonly string[];
  /** Headers that every reply of this exchange carries. */
  headers: Record<string, string>;
  /** Aborted when the client has gone away. */
  signal: AbortSignal;
  /** Names the request, here and in the log. */
  id: string;
  /** For the log: name of the client's key. */
  client?: string | undefined;
  /** For the log. */
  model?: string | undefined;
  /** Of a completion, from when its body was read. */
  trace?: RequestTrace | undefined;
  /** Why an answer failed that had begun, so that no status tells it. */
  failure?: unknown;
}
