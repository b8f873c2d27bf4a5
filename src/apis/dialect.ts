import type { SseItem } from '../http/sse.ts';
import type { OrxError } from '../errors.ts';
import type { ChatRequest, CompletionEvent, OriginalRequest } from './completion.ts';
import type { EmbeddingDialect } from './embeddings.ts';
import type { RerankDialect } from './rerank.ts';
import type { DialectName, Vendor } from './vendors.ts';
import type { UnitPrices } from './catalogue.ts';

/** A completion request as a vendor accepts it. */
export interface EncodedCompletion {
  /** Path after the base URL, such as `/chat/completions`. */
  path: string;
  /** In addition to the key, the content type and the user agent. */
  headers?: Readonly<Record<string, string>> | undefined;
  body: Readonly<Record<string, unknown>>;
  /**
   * Requested settings that this vendor does not support and that are not sent, in words for the user, such as `seed: Anthropic
   * has no such parameter`.
   */
  dropped: readonly string[];
}

/** A client's own request, for a vendor with the same dialect. */
export interface PassedRequest {
  /** Path after the base URL. */
  path: string;
  headers?: Readonly<Record<string, string>> | undefined;
  /** The body as JSON text. */
  text: string;
  /** See EncodedCompletion. */
  dropped?: readonly string[] | undefined;
}

export interface TokenCount {
  passOn: (request: ChatRequest, original: OriginalRequest) => PassedRequest;
  /** Throws OrxError for a body without a count. */
  decode: (body: string) => number;
}

/** Options and state of one decoding. */
export interface DecodeOptions {
  /** Yield each piece of the reply verbatim before the events that are decoded from it. Default: false. */
  includeChunks?: boolean | undefined;
  /** Id of the answer from the reply's headers, for a chunk or an error without an id. May be set while the batches arrive. */
  requestId?: string | undefined;
  /** The API answered with a 2xx status: the request may have been billed, whatever follows. */
  isAccepted?: boolean;
  /** The longest time without a piece of the answer while the connection is alive, in milliseconds. Default: any. */
  stallMs?: number | undefined;
  /** Names of the tools in the request. */
  toolNames?: readonly string[] | undefined;
  /** The decoder sets this when the answer was complete. */
  isComplete?: boolean;
  /** Releases a reply whose answer is complete although its stream has not ended. Set while the batches arrive. */
  release?: (() => void) | undefined;
  /** Maps a failure to the error that is thrown. */
  refine?: (error: unknown) => unknown;
}

/** A piece of a reply: an event of a stream, a line of NDJSON, or the whole body of a reply without a stream. */
export type WireItem = SseItem;

/** A model as its vendor lists it. Fields that the list does not contain are absent. Texts are untrusted. */
export interface ListedModel {
  /** The vendor's id, without the vendor's name and a colon. */
  id: string;
  name?: string | undefined;
  description?: string | undefined;
  /** Unix seconds. */
  created?: number | undefined;
  /** Tokens. */
  contextLength?: number | undefined;
  maxCompletionTokens?: number | undefined;
  /** `text`, `image`, `file`, `audio`, `video`. */
  inputModalities?: readonly string[] | undefined;
  outputModalities?: readonly string[] | undefined;
  /** OpenRouter's parameter names, such as `tools`. */
  supportedParameters?: readonly string[] | undefined;
  /** USD per token, where the list has prices. */
  prices?: UnitPrices | undefined;
}

/**
 * The API of a kind of vendor: pure translation between orx's messages and events and the vendor's wire format.
 * apis/direct/vendor-api.ts sends requests and receives replies.
 */
export interface Dialect {
  name: DialectName;
  /** Throws a usage error for content that cannot be left out without changing the request, such as an attachment. */
  encode: (request: ChatRequest, vendor: Vendor) => EncodedCompletion;
  /**
   * Returns the client's body in this dialect with orx's own changes: the model, whether to stream, and the limit of a budget.
   * When absent or undefined (for a body that this vendor would not understand), the request is translated like one of any other
   * dialect.
   */
  passOn?: ((request: ChatRequest, original: OriginalRequest, vendor: Vendor) => PassedRequest | undefined) | undefined;
  /** How the vendor counts the tokens of a request without answering it. Absent: not supported. */
  tokenCount?: TokenCount | undefined;
  /** `sse`: server-sent events; `lines`: one JSON object per line. A reply in any other form is decoded as one piece. */
  framing: 'sse' | 'lines';
  /** Requests always ask for a stream. For a request without streaming, events are held back until the answer is complete. */
  alwaysStreams?: boolean | undefined;
  /**
   * Returns a decoder for one reply. Its events are those that StreamCompletion specifies, except that vendor-completion.ts
   * prefixes `response-start.model` with the vendor's name.
   */
  decoder: (options: DecodeOptions, vendor: Vendor) => AnswerDecoder;
  /** Path of the list of models after the base URL, and its decoder. `decode` throws OrxError for a body that is not a list. */
  models: { path: string; decode: (body: string) => readonly ListedModel[] };
  /** Absent: the vendor has no embeddings. */
  embeddings?: EmbeddingDialect | undefined;
  /** Absent: the vendor does not rank documents. */
  rerank?: RerankDialect | undefined;
  /** Returns the headers that contain the key. */
  keyHeaders: (key: string) => Readonly<Record<string, string>>;
}

/** Progress of an answer according to its decoder. */
export interface AnswerProgress {
  /** The answer is complete; only the end of the stream is missing. */
  isWhole: boolean;
  hasUsage: boolean;
}

/** Decodes one reply piece by piece. wire/decode-answer.ts pulls the pieces through it, wire/pushed-reply.ts pushes them. */
export interface AnswerDecoder {
  /** The events of the last decoded piece. */
  readonly events: readonly CompletionEvent[];
  /** Counts a comment. Throws when there are too many. */
  countComment: () => void;
  /** Fills `events`. Returns the failure that follows them, if any. */
  decode: (data: string, event: string | undefined, isUnterminated: boolean) => OrxError | undefined;
  /** Whether the end marker has arrived. */
  readonly isDone: boolean;
  readonly progress: AnswerProgress;
  /** Returns the last event, at the end marker or at the end of the stream. Throws when the answer is incomplete. */
  end: () => CompletionEvent;
  /** Returns the last events when the stream is over, however it ended: split characters, and the usage. Empty the second time. */
  rest: () => readonly CompletionEvent[];
}
