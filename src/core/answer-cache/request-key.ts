import { hash } from 'node:crypto';
import type { ChatRequest } from '../../apis/completion.ts';
import { exactJson, parseExact, unmarkNumbers } from '../../text/exact-json.ts';

/**
 * Returns a hash of everything that goes to a model and of the client key. Two requests with the same hash are the same. It ignores whether the
 * answer is streamed, and `user` and `metadata`, which only label a request.
 */
export function requestKey(request: ChatRequest, clientKey: string | undefined): string {
  return requestKeys(request, clientKey)(request.messages);
}

/** Returns a function that returns the keys of requests that differ from this one only in their messages. */
export function requestKeys(
  request: Omit<ChatRequest, 'messages'>,
  clientKey: string | undefined,
): (messages: ChatRequest['messages']) => string {
  const { messages: __, stream: _, user: ___, metadata: ____, original, extra = {}, ...asked } = request as ChatRequest;
  const { user: _____, metadata: ______, stream_options: _______, ...rest } = extra;
  // The original body adds what the fields above do not contain, and repeats them in another form.
  const body = original === undefined ? undefined : withoutNames(parseExact(original.body));
  const fields = Object.entries(sorted({ ...asked, extra: rest, body, dialect: original?.dialect, clientKey }) as object);
  const before = membersText(fields.filter(([name]) => name < 'messages'));
  const after = membersText(fields.filter(([name]) => name > 'messages'));
  const start = `{${before === '' ? '' : `${before},`}"messages":[`;
  const end = `]${after === '' ? '' : `,${after}`}}`;
  return (messages) => hash('sha256', start + unmarkNumbers(messages.map(messageText).join(',')) + end);
}

function membersText(fields: readonly [string, unknown][]): string {
  return exactJson(Object.fromEntries(fields)).slice(1, -1);
}

/** Returns a message with sorted fields as JSON. Most have only a role and a text, and thousands of cells need several keys each. */
function messageText(message: ChatRequest['messages'][number]): string {
  const { role, content } = message;
  return typeof content === 'string' && Object.keys(message).length === 2
    ? `{"content":${JSON.stringify(content)},"role":${JSON.stringify(role)}}`
    : JSON.stringify(sorted(message));
}

const NAMES: ReadonlySet<string> = new Set(['stream', 'stream_options', 'user', 'metadata', 'model']);

function withoutNames(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(Object.entries(body).filter(([name]) => !NAMES.has(name)));
}

/** Sorts the fields of objects, because their order has no meaning. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const fields: Record<string, unknown> = {};
  for (const name of Object.keys(value).sort()) {
    const field = sorted((value as Readonly<Record<string, unknown>>)[name]);
    if (field === undefined) continue;
    if (name === '__proto__') Object.defineProperty(fields, name, { value: field, enumerable: true });
    else fields[name] = field;
  }
  return fields;
}
