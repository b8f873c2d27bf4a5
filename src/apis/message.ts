import type { CacheControl } from './request-parameters.ts';

/** One part of a message. Media are given by URL or inline: as a `data:` URL, audio as bare base64. */
export type ContentPart =
  /** `cacheControl` marks the end of a prefix worth caching, for providers that need such a marker. */
  | { type: 'text'; text: string; cacheControl?: CacheControl | undefined }
  /** An http(s) or `data:` URL. */
  | { type: 'image'; url: string }
  /** A document, such as a PDF: a `data:` or http(s) URL, and the name that the model sees. */
  | { type: 'file'; name: string; url: string }
  /** Base64, and its format as the API names it, such as `wav` or `mp3`. Audio cannot be sent by URL. */
  | { type: 'audio'; data: string; format: string }
  | { type: 'video'; url: string };
/** Data that only one API understands, by that API's id. Stored with the object that it belongs to, and sent back unchanged. */
export type ApiData = Readonly<Record<string, unknown>>;
/** A part of the model's reasoning, in the form in which it must be sent back to the model. */
export interface ReasoningPart {
  /**
   * `text`: the reasoning itself; `summary`: the provider's summary; `encrypted`: readable only by the provider; `other`: only
   * `apiData` is set.
   */
  kind: 'text' | 'summary' | 'encrypted' | 'other';
  /** For `text` and `summary`. */
  text?: string | undefined;
  /** For `encrypted`. */
  encrypted?: string | undefined;
  /** The provider verifies its own text with it. */
  signature?: string | undefined;
  /** The format of a signature or of encrypted reasoning, such as `anthropic-claude-v1`. */
  format?: string | undefined;
  /** The id of the part, or of the tool call that it signs. */
  id?: string | undefined;
  /** Identifies the pieces of a stream that form one part. */
  index?: number | undefined;
  apiData?: ApiData | undefined;
}
/** Data that an API adds to an answer. Untrusted. */
export type Annotation =
  /** A source that the answer cites. */
  | { kind: 'citation'; url: string; title?: string | undefined; apiData?: ApiData | undefined }
  /** `file`: the text of an attached file; sent back, it saves the API from reading the file again. */
  | { kind: 'file' | 'other'; apiData: ApiData };
/** A tool call. `arguments` is the model's original JSON text: untrusted, and possibly invalid. */
export interface ToolCall {
  id: string;
  name: string;
  arguments: string;
}
/** A message of a conversation. */
export interface Message {
  role: 'system' | 'user' | 'assistant' | 'tool';
  /** Text, or parts in the order in which the model reads them. */
  content: string | readonly ContentPart[];
  /** In an assistant message: the calls that the model requests. */
  toolCalls?: readonly ToolCall[] | undefined;
  /** In an assistant message: sent back unmodified and in order. */
  reasoningParts?: readonly ReasoningPart[] | undefined;
  /** In an assistant message. */
  annotations?: readonly Annotation[] | undefined;
  /** In an assistant message: the images that the model created, as data: or https: URLs. */
  images?: readonly string[] | undefined;
  /** In an assistant message: the model that answered. Never sent; it decides where the reasoning may be sent. */
  answeredBy?: string | undefined;
  /** In a tool message: the id of the answered call. */
  toolCallId?: string | undefined;
  /** The complete message in the form of one API, sent to that API unchanged. Present when it arrived in that form. */
  apiData?: ApiData | undefined;
}
/** Returns the text of a message: its joined text parts, without media. */
export function messageText({ content }: Pick<Message, 'content'>): string {
  if (typeof content === 'string') return content;
  return content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}
