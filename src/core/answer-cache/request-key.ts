import { createHash } from 'node:crypto';
import type { ChatRequest } from '../../apis/completion.ts';
import { exactJson, parseExact } from '../../text/exact-json.ts';

/**
 * What makes two requests the same, as a hash: everything that goes to a model, and the client key. Whether the answer is streamed makes no
 * difference, nor does what only names the request: `user` and `metadata`.
 */
export function requestKey(request: ChatRequest, clientKey: string | undefined): string {
  const { stream: _, user: __, metadata: ___, original, extra = {}, ...asked } = request;
  const { user: ____, metadata: _____, stream_options: ______, ...rest } = extra;
  // What the fields above do not say is in the body as it came; what they say is there in another form.
  const body = original === undefined ? undefined : withoutNames(parseExact(original.body));
  return hash(exactJson(sorted({ ...asked, extra: rest, body, dialect: original?.dialect, clientKey })));
}

const NAMES: ReadonlySet<string> = new Set(['stream', 'stream_options', 'user', 'metadata', 'model']);

function withoutNames(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(Object.entries(body).filter(([name]) => !NAMES.has(name)));
}

/** In which order the fields of an object stand says nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(
    fields.toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([name, field]) => [name, sorted(field)]),
  );
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
