import { describe, expect, test } from 'vitest';
import type { ChatRequest, CompletionEvent, OriginalRequest } from '../../../src/apis/completion.ts';
import { sendPieces } from '../../support/api-server.ts';
import { openVendorServer } from '../../support/vendor-server.ts';

const event = (wire: { type: string } & Record<string, unknown>): string =>
  `event: ${wire.type}\ndata: ${JSON.stringify(wire)}\n\n`;
const STREAM = [
  event({ type: 'message_start', message: { id: 'msg_1', model: 'claude-x', content: [], usage: { input_tokens: 3 } } }),
  event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' }, unknown: 1 }),
  event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello' } }),
  event({ type: 'content_block_stop', index: 0 }),
  event({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 2 } }),
  event({ type: 'message_stop' }),
];
const BODY =
  '{"model":"alias","max_tokens":7,"stream":false,"seed": 12345678901234567890,"provider":{"only":["x"]},"messages":[{"role":"user","content":"\\u0068i"}]}';
const original: OriginalRequest = {
  dialect: 'anthropic',
  body: BODY,
  headers: { 'anthropic-version': '2024-01-01', 'anthropic-beta': 'a-1' },
};
const request: ChatRequest = {
  model: 'claude-x',
  maxTokens: 7,
  messages: [{ role: 'user', content: 'hi' }],
  stream: true,
  original,
};

async function ask(vendor: string, asked: ChatRequest, apiKey: string, stream = STREAM) {
  const { api, server } = await openVendorServer(vendor, (_, response) => sendPieces(response, stream), { apiKey });
  const events: CompletionEvent[] = [];
  for await (const one of api.streamCompletion(asked, { includeChunks: true })) events.push(one);
  return { events, seen: server.requests[0]! };
}

describe('a request in the dialect of its vendor', () => {
  test('is sent unchanged, except for the model, the stream and router fields', async () => {
    const { seen } = await ask('anthropic', request, 'sk-ant-api03-key');
    expect(seen.body).toBe(
      '{"model":"claude-x","max_tokens":7,"stream":true,"seed": 12345678901234567890,"messages":[{"role":"user","content":"\\u0068i"}]}',
    );
    expect(seen.headers).toMatchObject({
      'x-api-key': 'sk-ant-api03-key',
      'anthropic-version': '2024-01-01',
      'anthropic-beta': 'a-1',
    });
  });

  test('gets a limit if it has none, or the one that a budget sets', async () => {
    const body = '{"model":"m","messages":[]}';
    const asked = { ...request, original: { ...original, body } };
    const { seen } = await ask('anthropic', { ...asked, maxTokens: 300 }, 'key');
    expect(seen.json()).toMatchObject({ max_tokens: 300 });
    const { seen: unlimited } = await ask('anthropic', { ...asked, model: 'claude-opus-4-1', maxTokens: undefined }, 'key');
    expect(unlimited.json()).toMatchObject({ max_tokens: 32_000 });
  });

  test("has the client's beta features in addition to those that the key needs", async () => {
    const { seen } = await ask('anthropic', request, 'sk-ant-oat01-token');
    expect(seen.headers).toMatchObject({
      authorization: 'Bearer sk-ant-oat01-token',
      'anthropic-beta': 'oauth-2025-04-20,a-1',
    });
  });

  test("is answered with the vendor's pieces, each before its events", async () => {
    const { events } = await ask('anthropic', request, 'key');
    const chunks = events.filter((one) => one.type === 'chunk');
    expect(chunks.map((one) => `event: ${one.event}\ndata: ${one.data}\n\n`)).toEqual(STREAM);
    expect(new Set(chunks.map(({ dialect }) => dialect))).toEqual(new Set(['anthropic']));
    const text = events.findIndex(({ type }) => type === 'text-delta');
    expect(events[text - 1]).toMatchObject({ type: 'chunk', event: 'content_block_delta' });
    expect(events).toContainEqual(expect.objectContaining({ type: 'response-start', model: 'anthropic:claude-x' }));
  });

  test('is translated for a vendor of another dialect, whose pieces are not passed on', async () => {
    const chunk = { id: 'c', model: 'm', choices: [{ index: 0, delta: { content: 'Hi' }, finish_reason: 'stop' }] };
    const { events, seen } = await ask('mistral', request, 'key', [`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`]);
    expect(seen.json()).toMatchObject({ model: 'claude-x', messages: [{ role: 'user', content: 'hi' }] });
    expect(events.some(({ type }) => type === 'chunk')).toBe(false);
  });

  test('fails at a vendor of another dialect if it uses features that no other has', async () => {
    const asked = { ...request, original: { ...original, untranslated: ['the tool bash_20250124'] } };
    await expect(ask('mistral', asked, 'key')).rejects.toMatchObject({
      status: 400,
      message: 'Mistral does not support the tool bash_20250124',
    });
    await expect(ask('anthropic', asked, 'key')).resolves.toBeDefined();
  });
});
