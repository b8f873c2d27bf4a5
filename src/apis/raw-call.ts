import type { OrxError } from '../errors.ts';
import type { Usage } from './completion.ts';

/** The URL of a request that the user writes. */
export interface RawTarget {
  url: URL;
  /** The path below the base URL, without a slash at the start, such as `keys`. Undefined for other paths of the same host. */
  path: string | undefined;
}

export type RawMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface RawRequest {
  method: RawMethod;
  target: RawTarget;
  /** In addition to the API's own, and in place of those with the same name. An empty value removes a header. Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body?: string | Uint8Array | undefined;
  signal?: AbortSignal | undefined;
  /** Whether to gather facts from the body as it is read. */
  gathersFacts: boolean;
}

/** What the body of a reply says about the cost of the request. */
export interface RawFacts {
  /** The id by which the cost can be looked up. */
  id?: string | undefined;
  model?: string | undefined;
  provider?: string | undefined;
  usage?: Usage | undefined;
}

export interface RawReply {
  status: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** The body as the server sent it, decompressed. Can be read once. Throws kind `network`. */
  body: AsyncIterable<Uint8Array>;
  /** For a status that is not a success: what a command throws after it has shown the body. */
  error?: OrxError | undefined;
  /** Returns the facts of the part of the body that has been read. */
  facts: () => RawFacts;
}

/** Sends requests with the user's method, path, headers and body, and returns the reply unread. */
export interface RawCapability {
  /**
   * Returns the URL of a path below the base URL, or of a URL with the same origin. Throws a usage error for any other host, so that
   * the key goes only to the host that the user configured.
   */
  resolve: (path: string) => RawTarget;
  /** Rejects with kind `network`, or with the signal's reason. An error status is no rejection. */
  send: (request: RawRequest) => Promise<RawReply>;
}
