import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Api } from '../apis/api.ts';
import type { RequestTrace } from './request-trace.ts';

/** One finished request, for a log. Nothing in it is secret; `path` and `model` are untrusted. */
export interface RequestEntry {
  method: string;
  /** Without the query. */
  path: string;
  /** HTTP status; 499 when the client went away, or was cut off, before the reply was complete. */
  status: number;
  /** The model that was asked for, on completions. */
  model?: string | undefined;
  durationMs: number;
  /** `x-request-id` of the reply. */
  id: string;
  /** What became of a completion. */
  trace?: RequestTrace | undefined;
  /** Why it failed. */
  error?: unknown;
}

/** What every request is served from. */
export interface ServedApi {
  api: Api;
  /** Wall clock in milliseconds, and a monotonic one for durations. */
  now: () => number;
  monotonic: () => number;
  acceptsKey: (key: string | undefined) => boolean;
  onRequest: ((entry: RequestEntry) => void) | undefined;
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
  /** For the log. */
  model?: string | undefined;
  /** Of a completion, from when its body was read. */
  trace?: RequestTrace | undefined;
}
