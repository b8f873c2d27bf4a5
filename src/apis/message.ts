import type { CacheControl } from './request-parameters.ts';

/** One piece of what a message holds. Media go by address or inline: a `data:` URL, for audio bare base64. */
export type ContentPart =
  /** `cacheControl` marks the end of a stretch that is worth caching, where the provider wants that said. */
  | { type: 'text'; text: string; cacheControl?: CacheControl | undefined }
  /** An http(s) or `data:` URL. */
  | { type: 'image'; url: string }
  /** A document, such as a PDF: a `data:` or http(s) URL, and the name that the model is told. */
  | { type: 'file'; name: string; url: string }
  /** Base64, and its format as the API names it, such as `wav` or `mp3`. There is no way to send an address. */
  | { type: 'audio'; data: string; format: string }
  | { type: 'video'; url: string };
/** What only one API understands, by the id of that API: stored with what it belongs to, and sent back unread. */
export type ApiData = Readonly<Record<string, unknown>>;
/** A stretch of reasoning, in the form in which the model has to get it back. */
export interface ReasoningPart {
  /** `text`: the reasoning itself; `summary`: the provider's summary; `encrypted`: readable by the provider alone; `other`: all of it is in `apiData`. */
  kind: 'text' | 'summary' | 'encrypted' | 'other';
  /** Of `text` and `summary`. */
  text?: string | undefined;
  /** Of `encrypted`. */
  encrypted?: string | undefined;
  /** By which the provider recognizes its own text. */
  signature?: string | undefined;
  /** Who understands a signature or encrypted reasoning, such as `anthropic-claude-v1`. */
  format?: string | undefined;
  /** The part's own, or that of the tool call that it signs. */
  id?: string | undefined;
  /** Tells which pieces of a stream are one part. */
  index?: number | undefined;
  apiData?: ApiData | undefined;
}
/** Something that an API adds to an answer. Untrusted. */
export type Annotation =
  /** A source that the answer names. */
  | { kind: 'citation'; url: string; title?: string | undefined; apiData?: ApiData | undefined }
  /** `file`: what was read out of an attached file; sent back, it saves the API from reading the file again. */
  | { kind: 'file' | 'other'; apiData: ApiData };
/** A call of a tool. `arguments` is the model's JSON text as it came: untrusted, and perhaps no JSON. */
export interface ToolCall {
  id: string;
  name: string;
  arguments: string;
}
/** A message of a conversation. */
export interface Message {
  role: 'system' | 'user' | 'assistant' | 'tool';
  /** Text alone, or pieces in the order in which the model reads them. */
  content: string | readonly ContentPart[];
  /** Of an assistant message: what the model wants called. */
  toolCalls?: readonly ToolCall[] | undefined;
  /** Of an assistant message: sent back unmodified and in order. */
  reasoningParts?: readonly ReasoningPart[] | undefined;
  /** Of an assistant message. */
  annotations?: readonly Annotation[] | undefined;
  /** Of an assistant message: the images that the model made, as data: or https: URLs. */
  images?: readonly string[] | undefined;
  /** Of an assistant message: the model that answered. Never sent; it decides to whom the reasoning may be sent. */
  answeredBy?: string | undefined;
  /** Of a tool message: which call it answers. */
  toolCallId?: string | undefined;
  /** A message that came in the form of one API goes on to that API as it came: then this is all of it. */
  apiData?: ApiData | undefined;
}
/** The text of a message: its text parts put together; media have none. */
export function messageText({ content }: Pick<Message, 'content'>): string {
  if (typeof content === 'string') return content;
  return content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}
