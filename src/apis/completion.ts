/**
 * One completion: the request, and the one stream of typed events that answers it.
 * Everything that asks, shows, stores or forwards an answer speaks this and nothing else.
 */
import type { HttpLimits } from '../http/limits.ts';
import type { Message, ReasoningPart, Annotation } from './message.ts';
import type { RequestParameters } from './request-parameters.ts';
import type { DialectName } from './vendors.ts';

/** Which endpoints may answer, and in which order. Wire name: the `provider` object. All optional: absent = API default. */
export interface RoutingPreferences {
  /** Provider slugs to try in this order. */
  order?: readonly string[] | undefined;
  /** Only these providers. */
  only?: readonly string[] | undefined;
  /** Never these providers. */
  ignore?: readonly string[] | undefined;
  /** false: no other provider than the first one; its error is the error. */
  allowFallbacks?: boolean | undefined;
  sort?: 'price' | 'throughput' | 'latency' | undefined;
  /** Upper limits in USD per million tokens, as exact decimal text. */
  maxPrice?: { prompt: string; completion: string } | undefined;
  quantizations?: readonly string[] | undefined;
  /** `deny`: no provider that stores prompts or trains on them. */
  dataCollection?: 'allow' | 'deny' | undefined;
  /** Only endpoints with zero data retention. */
  zeroDataRetention?: boolean | undefined;
}

/** A request as a client wrote it: a vendor that is spoken to in the same dialect gets this instead of a translation. */
export interface OriginalRequest {
  dialect: DialectName;
  /** A JSON object, as text. */
  body: string;
  /** Headers of the client that are meant for the vendor. Never a key. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** What of it no field of a `ChatRequest` says, as the user reads it: `the tool bash_20250124`. Only this dialect can ask for it. */
  untranslated?: readonly string[] | undefined;
}

/** What a request asks of a gateway's own router. It is never sent to an API. */
export interface RoutingWishes {
  /** Retries on one target. */
  retries?: number | undefined;
  /** Longest time for an attempt, in milliseconds. */
  answerMs?: number | undefined;
  /** Leave out targets that lack a parameter of the request. */
  requireParameters?: boolean | undefined;
  /** An answer that breaks off mid-stream is asked for again at another target, from its beginning. */
  restart?: boolean | undefined;
  /** Labels of the request, for reports and budgets. */
  tags?: readonly string[] | undefined;
}

export interface ChatRequest extends RequestParameters {
  /** `author/slug[:variant]`, a router, an alias or a preset: what the user asked for. */
  model: string;
  /** Tried in this order when `model` fails. Wire name: `models`. */
  fallbackModels?: readonly string[] | undefined;
  messages: readonly Message[];
  /** false: one whole reply instead of a stream; the events are the same. */
  stream: boolean;
  routing?: RoutingPreferences | undefined;
  wishes?: RoutingWishes | undefined;
  /** Wire fields that orx does not interpret, sent as they are. A field that has a place of its own above wins over the same one here. */
  extra?: Readonly<Record<string, unknown>> | undefined;
  /** Where the request came in the form of an API. The fields above say the same, as far as they can. */
  original?: OriginalRequest | undefined;
}

/** Tokens by kind (counted by the provider's own tokenizer) and what was billed. */
export interface Usage {
  promptTokens: number;
  completionTokens: number;
  totalTokens: number;
  /** Part of promptTokens that came from a cache; undefined when the API does not say. */
  cachedTokens?: number | undefined;
  cacheWriteTokens?: number | undefined;
  /** Part of cacheWriteTokens: what stays cached for an hour, which costs more. Undefined when the API does not say. */
  cacheWrite1hTokens?: number | undefined;
  /** Part of completionTokens. */
  reasoningTokens?: number | undefined;
  /** Billed cost in USD, exact decimal text; undefined when the API does not say (never guessed). */
  cost?: string | undefined;
  /** orx computed `cost` from the counts and the prices of an API that does not state it. */
  isComputed?: boolean | undefined;
  /** The user's own provider key was used: cost is then only the API's fee. */
  isByok?: boolean | undefined;
  /** What the provider charges that key, USD as exact decimal text. Only with `isByok`: for other requests it is in `cost` already. */
  upstreamCost?: string | undefined;
  /** How long the server needed to load the model before it read the prompt, in milliseconds. Only servers that load models say it. */
  loadMs?: number | undefined;
  /** The wire object as it came. */
  wire: unknown;
}

/** One attempt at one provider, from the response's routing metadata. */
export interface RoutingAttempt {
  provider: string;
  model?: string | undefined;
  /** HTTP status the provider gave. */
  status?: number | undefined;
}

/** Times of one completion, in milliseconds from the moment the request was started. */
export interface Metrics {
  /** To the first visible token (text, reasoning, tool call or image), without `loadMs`; undefined when none came. */
  timeToFirstTokenMs?: number | undefined;
  /** How long the server needed to load the model; part of `durationMs`. Undefined where the server does not say. */
  loadMs?: number | undefined;
  durationMs: number;
  /** Completion tokens per second between first token and end; undefined when tokens are unknown or nothing streamed. */
  throughput?: number | undefined;
}

export type CompletionEvent =
  /** A comment of the API while it routes: it lives, nothing to show yet. May come before `response-start`. */
  | { type: 'heartbeat'; generationId?: string | undefined }
  /** An attempt failed before any visible token, another follows in `waitMs`. May come before `response-start`. */
  | { type: 'retry'; attempt: number; error: unknown; waitMs: number }
  /** Something that was asked for and that the vendor cannot do: it was left out. As the user reads it. Comes before `response-start`. */
  | { type: 'dropped'; text: string }
  /**
   * A model could not answer before its first visible token, and the next one of the fallback list is asked. May come before
   * `response-start`.
   */
  | { type: 'fallback'; model: string; next: string; error: unknown }
  /** The answer was given before, and comes from the gateway's cache. Comes before `response-start`. */
  | { type: 'cached'; ageMs: number }
  /** Who really answers: the served model (may differ from the asked one) and the provider's display name. */
  | { type: 'response-start'; id: string; model: string; provider?: string | undefined; created?: number | undefined }
  /**
   * One wire chunk (or whole reply) verbatim, as JSON text, with the name that it has in its stream. Only with `includeChunks`; before the events
   * made from it. `dialect`: it is a vendor's, which got the `original` of the request in this dialect; absent: it has OpenRouter's form.
   */
  | { type: 'chunk'; data: string; event?: string | undefined; dialect?: DialectName | undefined }
  | { type: 'reasoning-delta'; text: string }
  /** Pieces of reasoning parts; their text has come as `reasoning-delta`. core/answer/reasoning-parts.ts puts them together. */
  | { type: 'reasoning-parts'; parts: readonly ReasoningPart[] }
  /** `isRefusal`: it belongs to the model's refusal to answer, where the API tells that apart. */
  | { type: 'text-delta'; text: string; isRefusal?: true | undefined }
  /**
   * A piece of a tool call. `index` numbers the calls of the answer from 0 without gaps; `arguments` are to be concatenated per index, `id` and
   * `name` are whole and replace what came before.
   */
  | { type: 'tool-call-delta'; index: number; id?: string | undefined; name?: string | undefined; arguments: string }
  /** An image of the answer, as a data: or https: URL. */
  | { type: 'image'; url: string }
  /** A piece of spoken answer, base64; decoded pieces are to be concatenated. What is said comes as `text-delta`. */
  | { type: 'audio'; data: string }
  | { type: 'annotation'; annotation: Annotation }
  | { type: 'routing'; attempts: readonly RoutingAttempt[]; strategy?: string | undefined; region?: string | undefined }
  | { type: 'usage'; usage: Usage }
  | { type: 'metrics'; metrics: Metrics }
  /**
   * Last event. `stop length tool_calls content_filter` and whatever the API adds; never `error` (that is thrown). `answers`: how many the
   * server sent where it sent more than the one that these events are.
   */
  | {
      type: 'response-end';
      finishReason?: string | undefined;
      nativeFinishReason?: string | undefined;
      /** The text is the model's refusal to answer, which the API tells apart from an answer. */
      isRefusal?: boolean | undefined;
      answers?: number | undefined;
    };

export interface StreamOptions {
  signal?: AbortSignal | undefined;
  /** Also yield `chunk` events. Default false: most consumers have no use for them and they cost time. */
  includeChunks?: boolean | undefined;
  /** Ask for the `routing` event, where it has to be asked for. Default false. */
  includeRouting?: boolean | undefined;
  /** Called when an attempt is about to be sent. */
  onAttempt?: (() => void) | undefined;
  /** Whose request it is, where orx asks for others: for the ledger and its budgets. An API never gets it. */
  caller?: Caller | undefined;
  /** What a cache of answers may do for this request. Default: both. */
  cache?: { reads: boolean; keeps: boolean } | undefined;
  /** Limits of this request in place of the connection's. */
  limits?: Partial<HttpLimits> | undefined;
}

/** A client of the gateway. */
export interface Caller {
  /** Name of its client key; undefined where clients need none. */
  key?: string | undefined;
  /** Labels of its key and of the request, distinct; none has a comma. */
  tags: readonly string[];
  /** Who uses the client, as it says. */
  user?: string | undefined;
}

/**
 * Contract: lazy (no request before the first `next()`), consumed once. `heartbeat`, `retry`, `dropped`, `fallback` and `cached` apart, `response-start` is first;
 * `usage` at most once; `response-end` exactly once and last when nothing is thrown. Failures are thrown as OrxError, never
 * yielded; what came before stays with the consumer. An abort rethrows the signal's reason; leaving the loop early cancels
 * the request. A stream that breaks off throws, it never just ends.
 */
export type StreamCompletion = (request: ChatRequest, options?: StreamOptions) => AsyncIterable<CompletionEvent>;

/** Whether an event puts something in front of the user: after the first of these, nothing is retried. */
export function isVisible(event: CompletionEvent): boolean {
  switch (event.type) {
    case 'text-delta':
    case 'reasoning-delta':
    case 'tool-call-delta':
    case 'image':
    case 'audio':
      return true;
    default:
      return false;
  }
}
