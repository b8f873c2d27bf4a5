import { expect, test } from 'vitest';
import type { ChatRequest, CompletionEvent } from '../../../src/apis/completion.ts';
import { sendJson, sendPieces } from '../../support/api-server.ts';
import { answerOf, openVendorServer } from '../../support/vendor-server.ts';

const KEY = 'sk-ant-api03-secret';
const REQUEST: ChatRequest = { model: 'claude-sonnet-4-6', messages: [{ role: 'user', content: 'hi' }], stream: true };
const data = (wire: Record<string, unknown>): string => `event: ${String(wire['type'])}\ndata: ${JSON.stringify(wire)}\n\n`;
const STREAM = [
  data({ type: 'message_start', message: { id: 'msg_1', model: 'claude-sonnet-4-6', content: [], usage: { input_tokens: 3 } } }),
  data({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
  data({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello' } }),
  data({ type: 'content_block_stop', index: 0 }),
  data({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 2 } }),
  data({ type: 'message_stop' }),
];

test('a request goes to /messages with the key, the version and the body', async () => {
  const { api, server } = await openVendorServer('anthropic', (_, response) => sendPieces(response, STREAM), { apiKey: KEY });
  const answer = await answerOf(api.streamCompletion({ ...REQUEST, seed: 1 }));
  expect(answer).toMatchObject({
    id: 'msg_1',
    model: 'anthropic:claude-sonnet-4-6',
    provider: 'Anthropic',
    text: 'Hello',
    dropped: ['seed: Anthropic has no such parameter'],
    usage: { promptTokens: 3, completionTokens: 2, totalTokens: 5 },
  });
  expect(server.requests[0]).toMatchObject({
    method: 'POST',
    url: '/v1/messages',
    headers: { 'x-api-key': KEY, 'anthropic-version': '2023-06-01', 'content-type': 'application/json' },
  });
  expect(server.requests[0]?.headers['authorization']).toBeUndefined();
  expect(server.requests[0]?.json()).toEqual({
    model: 'claude-sonnet-4-6',
    max_tokens: 128_000,
    messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
    stream: true,
  });
  const described = JSON.stringify(api.describeCompletion?.(REQUEST));
  expect(described).toContain('(hidden)');
  expect(described).not.toContain(KEY);
});

test('a host with the same wire format needs no key', async () => {
  const { api, server } = await openVendorServer('anthropic', (_, response) => sendPieces(response, STREAM));
  await answerOf(api.streamCompletion(REQUEST));
  expect(server.requests[0]?.headers).toMatchObject({ 'anthropic-version': '2023-06-01' });
  expect(server.requests[0]?.headers['x-api-key']).toBeUndefined();
});

test('a request without streaming is sent as a stream, and its answer is shown when complete', async () => {
  const { api, server } = await openVendorServer('anthropic', (_, response) =>
    sendPieces(response, [
      ...STREAM.slice(0, 3),
      data({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }),
    ]),
  );
  const events: CompletionEvent[] = [];
  const read = async (): Promise<void> => {
    for await (const event of api.streamCompletion({ ...REQUEST, stream: false })) events.push(event);
  };
  await expect(read()).rejects.toMatchObject({ kind: 'provider', code: 'overloaded_error' });
  expect(server.requests[0]?.json()['stream']).toBe(true);
  expect(events.map(({ type }) => type)).toEqual(['response-start']);
});

test('a rate limit error says how long to wait', async () => {
  const { api } = await openVendorServer('anthropic', (_, response) =>
    sendJson(
      response,
      429,
      { type: 'error', error: { type: 'rate_limit_error', message: 'slow down' }, request_id: 'req_body' },
      { 'retry-after': '7', 'request-id': 'req_header' },
    ),
  );
  await expect(answerOf(api.streamCompletion(REQUEST))).rejects.toMatchObject({
    message: 'too many requests to Anthropic: slow down',
    kind: 'rate-limit',
    isRetryable: true,
    retryAfterMs: 7000,
    requestId: 'req_header',
  });
});

test('models are listed with the same headers', async () => {
  const list = { data: [{ type: 'model', id: 'claude-x', display_name: 'Claude X' }], has_more: false };
  const { api, server } = await openVendorServer('anthropic', (_, response) => sendJson(response, 200, list), { apiKey: KEY });
  expect(await api.listModels()).toEqual([expect.objectContaining({ id: 'claude-x', name: 'Claude X' })]);
  expect(server.requests[0]).toMatchObject({
    method: 'GET',
    url: '/v1/models?limit=1000',
    headers: { 'x-api-key': KEY, 'anthropic-version': '2023-06-01' },
  });
});
