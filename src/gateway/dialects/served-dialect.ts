import type { IncomingHttpHeaders } from 'node:http';
import type { ChatRequest, CompletionEvent } from '../../apis/completion.ts';

/**
 * A piece of a streamed reply: a server-sent event, a comment, which clients do not see, or the text of a reply in another form.
 */
export type StreamPiece = { data: string; event?: string | undefined } | { comment: string } | { text: string };

/** The target of a request body. */
export interface RequestTarget {
  /** The variable parts of the path, decoded. */
  parts: readonly string[];
  query: URLSearchParams;
  requestHeaders: IncomingHttpHeaders;
  /** Returns whether this name may select a vendor, so that orx must parse every field. Default: the ids of direct models. */
  asksVendor?: ((model: string) => boolean) | undefined;
}

export interface EncoderOptions {
  /** Seconds since 1970. */
  seconds: () => number;
  /** `x-request-id` of the reply, for a dialect whose body contains it too. */
  requestId: string;
  /** Returns OpenRouter's router metadata, also of a failed answer, if the client requests it and the answer has not come from a cache. */
  routerMetadata?: (() => Readonly<Record<string, unknown>> | undefined) | undefined;
}

/** Encodes one streamed answer for a client. */
export interface StreamEncoder {
  /** For a reply that does not consist of server-sent events. */
  contentType?: string | undefined;
  /** Returns what the client gets for an event: nothing for one that its dialect does not send, or not yet. */
  encode: (event: CompletionEvent) => readonly StreamPiece[];
  /**
   * Returns the pieces that report a failure after the start of the answer, unless it has already been reported. `more`: fields that the object
   * with the error gets beside it, in any dialect.
   */
  fail: (error: unknown, more: Readonly<Record<string, unknown>>) => readonly StreamPiece[];
  /** Returns the pieces that end the stream, complete or failed. */
  end: () => readonly StreamPiece[];
}

/** Encodes one answer that is sent whole. */
export interface WholeEncoder {
  add: (event: CompletionEvent) => void;
  /** Returns the body as JSON text, after all events have been added. */
  body: () => string;
}

/** An API that the gateway offers to clients: pure translation between its wire format and orx's requests and events. */
export interface ServedDialect {
  /** Parses a request; its `stream` selects the encoder of the answer. Throws status 400. */
  parse: (body: string, target: RequestTarget) => ChatRequest;
  streamed: (request: ChatRequest, options: EncoderOptions) => StreamEncoder;
  whole: (request: ChatRequest, options: EncoderOptions) => WholeEncoder;
  /** Returns the body of a reply with an error status. `requestId` as in EncoderOptions. */
  error: (error: unknown, requestId: string) => Readonly<Record<string, unknown>>;
  /** Returns the status of such a reply, if the dialect differs from OpenRouter for some failures. */
  errorStatus?: ((error: unknown) => number) | undefined;
  /** A header in which clients look for the request id, in addition to `x-request-id`. */
  requestIdHeader?: string | undefined;
}
