import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Api } from '../apis/api.ts';

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
  /** For the log. */
  model?: string | undefined;
}
