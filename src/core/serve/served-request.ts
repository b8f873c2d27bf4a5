import type { Usage } from '../../apis/completion.ts';
import type { Message } from '../../apis/message.ts';
import type { ErrorClass } from './error-class.ts';

/** One request that the gateway has served, for logs, metrics and the screen. Texts are untrusted; nothing in it is secret but `content`. */
export interface ServedRequest extends ServedAnswer {
  /** `x-request-id` of the reply. */
  id: string;
  /** When it had come, in milliseconds since 1970. */
  startedAt: number;
  method: string;
  /** Without the query. */
  path: string;
  /** The route's pattern, `*` standing for a variable part; empty where there is none. */
  route: string;
  /** What a model was asked for, as OpenTelemetry names it: `chat`, `embeddings`. */
  operation?: string | undefined;
  /** HTTP status; 499 when the client went away, or was cut off, before the reply was complete. */
  status: number;
  /** Name of the client's key; undefined where clients need none. */
  client?: string | undefined;
  /** The model that was asked for. */
  model?: string | undefined;
  durationMs: number;
  /** Why it failed, also where the status had been sent before. */
  failure?: ErrorClass | undefined;
  /** What was thrown; its text may repeat what the client sent. */
  error?: unknown;
}

/** What became of a completion. */
export interface ServedAnswer {
  /** The model that answered, a direct one with its vendor in front. Undefined until one does. */
  target?: string | undefined;
  /** Who hosts it, as the API says. */
  provider?: string | undefined;
  usage?: Usage | undefined;
  /** It came from the gateway's cache: nobody was asked. */
  isCached?: boolean | undefined;
  finishReason?: string | undefined;
  isStreamed?: boolean | undefined;
  /** How often a target was asked; 0 when the gateway itself refused. */
  attempts?: number | undefined;
  retries?: number | undefined;
  fallbacks?: number | undefined;
  /** How long the gateway had the request before it was sent on. */
  overheadMs?: number | undefined;
  /** From the moment the request was complete to the first visible token. */
  timeToFirstTokenMs?: number | undefined;
  /** Only where it is logged. */
  content?: { messages: readonly Message[]; answer: string } | undefined;
}

/** What is told of requests while they are served. Nothing that it does may throw. */
export interface RequestObserver {
  begin?: (() => void) | undefined;
  end: (request: ServedRequest) => void;
}
