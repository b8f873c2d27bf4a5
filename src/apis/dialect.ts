import type { SseItem } from '../http/sse.ts';
import type { ChatRequest, CompletionEvent, OriginalRequest } from './completion.ts';
import type { EmbeddingDialect } from './embeddings.ts';
import type { DialectName, Vendor } from './vendors.ts';
import type { UnitPrices } from './catalogue.ts';

/** A completion as a vendor takes it. */
export interface EncodedCompletion {
  /** Behind the base URL: `/chat/completions`. */
  path: string;
  /** Besides the key, the content type and the user agent. */
  headers?: Readonly<Record<string, string>> | undefined;
  body: Readonly<Record<string, unknown>>;
  /** What was asked for and this vendor cannot do, as the user reads it: `seed: Anthropic has no such parameter`. It is left out. */
  dropped: readonly string[];
}

/** A client's own request as a vendor of the same dialect gets it. */
export interface PassedRequest {
  /** Behind the base URL. */
  path: string;
  headers?: Readonly<Record<string, string>> | undefined;
  /** The body as JSON text. */
  text: string;
  /** As in EncodedCompletion. */
  dropped?: readonly string[] | undefined;
}

export interface TokenCount {
  passOn: (request: ChatRequest, original: OriginalRequest) => PassedRequest;
  /** Throws OrxError for a body that holds no count. */
  decode: (body: string) => number;
}

/** One decoding: what is asked of it, and how it stands. */
export interface DecodeOptions {
  /** Yield each piece of the reply verbatim before the events made from it. Default false. */
  includeChunks?: boolean | undefined;
  /** Id of the answer from the reply's headers, for a chunk or an error that names none. May be set while the batches come. */
  requestId?: string | undefined;
  /** The API answered with a 2xx status: the request may have been billed, whatever comes after. */
  isAccepted?: boolean;
  /** Names of the tools that the request offers. */
  toolNames?: readonly string[] | undefined;
  /** Set by the decoder when the answer was whole. */
  isComplete?: boolean;
  /** Lets go of a reply whose answer is whole, though its stream has not ended. Set while the batches come. */
  release?: (() => void) | undefined;
  /** A last check of a failure: what it returns is thrown. */
  refine?: (error: unknown) => unknown;
}

/** A piece of a reply: an event of a stream, a line of NDJSON, or the whole body of a reply that is no stream. */
export type WireItem = SseItem;

/** A model as its vendor lists it. What the list does not say is absent. Texts are untrusted. */
export interface ListedModel {
  /** As the vendor calls it: without the vendor's name and a colon. */
  id: string;
  name?: string | undefined;
  description?: string | undefined;
  /** Unix seconds. */
  created?: number | undefined;
  /** Tokens. */
  contextLength?: number | undefined;
  maxCompletionTokens?: number | undefined;
  /** `text image file audio video`. */
  inputModalities?: readonly string[] | undefined;
  outputModalities?: readonly string[] | undefined;
  /** Names of OpenRouter's list of parameters, such as `tools`. */
  supportedParameters?: readonly string[] | undefined;
  /** USD per token, where the list has prices. */
  prices?: UnitPrices | undefined;
}

/**
 * How a kind of vendor is spoken to: pure translation between orx's own messages and events and the vendor's wire. What sends and receives is
 * apis/direct/vendor-api.ts.
 */
export interface Dialect {
  name: DialectName;
  /** Throws a usage error for what cannot be left out without changing what was asked for, such as an attachment. */
  encode: (request: ChatRequest, vendor: Vendor) => EncodedCompletion;
  /**
   * The body that the client wrote in this dialect, with what orx has to say itself: the model, whether it streams, and a limit that a budget sets.
   * Absent, or without a result for a body that this vendor would not understand: it is translated like that of any other dialect.
   */
  passOn?: ((request: ChatRequest, original: OriginalRequest, vendor: Vendor) => PassedRequest | undefined) | undefined;
  /** How the vendor counts the tokens of a client's request without answering it. Absent: it does not. */
  tokenCount?: TokenCount | undefined;
  /** `sse`: server-sent events; `lines`: a JSON object in each line. A reply that is neither comes as one piece. */
  framing: 'sse' | 'lines';
  /** It always asks for a stream: an answer that is wanted whole is held back until it is over. */
  alwaysStreams?: boolean | undefined;
  /** As StreamCompletion demands, but for the vendor's name, which is put in front of `response-start.model` by vendor-api.ts. */
  decode: (
    batches: AsyncIterable<readonly WireItem[]>,
    options: DecodeOptions,
    vendor: Vendor,
  ) => AsyncGenerator<CompletionEvent, void, undefined>;
  /** Where the models are listed behind the base URL, and what the body says. Throws OrxError for a body that is no list. */
  models: { path: string; decode: (body: string) => readonly ListedModel[] };
  /** Absent: such a vendor makes none. */
  embeddings?: EmbeddingDialect | undefined;
  /** The headers that carry the key. */
  keyHeaders: (key: string) => Readonly<Record<string, string>>;
}
