/**
 * A completion: the request, and the stream of typed events that answers it. All parts of orx that request, show, store or
 * forward answers use only these types.
 */
import type { HttpLimits } from '../http/limits.ts';
import type { Message, ReasoningPart, Annotation } from './message.ts';
import type { RequestParameters } from './request-parameters.ts';
import type { DialectName } from './vendors.ts';

/** Which providers may answer, and in which order. Wire name: the `provider` object. All optional; absent: the API's default. */
export interface RoutingPreferences {
  /** Provider slugs to try in this order. */
  order?: readonly string[] | undefined;
  /** Use only these providers. */
  only?: readonly string[] | undefined;
  /** Never use these providers. */
  ignore?: readonly string[] | undefined;
  /** false: use only the first provider and report its error. */
  allowFallbacks?: boolean | undefined;
  sort?: 'price' | 'throughput' | 'latency' | undefined;
  /** Upper limits in USD per million tokens, as exact decimal text. */
  maxPrice?: { prompt: string; completion: string } | undefined;
  quantizations?: readonly string[] | undefined;
  /** Prefer endpoints with this many tokens per second, in the median. */
  minThroughput?: number | undefined;
  /** Prefer endpoints with at most this many seconds to the first token, in the median. */
  maxLatency?: number | undefined;
  /** Use only endpoints that support every parameter of the request. */
  requireParameters?: boolean | undefined;
  /** `deny`: no provider that stores prompts or trains on them. */
  dataCollection?: 'allow' | 'deny' | undefined;
  /** Only endpoints with zero data retention. */
  zeroDataRetention?: boolean | undefined;
}

/** A request as the client wrote it. A vendor with the same dialect gets this instead of a translation. */
export interface OriginalRequest {
  dialect: DialectName;
  /** A JSON object as text. */
  body: string;
  /** The same object, if its parser has it. Never changed. */
  wire?: Readonly<Record<string, unknown>> | undefined;
  /** Headers of the client for the vendor. Never a key. */
  headers?: Readonly<Record<string, string>> | undefined;
  /**
   * Parts of the request that have no field in `ChatRequest`, in words for the user, such as `the tool bash_20250124`. Only this
   * dialect supports them.
   */
  untranslated?: readonly string[] | undefined;
}

/** Options for orx's own routing: of the gateway, and of a fallback list. Never sent to an API. */
export interface RoutingWishes {
  /** Number of retries on one target. */
  retries?: number | undefined;
  /** Time limit for an attempt, in milliseconds. */
  answerMs?: number | undefined;
  /** Skip targets that do not support a parameter of the request. */
  requireParameters?: boolean | undefined;
  /** If an answer breaks off mid-stream, request it again from another target, from the beginning. */
  restart?: boolean | undefined;
  /** Send a separate request for each model of the fallback list, also after an empty answer. Only without the gateway. */
  fallsBackLocally?: boolean | undefined;
  /** Tags of the request, for reports and budgets. */
  tags?: readonly string[] | undefined;
  /** The model that the user requested, if orx requests another one after it, and why. */
  fallback?: { from: string; reason: string } | undefined;
}

/** A chunk with a gap in place of its text: most chunks of a stream differ only in their text. */
export interface TextTemplate {
  before: string;
  after: string;
}

export interface ChatRequest extends RequestParameters {
  /** The requested model: `author/slug[:variant]`, a router, an alias or a preset. */
  model: string;
  /** Models to try in this order when `model` fails. Wire name: `models`. */
  fallbackModels?: readonly string[] | undefined;
  messages: readonly Message[];
  /** false: one whole reply instead of a stream. The events are the same. */
  stream: boolean;
  routing?: RoutingPreferences | undefined;
  wishes?: RoutingWishes | undefined;
  /** Wire fields that orx does not interpret, sent unchanged. A field with its own property above takes precedence. */
  extra?: Readonly<Record<string, unknown>> | undefined;
  /** Present when the request came in the form of an API. The other fields contain the same as far as they can. */
  original?: OriginalRequest | undefined;
}

/** Token counts (by the provider's own tokenizer) and the cost. */
export interface Usage {
  promptTokens: number;
  completionTokens: number;
  totalTokens: number;
  /** Part of promptTokens that was read from a cache. Undefined when the API does not report it. */
  cachedTokens?: number | undefined;
  cacheWriteTokens?: number | undefined;
  /** Part of cacheWriteTokens that stays cached for an hour, which costs more. Undefined when the API does not report it. */
  cacheWrite1hTokens?: number | undefined;
  /** Part of completionTokens. */
  reasoningTokens?: number | undefined;
  /** Billed cost in USD, as exact decimal text. Undefined when the API does not report it; never guessed. */
  cost?: string | undefined;
  /** orx computed `cost` from the counts and the prices, because the API does not state it. */
  isComputed?: boolean | undefined;
  /** The request used the user's own provider key: `cost` is then only the API's fee. */
  isByok?: boolean | undefined;
  /**
   * What the provider charged to that key, in USD as exact decimal text. Only with `isByok`; for other requests `cost` includes
   * it.
   */
  upstreamCost?: string | undefined;
  /**
   * Time that the server took to load the model before it read the prompt, in milliseconds. Only servers that load models report
   * it.
   */
  loadMs?: number | undefined;
  /** The original wire object. */
  wire: unknown;
}

/** One attempt at one provider, from the routing metadata of the reply. */
export interface RoutingAttempt {
  provider: string;
  model?: string | undefined;
  /** HTTP status of the provider. */
  status?: number | undefined;
}

/** Timing of a completion, in milliseconds from the start of the request. */
export interface Metrics {
  /** Time to the first visible token (text, reasoning, tool call or image), without `loadMs`. Undefined when none came. */
  timeToFirstTokenMs?: number | undefined;
  /** Time that the server took to load the model; part of `durationMs`. Undefined when the server does not report it. */
  loadMs?: number | undefined;
  durationMs: number;
  /**
   * Completion tokens per second between the first token and the end. Undefined when the tokens are unknown or nothing was
   * streamed.
   */
  throughput?: number | undefined;
}

export type CompletionEvent =
  /**
   * A comment of the API while it routes the request: the connection is alive, but there is nothing to show. May come before
   * `response-start`.
   */
  | { type: 'heartbeat'; generationId?: string | undefined }
  /** An attempt failed before any visible token; the next one follows in `waitMs`. May come before `response-start`. */
  | { type: 'retry'; attempt: number; error: unknown; waitMs: number }
  /** The next attempt is not sent before `waitMs`, because of a limit that the server has stated. May come before `response-start`. */
  | { type: 'waiting'; waitMs: number }
  /**
   * A requested setting that the vendor does not support and orx left out, in words for the user. Comes before `response-start`.
   */
  | { type: 'dropped'; text: string }
  /**
   * A model failed, and orx tries the next one of the fallback list. May come before `response-start`. `restarts`: the model failed
   * after its first visible token, and the next answer replaces what came before.
   */
  | { type: 'fallback'; model: string; next: string; error: unknown; restarts?: true | undefined }
  /** The answer comes from the gateway's cache. Comes before `response-start`. */
  | { type: 'cached'; ageMs: number }
  /** The model that answers, which may differ from the requested one, and the provider's display name. */
  | { type: 'response-start'; id: string; model: string; provider?: string | undefined; created?: number | undefined }
  /**
   * One wire chunk (or whole reply) verbatim as JSON text, with its event name in the stream. Only with `includeChunks`; comes
   * before the events that are decoded from it. `dialect`: the chunk comes from a vendor that received the request's `original`
   * in this dialect; absent: the chunk has OpenRouter's form.
   */
  | {
      type: 'chunk';
      data: string;
      event?: string | undefined;
      dialect?: DialectName | undefined;
      /**
       * The chunk is this template with this text in its gap, as many chunks before it. `more`: the texts of chunks of the same form
       * that follow it immediately; the text of all of them is the next event. No text contains anything that JSON escapes.
       */
      filled?: { template: TextTemplate; text: string; more?: readonly string[] | undefined } | undefined;
    }
  | { type: 'reasoning-delta'; text: string }
  /** Pieces of reasoning parts, whose text has already come as `reasoning-delta`. core/answer/reasoning-parts.ts joins them. */
  | { type: 'reasoning-parts'; parts: readonly ReasoningPart[] }
  /** `isRefusal`: the text is part of the model's refusal to answer, where the API marks it. */
  | { type: 'text-delta'; text: string; isRefusal?: true | undefined }
  /**
   * A piece of a tool call. `index` numbers the calls of the answer from 0 without gaps. Concatenate `arguments` per index; `id`
   * and `name` are complete and replace earlier values.
   */
  | { type: 'tool-call-delta'; index: number; id?: string | undefined; name?: string | undefined; arguments: string }
  /** An image of the answer, as a data: or https: URL. */
  | { type: 'image'; url: string }
  /** A piece of a spoken response, base64; concatenate the decoded pieces. The transcript comes as `text-delta`. */
  | { type: 'audio'; data: string }
  | { type: 'annotation'; annotation: Annotation }
  | { type: 'routing'; attempts: readonly RoutingAttempt[]; strategy?: string | undefined; region?: string | undefined }
  | { type: 'usage'; usage: Usage }
  | { type: 'metrics'; metrics: Metrics }
  /**
   * The last event. `finishReason`: `stop`, `length`, `tool_calls`, `content_filter` or a value that the API adds; never `error`,
   * which is thrown. `answers`: the number of answers when the server sent more than this one.
   */
  | {
      type: 'response-end';
      finishReason?: string | undefined;
      nativeFinishReason?: string | undefined;
      /** The text is the model's refusal to answer, marked as such by the API. */
      isRefusal?: boolean | undefined;
      answers?: number | undefined;
    };

/** How many more requests the server accepts within a time. */
export interface RequestHeadroom {
  requests: number;
  /** In milliseconds, until the server accepts more. */
  forMs: number;
}

export interface StreamOptions {
  signal?: AbortSignal | undefined;
  /** Also yield `chunk` events. Default: false, because most consumers do not need them and they take time. */
  includeChunks?: boolean | undefined;
  /** Request the `routing` event, where the API requires it. Default: false. */
  includeRouting?: boolean | undefined;
  /** Called just before an attempt is sent, with its model. */
  onAttempt?: ((model: string) => void) | undefined;
  /** Called when such an attempt has failed. */
  onAttemptFailed?: ((model: string, error: unknown) => void) | undefined;
  /** Called when an attempt has ended and its cost is recorded, with the cost in USD as far as it is known. */
  onSettled?: ((cost: string | undefined) => void) | undefined;
  /** Called when the request is also sent to a second target, and again when the slower attempt has ended. */
  onHedge?: ((hedge: { type: 'sent' } | { type: 'lost'; cost: string | undefined }) => void) | undefined;
  /** The client that orx forwards the request for, for the ledger and its budgets. Never sent to an API. */
  caller?: Caller | undefined;
  /** Whether a response cache may read and store this answer. Default: both. */
  cache?: { reads: boolean; keeps: boolean } | undefined;
  /** Called when a successful reply states that few requests are left before a limit. */
  onHeadroom?: ((headroom: RequestHeadroom) => void) | undefined;
  /** Limits for this request that replace those of the connection. */
  limits?: Partial<HttpLimits> | undefined;
  /** Read the answer at intervals of this many milliseconds, because it is only drawn. Default: read each piece when it arrives. */
  gatherMs?: number | undefined;
}

/** A client of the gateway. */
export interface Caller {
  /** Name of its client key. Undefined when clients need none. */
  key?: string | undefined;
  /** Tags of its key and of the request, without duplicates or commas. */
  tags: readonly string[];
  /** The user of the client, as the client states it. */
  user?: string | undefined;
}

/**
 * Streams one completion. Lazy: sends no request before the first `next()`. Can be consumed once. Apart from `heartbeat`,
 * `retry`, `dropped`, `fallback` and `cached`, `response-start` comes first; `usage` comes at most once; `response-end` comes
 * exactly once and last unless an error is thrown. Failures are thrown as OrxError, never yielded; the consumer keeps the earlier
 * events. An abort throws the signal's reason; leaving the loop early cancels the request. A stream that breaks off throws; it
 * never just ends.
 */
export type StreamCompletion = (request: ChatRequest, options?: StreamOptions) => AsyncIterable<CompletionEvent>;

/** Receives the events of an answer as they arrive. */
export interface AnswerSink {
  /** Throws to stop the answer. */
  see: (event: CompletionEvent) => void;
  /** Returns undefined when the sink can take more, otherwise a promise that resolves when it can. Absent: it always can. */
  ready?: (() => Promise<void> | undefined) | undefined;
}

/**
 * Pushes the events of StreamCompletion to `sink`, in the same order. Resolves after the last event, and rejects with what
 * StreamCompletion throws. The gateway uses it: every generator between a vendor and a client costs time for each event.
 */
export type PushCompletion = (request: ChatRequest, options: StreamOptions, sink: AnswerSink) => Promise<void>;

/** Returns whether an event shows something to the user. After the first such event, nothing is retried. */
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
