import { createHash } from 'node:crypto';
import type { ChatRequest } from '../../apis/completion.ts';
import { exactJson, parseExact } from '../../text/exact-json.ts';

/**
 * Returns a hash of everything that goes to a model and of the client key. Two requests with the same hash are the same. It ignores whether the
 * answer is streamed, and `user` and `metadata`, which only label a request.
 */
export function requestKey(request: ChatRequest, clientKey: string | undefined): string {
  const { stream: _, user: __, metadata: ___, original, extra = {}, ...asked } = request;
  const { user: ____, metadata: _____, stream_options: ______, ...rest } = extra;
  // The original body adds what the fields above do not contain, and repeats them in another form.
  const body = original === undefined ? undefined : withoutNames(parseExact(original.body));
  return hash(exactJson(sorted({ ...asked, extra: rest, body, dialect: original?.dialect, clientKey })));
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
  // Building entries and an object from them would take twice as long, and thousands of cells need several keys each.
  for (const name of Object.keys(value).sort()) {
    const field = sorted((value as Readonly<Record<string, unknown>>)[name]);
    if (field === undefined) continue;
    if (name === '__proto__') Object.defineProperty(fields, name, { value: field, enumerable: true });
    else fields[name] = field;
  }
  return fields;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
