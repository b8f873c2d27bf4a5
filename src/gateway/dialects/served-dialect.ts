import type { IncomingHttpHeaders } from 'node:http';
import type { ChatRequest, CompletionEvent } from '../../apis/completion.ts';

/**
 * A piece of a streamed reply: a server-sent event, a comment, which clients do not see, or, of a reply in another form, its text.
 */
export type StreamPiece = { data: string; event?: string | undefined } | { comment: string } | { text: string };

/** What a body was sent to. */
export interface RequestTarget {
  /** The variable parts of the path, decoded. */
  parts: readonly string[];
  query: URLSearchParams;
  requestHeaders: IncomingHttpHeaders;
  /** Whether a vendor may be asked for this name, so that orx has to read every field. Default: the ids of direct models. */
  asksVendor?: ((model: string) => boolean) | undefined;
}

export interface EncoderOptions {
  /** Seconds since 1970. */
  seconds: () => number;
  /** `x-request-id` of the reply, for a dialect that names it in the body too. */
  requestId: string;
}

/** One streamed answer, on its way to a client. */
export interface StreamEncoder {
  /** Of a reply that does not consist of server-sent events. */
  contentType?: string | undefined;
  /** What the client gets for an event: nothing for one that its dialect does not tell, or not yet. */
  encode: (event: CompletionEvent) => readonly StreamPiece[];
  /** What tells the client that the answer failed after it had begun, if nothing has told it yet. */
  fail: (error: unknown) => readonly StreamPiece[];
  /** What ends the stream, whole or failed. */
  end: () => readonly StreamPiece[];
}

/** One answer that is sent whole. */
export interface WholeEncoder {
  add: (event: CompletionEvent) => void;
  /** The body as JSON text, when all events have been added. */
  body: () => string;
}

/** A form in which clients ask the gateway: pure translation between their wire and orx's own requests and events. */
export interface ServedDialect {
  /** The request in orx's own form; `stream` says which encoder answers it. Throws status 400. */
  parse: (body: string, target: RequestTarget) => ChatRequest;
  streamed: (request: ChatRequest, options: EncoderOptions) => StreamEncoder;
  whole: (request: ChatRequest, options: EncoderOptions) => WholeEncoder;
  /** The body of a reply with an error status. `requestId` as in EncoderOptions. */
  error: (error: unknown, requestId: string) => unknown;
  /** The status of such a reply, where the dialect has others than OpenRouter for some failures. */
  errorStatus?: ((error: unknown) => number) | undefined;
  /** A header in which its clients look for the id of the request, besides `x-request-id`. */
  requestIdHeader?: string | undefined;
}
