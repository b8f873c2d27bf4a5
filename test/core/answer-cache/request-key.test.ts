import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { ChatRequest } from '../../../src/apis/completion.ts';
import { requestKey } from '../../../src/core/answer-cache/request-key.ts';

const REQUEST: ChatRequest = { model: 'a/one', messages: [{ role: 'user', content: 'hi' }], stream: true };

/** JSON with sorted fields, in the simplest way. */
function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  // As any object has them: names that are numbers first.
  const sorted = Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
  return `{${Object.entries(sorted)
    .map(([name, field]) => `${JSON.stringify(name)}:${sortedJson(field)}`)
    .join(',')}}`;
}

const message = fc.record(
  {
    content: fc.oneof(fc.string(), fc.array(fc.string().map((text) => ({ type: 'text', text })))),
    role: fc.constantFrom('user', 'assistant'),
    model: fc.string(),
  },
  { requiredKeys: ['content', 'role'], noNullPrototype: true },
) as fc.Arbitrary<ChatRequest['messages'][number]>;

test('the key is the hash of the sorted request: journals and caches of earlier versions stay valid', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(message), (given, messages) => {
      const { user: _, metadata: __, stream_options: ___, ...extra } = JSON.parse(JSON.stringify(given)) as typeof given;
      const { stream: ____, ...asked } = REQUEST;
      const text = sortedJson({ ...asked, messages, extra, clientKey: 'key' });
      expect(requestKey({ ...REQUEST, messages, extra: { ...extra, user: 'me' } }, 'key')).toBe(
        createHash('sha256').update(text).digest('hex'),
      );
    }),
  );
});

test('the order of fields does not matter, their names and values do', () => {
  const key = (extra: Record<string, unknown>): string => requestKey({ ...REQUEST, extra }, undefined);
  expect(key({ one: 1, two: { a: 1, b: undefined } })).toBe(key({ two: { a: 1 }, one: 1 }));
  expect(key({ one: 1 })).not.toBe(key({ one: 2 }));
  expect(key(JSON.parse('{"__proto__":{"a":1}}') as Record<string, unknown>)).not.toBe(key({}));
});
