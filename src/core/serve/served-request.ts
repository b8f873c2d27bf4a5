import type { Usage } from '../../apis/completion.ts';
import type { Message } from '../../apis/message.ts';
import type { ErrorClass } from './error-class.ts';

/** One request that the gateway served, for logs, metrics and the screen. Texts are untrusted; only `content` is confidential. */
export interface ServedRequest extends ServedAnswer {
  /** `x-request-id` of the response. */
  id: string;
  /** When the request arrived, in milliseconds since 1970. */
  startedAt: number;
  method: string;
  /** Without the query string. */
  path: string;
  /** The route's pattern, with `*` for a variable part; empty if no route matches. */
  route: string;
  /** The operation by its OpenTelemetry name: `chat`, `embeddings`, `rerank`. */
  operation?: string | undefined;
  /** HTTP status; 499 if the client disconnected, or was cut off, before the response was complete. */
  status: number;
  /** Name of the client's key; undefined if clients need none. */
  client?: string | undefined;
  /** The requested model. */
  model?: string | undefined;
  durationMs: number;
  /** Why the request failed, even if the status had already been sent. */
  failure?: ErrorClass | undefined;
  /** What was thrown; its text may repeat what the client sent. */
  error?: unknown;
}

/** The outcome of a completion. */
export interface ServedAnswer {
  /** The model that answered; a direct one includes its vendor. Undefined until a model answers. */
  target?: string | undefined;
  /** The id of the answer, as the API states it. */
  generationId?: string | undefined;
  /** The provider that hosts the model, as the API reports it. */
  provider?: string | undefined;
  usage?: Usage | undefined;
  /** The answer came from the gateway's cache: no request was sent. */
  isCached?: boolean | undefined;
  finishReason?: string | undefined;
  isStreamed?: boolean | undefined;
  /** Number of requests to targets; 0 if the gateway itself rejected the request. */
  attempts?: number | undefined;
  retries?: number | undefined;
  fallbacks?: number | undefined;
  /** Number of attempts at a second target while the first one had not answered. */
  hedges?: number | undefined;
  /** What the slower attempts of hedges cost in USD, as far as it is known: not part of `usage`. */
  hedgeCost?: string | undefined;
  /** Time between the arrival of the request and its forwarding. */
  overheadMs?: number | undefined;
  /** From the moment the request was complete to the first visible token. */
  timeToFirstTokenMs?: number | undefined;
  /** Undefined unless content is logged. */
  content?: { messages: readonly Message[]; answer: string } | undefined;
}

/** Receives requests while they are served. Its functions must not throw. */
export interface RequestObserver {
  begin?: (() => void) | undefined;
  end: (request: ServedRequest) => void;
}
