import { expect, test } from 'vitest';
import { parseChatRequest } from '../../../../src/gateway/dialects/chat/parse-request.ts';

const parse = (fields: object, model = 'fast') =>
  parseChatRequest(JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }], ...fields }), {
    asksVendor: (name) => name === 'fast',
  });

test("LiteLLM's fields are read, and not passed on", () => {
  const request = parse({
    fallbacks: ['slow', { model: 'other', api_key: 'sk-x' }, { fast: ['third'] }],
    num_retries: 3,
    timeout: 4.5,
    tags: ['team-a'],
    metadata: { tags: ['job-1', 'team-a'], trace_id: 't', nested: { a: 1 } },
    litellm_metadata: { tags: ['own'], other: 1 },
    user: 'u1',
    restart: true,
    provider: { require_parameters: true },
    top_p: 0.5,
    custom: 1,
  });
  expect(request).toMatchObject({
    fallbackModels: ['slow', 'other', 'third'],
    wishes: { retries: 3, answerMs: 4500, tags: ['team-a', 'job-1', 'own'], restart: true, requireParameters: true },
    metadata: { trace_id: 't' },
    user: 'u1',
    topP: 0.5,
  });
  // OpenRouter reads the last field itself; a vendor does not get it.
  expect(request.extra).toEqual({ custom: 1, provider: { require_parameters: true } });
});

test('a request without any of them has none', () => {
  expect(parse({ metadata: { a: 'b' } }).wishes).toBeUndefined();
  expect(parse({ metadata: { tags: ['x'] }, num_retries: null }, 'author/model')).toMatchObject({
    wishes: { tags: ['x'] },
    extra: {},
  });
  expect(parse({ metadata: { tags: 'text' } }, 'author/model').extra).toEqual({ metadata: { tags: 'text' } });
});

test.each([
  [{ num_retries: -1 }, 'num_retries'],
  [{ timeout: '4' }, 'timeout'],
  [{ tags: 'x' }, 'tags'],
  [{ metadata: { tags: [1] } }, 'metadata.tags'],
  [{ tags: Array.from({ length: 33 }, String) }, 'tags'],
  [{ fallbacks: 'x' }, 'fallbacks'],
  [{ fallbacks: [{ fast: 'slow' }] }, 'fallbacks'],
])('%j is an error', (fields, name) => {
  expect(() => parse(fields)).toThrow(expect.objectContaining({ status: 400, message: expect.stringContaining(name) as string }));
});
