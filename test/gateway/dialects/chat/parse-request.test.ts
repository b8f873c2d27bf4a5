import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseChatRequest } from '../../../../src/gateway/dialects/chat/parse-request.ts';
import { encodeRequest } from '../../../../src/apis/openrouter/encode-request.ts';
import { OrxError } from '../../../../src/errors.ts';

const MESSAGES = [{ role: 'user', content: 'hi' }];
const parse = (wire: unknown) => parseChatRequest(JSON.stringify(wire));

describe('a body is rejected', () => {
  test.each([
    ['', 'empty'],
    ['{"model":', 'not valid JSON'],
    ['[]', 'must be a JSON object'],
    ['null', 'must be a JSON object'],
    [JSON.stringify({ messages: MESSAGES }), 'model is missing'],
    [JSON.stringify({ model: ' ', messages: MESSAGES }), 'model must be'],
    [JSON.stringify({ model: 5, messages: MESSAGES }), 'model must be'],
    [JSON.stringify({ model: 'a/b' }), 'messages is missing'],
    [JSON.stringify({ model: 'a/b', messages: [] }), 'messages is missing'],
    [JSON.stringify({ model: 'a/b', messages: 'hi' }), 'messages is missing'],
    [JSON.stringify({ model: 'a/b', messages: ['hi'] }), 'messages[0] must be an object'],
    [JSON.stringify({ model: 'a/b', messages: [{ role: 'robot', content: 'x' }] }), 'messages[0].role'],
    [JSON.stringify({ model: 'a/b', messages: [{ role: 'user', content: 5 }] }), 'messages[0].content'],
    [JSON.stringify({ model: 'a/b', messages: MESSAGES, stream: 'yes' }), 'stream must be true or false'],
    [JSON.stringify({ model: 'a/b', messages: MESSAGES, max_tokens: 0 }), 'max_tokens'],
    [JSON.stringify({ model: 'a/b', messages: MESSAGES, max_tokens: 1.5 }), 'max_tokens'],
    [JSON.stringify({ model: 'a/b', messages: MESSAGES, temperature: '1' }), 'temperature'],
    [JSON.stringify({ model: 'a/b', messages: MESSAGES, n: 2 }), 'n must be 1; send one request for each response'],
    [JSON.stringify({ model: 'a/b', messages: MESSAGES, n: '1' }), 'n must be 1'],
    [JSON.stringify({ model: 'a/b', messages: MESSAGES, models: 'c/d' }), 'models'],
    [JSON.stringify({ model: 'a/b', messages: MESSAGES, provider: [] }), 'provider must be'],
    [JSON.stringify({ model: 'a/b', messages: MESSAGES, provider: { only: 'x' } }), 'provider.only'],
    [JSON.stringify({ model: 'a/b', messages: MESSAGES, provider: { zdr: 1 } }), 'provider.zdr'],
    [JSON.stringify({ model: 'a/b', messages: MESSAGES, provider: { data_collection: 'no' } }), 'provider.data_collection'],
    [
      JSON.stringify({ model: 'a/b', messages: MESSAGES, provider: { max_price: { prompt: 'cheap' } } }),
      'provider.max_price.prompt',
    ],
  ])('%s', (body, message) => {
    expect(() => parseChatRequest(body)).toThrow(
      expect.objectContaining({ kind: 'usage', status: 400, message: expect.stringContaining(message) as string }),
    );
  });

  test('and only in that form', () => {
    const nearly = fc.object().map((value) => JSON.stringify({ model: 'a/b', messages: MESSAGES, ...value }));
    const outcome = (body: string): unknown => {
      try {
        return parseChatRequest(body).messages.length > 0 ? 400 : 'nothing to answer';
      } catch (error) {
        return error instanceof OrxError ? error.status : error;
      }
    };
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json(), nearly), (body) => outcome(body) === 400));
  });
});

describe('a body is read', () => {
  test('null counts as absent', () => {
    const request = parse({
      model: 'a/b',
      messages: MESSAGES,
      stream: null,
      max_tokens: null,
      temperature: null,
      models: null,
      provider: null,
    });
    expect(request).toMatchObject({ model: 'a/b', stream: false, fallbackModels: [], extra: {} });
    expect(request.maxTokens ?? request.temperature ?? request.routing).toBeUndefined();
  });

  test('the first of models is the model when no other is named', () => {
    expect(parse({ models: ['a/b', 'c/d'], messages: MESSAGES })).toMatchObject({ model: 'a/b', fallbackModels: ['c/d'] });
  });

  test('unknown and legacy fields are passed on', () => {
    const extra = {
      usage: { include: true },
      transforms: ['middle-out'],
      route: 'fallback',
      safe_prompt: true,
      tools: [],
      reasoning: { effort: 'low' },
    };
    expect(parse({ model: 'a/b', messages: MESSAGES, ...extra }).extra).toEqual(extra);
  });

  test('the newer name of the token limit wins', () => {
    expect(parse({ model: 'a/b', messages: MESSAGES, max_tokens: 5, max_completion_tokens: 7 }).maxTokens).toBe(7);
  });

  test('messages with more than text are read as parts and stay complete', () => {
    const messages = [
      { role: 'developer', content: 'be brief' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'what is ' },
          { type: 'image_url', image_url: { url: 'https://x' } },
          { type: 'text', text: 'this?' },
        ],
      },
      { role: 'assistant', content: null, tool_calls: [] },
      { role: 'tool', content: '7', tool_call_id: 'c' },
    ];
    const request = parse({ model: 'a/b', messages });
    const [developer, user, assistant, tool] = messages;
    expect(request.messages).toEqual([
      { role: 'system', content: 'be brief', apiData: { openrouter: developer } },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'what is ' },
          { type: 'image', url: 'https://x' },
          { type: 'text', text: 'this?' },
        ],
        apiData: { openrouter: user },
      },
      { role: 'assistant', content: '', toolCalls: [], apiData: { openrouter: assistant } },
      { role: 'tool', content: '7', toolCallId: 'c', apiData: { openrouter: tool } },
    ]);
    expect(request.extra).toEqual({});
    expect(encodeRequest(request)['messages'] as unknown[]).toEqual(messages);
  });

  test('a prompt alone is a message', () => {
    expect(parse({ model: 'a/b', prompt: 'hi' })).toMatchObject({ messages: MESSAGES, extra: {} });
  });

  test('routing preferences, strings or numbers as prices, one price or both', () => {
    const provider = {
      order: ['a'],
      only: ['b'],
      ignore: ['c'],
      quantizations: ['fp8'],
      allow_fallbacks: false,
      zdr: true,
      data_collection: 'deny',
      sort: 'latency',
      max_price: { prompt: 0.0000001, completion: '1.5' },
      preferred_min_throughput: 50,
      preferred_max_latency: 0.5,
    };
    expect(parse({ model: 'a/b', messages: MESSAGES, provider }).routing).toEqual({
      order: ['a'],
      only: ['b'],
      ignore: ['c'],
      quantizations: ['fp8'],
      allowFallbacks: false,
      zeroDataRetention: true,
      dataCollection: 'deny',
      sort: 'latency',
      maxPrice: { prompt: '0.0000001', completion: '1.5' },
      minThroughput: 50,
      maxLatency: 0.5,
    });
    const half = parse({ model: 'a/b', messages: MESSAGES, provider: { max_price: { completion: 2 } } });
    expect(half.routing?.maxPrice?.completion).toBe('2');
    expect(Number(half.routing?.maxPrice?.prompt)).toBeGreaterThan(1_000_000);
  });

  test('preferences unknown to orx are kept', () => {
    const provider = { sort: { by: 'price', partition: 'none' }, require_parameters: true, preferred_max_latency: { p90: 2 } };
    expect(parse({ model: 'a/b', messages: MESSAGES, provider }).extra).toEqual({ provider });
  });
});
