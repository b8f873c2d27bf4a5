import { connect } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { OrxError } from '../../src/errors.ts';
import type { ServedRequest } from '../../src/core/serve/served-request.ts';
import { type Gateway, type GatewayLimits, type GatewayOptions, startGateway } from '../../src/gateway/start-gateway.ts';
import type { CompletionEvent } from '../../src/apis/completion.ts';
import type { Api } from '../../src/apis/api.ts';
import { rawRequest } from '../support/raw-request.ts';
import { scriptedProvider, START, wireChunk } from '../support/scripted-provider.ts';

const ASK = { model: 'test/model', messages: [{ role: 'user', content: 'hi' }] };
const HELLO = wireChunk({ role: 'assistant', content: 'Hello' });
/** What is decoded from it. */
const SAID: CompletionEvent = { type: 'text-delta', text: 'Hello' };

async function open(
  api: Api,
  limits: Partial<GatewayLimits> = {},
  more: Partial<GatewayOptions> = {},
): Promise<Gateway & { entries: ServedRequest[] }> {
  const entries: ServedRequest[] = [];
  const gateway = await startGateway({
    api,
    port: 0,
    now: Date.now,
    monotonic: () => performance.now(),
    observers: [{ end: (entry) => void entries.push(entry) }],
    limits,
    ...more,
  });
  onTestFinished(() => gateway.close());
  return { ...gateway, entries };
}

function ask(
  gateway: Gateway,
  body: unknown = ASK,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<Response> {
  return fetch(`${gateway.url}/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer any', 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });
}

const STREAM = { ...ASK, stream: true };

describe('a streamed completion', () => {
  test('passes chunks on verbatim, with comments before and [DONE] after', async () => {
    const odd = '{ "choices" : [],"x":"\\u00e9 \\u001b" }';
    const gateway = await open(
      scriptedProvider(() => [
        { type: 'heartbeat', generationId: 'gen-1' },
        { type: 'chunk', data: HELLO },
        START,
        { type: 'text-delta', text: 'Hello' },
        { type: 'chunk', data: odd },
        { type: 'response-end', finishReason: 'stop' },
      ]),
      { quietMs: 0 },
    );
    const response = await ask(gateway, STREAM);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(response.headers.get('x-generation-id')).toBe('gen-1');
    expect(await response.text()).toBe(`: OPENROUTER PROCESSING\n\ndata: ${HELLO}\n\ndata: ${odd}\n\ndata: [DONE]\n\n`);
  });

  test('has the generation id in its headers even if the first event is a chunk', async () => {
    const gateway = await open(
      scriptedProvider(() => [{ type: 'chunk', data: HELLO }, START, { type: 'response-end', finishReason: 'stop' }]),
    );
    const response = await ask(gateway, STREAM);
    expect(response.headers.get('x-generation-id')).toBe('gen-1');
    await response.text();
  });

  test('keeps a chunk of several lines as one event', async () => {
    const gateway = await open(
      scriptedProvider(() => [{ type: 'chunk', data: '{\n"choices":[]\r\n}' }, START, { type: 'response-end' }]),
    );
    expect(await (await ask(gateway, STREAM)).text()).toBe('data: {\ndata: "choices":[]\ndata: }\n\ndata: [DONE]\n\n');
  });

  test('a failure before the first byte is plain JSON with the API’s own error and headers', async () => {
    const wire = {
      message: 'Rate limit exceeded',
      code: 429,
      metadata: {
        headers: {
          'X-RateLimit-Limit': '20',
          'X-RateLimit-Reset': '1779321600000',
          'X-RateLimit-Evil': 'a\r\nset-cookie: b',
          'Set-Cookie': 'c',
        },
      },
    };
    const gateway = await open(
      scriptedProvider(() => {
        throw new OrxError('Rate limit exceeded', { kind: 'rate-limit', status: 429, retryAfterMs: 1500, wire });
      }),
    );
    const response = await ask(gateway, STREAM);
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('2');
    expect(response.headers.get('x-ratelimit-limit')).toBe('20');
    expect(response.headers.get('x-ratelimit-reset')).toBe('1779321600000');
    expect(response.headers.get('set-cookie')).toBeNull();
    expect(response.headers.get('x-ratelimit-evil')).toBeNull();
    expect(await response.json()).toEqual({ error: wire });
  });

  describe.each([
    ['chat', '/api/v1/chat/completions', ASK],
    ['Responses', '/v1/responses', { model: 'test/model', input: 'hi' }],
    ['Messages', '/v1/messages', { ...ASK, max_tokens: 9 }],
    ['Gemini', '/v1beta/models/test%2Fmodel:streamGenerateContent?alt=sse', { contents: [{ parts: [{ text: 'hi' }] }] }],
  ])('heartbeats (%s)', (_, path, body) => {
    /** Sends a heartbeat at each of these times, in milliseconds, and fails. */
    const beatsAt = async (...times: number[]): Promise<Response> => {
      let now = 0;
      const script = function* (): Generator<CompletionEvent> {
        for (now of times) yield { type: 'heartbeat', generationId: 'gen-1' };
        throw new OrxError('slow down', { kind: 'rate-limit', status: 429, retryAfterMs: 7000 });
      };
      const gateway = await open(scriptedProvider(script), {}, { monotonic: () => now });
      return fetch(`${gateway.origin}${path}`, {
        method: 'POST',
        headers: { 'x-api-key': 'any', 'content-type': 'application/json' },
        body: JSON.stringify({ ...body, stream: true }),
      });
    };

    test('of the first three seconds do not hide the status of a failure', async () => {
      const response = await beatsAt(0, 1000, 2999);
      expect([response.status, response.headers.get('retry-after')]).toEqual([429, '7']);
      expect(response.headers.get('x-generation-id')).toBe('gen-1');
      expect(await response.text()).toContain('slow down');
    });

    test('keep the connection busy after that', async () => {
      const response = await beatsAt(0, 3000);
      expect(response.status).toBe(200);
      expect(await response.text()).toContain('slow down');
    });
  });

  test('a failure after the first byte is an error chunk and a regular end', async () => {
    const gateway = await open(
      scriptedProvider(function* (): Generator<CompletionEvent> {
        yield { type: 'chunk', data: HELLO };
        yield START;
        yield SAID;
        throw new OrxError('nothing came for 60 s', { kind: 'network', code: 'idle-timeout', status: 504 });
      }),
    );
    const events = (await (await ask(gateway, STREAM)).text()).split('\n\n').filter((event) => event !== '');
    expect(events[0]).toBe(`data: ${HELLO}`);
    expect(JSON.parse(events[1]!.slice(6))).toMatchObject({
      id: 'gen-1',
      object: 'chat.completion.chunk',
      model: 'test/model',
      error: { code: 504, message: 'nothing came for 60 s', metadata: { error_type: 'idle-timeout' } },
      choices: [{ index: 0, delta: { content: '' }, finish_reason: 'error' }],
    });
    expect(events.slice(2)).toEqual(['data: [DONE]']);
  });

  test.each([
    ['a top-level error', wireChunk({ content: '' }, 'error', { error: { code: 502, message: 'broke' } })],
    ['only a finish reason', wireChunk({ content: '' }, 'error')],
    ['broken JSON', '{"choices":[{"delta":{"content":"hal'],
  ])('a failure that the client has already received is not repeated: %s', async (_, last) => {
    const gateway = await open(
      scriptedProvider(function* (): Generator<CompletionEvent> {
        yield { type: 'chunk', data: HELLO };
        yield START;
        yield SAID;
        yield { type: 'chunk', data: last };
        throw new OrxError('broke', { kind: 'provider' });
      }),
    );
    expect(await (await ask(gateway, STREAM)).text()).toBe(`data: ${HELLO}\n\ndata: ${last}\n\ndata: [DONE]\n\n`);
  });

  const cut = () =>
    scriptedProvider(function* (): Generator<CompletionEvent> {
      yield { type: 'chunk', data: HELLO };
      yield START;
      yield SAID;
      throw new OrxError('cut', { kind: 'network', code: 'stream-cut' });
    });

  test('from an upstream that was cut ends with the error, never like a complete answer', async () => {
    const gateway = await open(cut());
    const events = (await (await ask(gateway, STREAM)).text()).split('\n\n');
    expect(JSON.parse(events[1]!.slice(6))).toMatchObject({
      error: { message: 'cut', code: 502, metadata: { error_type: 'stream-cut' } },
      choices: [{ finish_reason: 'error' }],
    });
    const whole = await ask(gateway);
    expect([whole.status, await whole.json()]).toMatchObject([502, { error: { metadata: { error_type: 'stream-cut' } } }]);
  });

  test('if cuts are passed on, ends with a broken connection', async () => {
    const gateway = await open(cut(), {}, { passesCuts: true });
    const body = JSON.stringify(STREAM);
    const received = await rawRequest(
      gateway.port,
      `POST /api/v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nx-api-key: any\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    expect(received).toContain(HELLO);
    expect(received).not.toContain('[DONE]');
    // The last piece of a chunked body is missing: no client can take this for a complete reply.
    expect(received).not.toMatch(/\r\n0\r\n\r\n$/);
  });

  test('a client that disconnects stops the provider', async () => {
    let stopped: unknown;
    const gateway = await open(
      scriptedProvider(async function* (_, { signal }): AsyncGenerator<CompletionEvent> {
        yield { type: 'chunk', data: HELLO };
        yield START;
        yield SAID;
        await new Promise((resolve) => signal!.addEventListener('abort', resolve, { once: true }));
        stopped = signal!.reason;
        throw signal!.reason;
      }),
    );
    const controller = new AbortController();
    const response = await ask(gateway, STREAM, {}, controller.signal);
    const reader = response.body!.getReader();
    await reader.read();
    controller.abort();
    await expect.poll(() => stopped).toMatchObject({ kind: 'interrupted', code: 'client-gone' });
    await expect.poll(() => gateway.entries).toMatchObject([{ status: 499, model: 'test/model' }]);
  });

  test('a client that does not read pauses the provider', async () => {
    let yielded = 0;
    const big = wireChunk({ content: 'x'.repeat(10_000) });
    const gateway = await open(
      scriptedProvider(function* (): Generator<CompletionEvent> {
        yield START;
        yield SAID;
        for (; yielded < 100_000; yielded += 1) yield { type: 'chunk', data: big };
      }),
    );
    const body = JSON.stringify(STREAM);
    const socket = connect(gateway.port, '127.0.0.1');
    socket.pause();
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\nx-api-key: any\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    let before = -1;
    // It has stopped once the gateway reads nothing more from the provider for a while.
    await expect
      .poll(() => (yielded > 0 && yielded === before ? true : ((before = yielded), false)), { interval: 200 })
      .toBe(true);
    expect(yielded).toBeLessThan(10_000);
    socket.resume();
    await expect.poll(() => yielded > before).toBe(true);
    socket.destroy();
  });
});

describe('a whole completion', () => {
  test('is assembled from chunks, in the order of the API’s fields', async () => {
    const details = (text: string, extra = {}) => [{ type: 'reasoning.text', text, index: 0, format: 'unknown', ...extra }];
    const chunks = [
      wireChunk({ role: 'assistant', content: '', reasoning: 'Let ', reasoning_details: details('Let ') }),
      wireChunk({ content: '', reasoning: 'me', reasoning_details: details('me', { signature: 's' }) }),
      wireChunk({ content: 'Hel' }),
      wireChunk({
        content: 'lo',
        tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'add', arguments: '{"a"' } }],
      }),
      wireChunk({ tool_calls: [{ index: 0, function: { arguments: ':1}' } }] }),
      wireChunk({ content: '', images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } }] }),
      wireChunk({ content: '' }, 'tool_calls'),
      wireChunk({ content: '' }, 'tool_calls', {
        usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3, cost: 0.000412 },
      }),
    ];
    const gateway = await open(scriptedProvider(() => [START, ...chunks.map((data) => ({ type: 'chunk', data }) as const)]));
    const response = await ask(gateway);
    expect(response.headers.get('x-generation-id')).toBe('gen-1');
    const text = await response.text();
    expect(text).toBe(
      JSON.stringify({
        id: 'gen-1',
        object: 'chat.completion',
        created: 1_780_000_000,
        model: 'test/model',
        provider: 'Test',
        system_fingerprint: null,
        service_tier: null,
        choices: [
          {
            index: 0,
            logprobs: null,
            finish_reason: 'tool_calls',
            native_finish_reason: 'tool_calls',
            message: {
              role: 'assistant',
              content: 'Hello',
              refusal: null,
              reasoning: 'Let me',
              reasoning_details: [{ type: 'reasoning.text', text: 'Let me', signature: 's', format: 'unknown', index: 0 }],
              tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'add', arguments: '{"a":1}' } }],
              images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } }],
            },
          },
        ],
        usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3, cost: 0.000412 },
      }),
    );
  });

  test('keeps several answers separate', async () => {
    const piece = (index: number, content: string) => wireChunk({}, null, { choices: [{ index, delta: { content } }] });
    const chunks = [piece(0, 'red '), piece(1, 'blue '), piece(0, 'apple'), piece(1, 'plum')];
    const gateway = await open(scriptedProvider(() => [START, ...chunks.map((data) => ({ type: 'chunk', data }) as const)]));
    const { choices } = (await (await ask(gateway)).json()) as { choices: { index: number; message: { content: string } }[] };
    expect(choices.map(({ index, message }) => [index, message.content])).toEqual([
      [0, 'red apple'],
      [1, 'blue plum'],
    ]);
  });

  test('that arrived whole is passed on unchanged', async () => {
    const whole =
      '{ "id":"gen-1", "object" : "chat.completion", "choices":[{"message":{"content":"\\"object\\":\\"chat.completion.chunk\\""}}], "odd": 1e-7 }';
    const gateway = await open(scriptedProvider(() => [{ type: 'chunk', data: whole }, START, { type: 'response-end' }]));
    expect(await (await ask(gateway)).text()).toBe(whole);
  });

  test('that fails gets the status of its failure, however much was received', async () => {
    const gateway = await open(
      scriptedProvider(function* (): Generator<CompletionEvent> {
        yield { type: 'chunk', data: HELLO };
        yield START;
        yield SAID;
        throw new OrxError('the provider broke off', { kind: 'provider', code: 'provider_unavailable' });
      }),
    );
    const response = await ask(gateway);
    expect(response.status).toBe(502);
    expect(await response.json()).toEqual({
      error: { message: 'the provider broke off', code: 502, metadata: { error_type: 'provider_unavailable' } },
    });
  });

  test('reveals nothing about a failure inside the gateway', async () => {
    const gateway = await open(
      scriptedProvider(() => {
        throw new TypeError('cannot read sk-or-v1-secret of undefined');
      }),
    );
    const response = await ask(gateway);
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ error: { message: 'Internal Server Error', code: 500 } });
  });
});

describe('the request to the provider', () => {
  test("is the client's request", async () => {
    const provider = scriptedProvider(() => [
      { type: 'chunk', data: HELLO },
      START,
      { type: 'response-end', finishReason: 'stop' },
    ]);
    const gateway = await open(provider);
    await ask(
      gateway,
      { ...STREAM, models: ['b/c'], max_completion_tokens: 5, seed: 7, provider: { only: ['x'] } },
      { 'x-openrouter-metadata': 'Enabled' },
    );
    await ask(gateway);
    expect(provider.asked[0]).toMatchObject({
      request: {
        model: 'test/model',
        fallbackModels: ['b/c'],
        maxTokens: 5,
        stream: true,
        extra: { seed: 7 },
        routing: { only: ['x'] },
      },
      options: { includeChunks: true, includeRouting: true },
    });
    expect(provider.asked[1]).toMatchObject({ request: { stream: false, extra: {} }, options: { includeRouting: false } });
  });
});

test.each(['connect-timeout', 'first-byte-timeout', 'idle-timeout'])('a %s behind the gateway is status 504', async (code) => {
  const gateway = await open(
    scriptedProvider(() => {
      throw new OrxError('nothing came', { kind: 'network', code });
    }),
  );
  const response = await ask(gateway);
  expect([response.status, await response.json()]).toMatchObject([504, { error: { code: 504, metadata: { error_type: code } } }]);
});

describe('headers of a reply', () => {
  const answer = scriptedProvider(function* (_, { onAttempt }): Generator<CompletionEvent> {
    onAttempt?.('test/model');
    yield { type: 'retry', attempt: 1, error: undefined, waitMs: 0 };
    onAttempt?.('test/model');
    yield { type: 'response-start', id: 'gen-1', model: 'anthropic:claude-sonnet-4-6', provider: 'Anthropic' };
    yield { type: 'text-delta', text: 'Hello' };
    yield { type: 'usage', usage: { promptTokens: 1, completionTokens: 2, totalTokens: 3, cost: '0.00012', wire: {} } };
    yield { type: 'response-end', finishReason: 'stop' };
  });

  test("name the model, the number of attempts, the cost, and the gateway's share of the time", async () => {
    const gateway = await open(answer);
    const { headers } = await ask(gateway);
    expect(headers.get('x-orx-target')).toBe('anthropic:claude-sonnet-4-6');
    expect(headers.get('x-orx-attempts')).toBe('2');
    expect(headers.get('x-orx-cost')).toBe('0.00012');
    expect(Number(headers.get('x-orx-overhead-ms'))).toBeGreaterThanOrEqual(0);
    const streamed = await ask(gateway, STREAM);
    expect(streamed.headers.get('x-orx-target')).toBe('anthropic:claude-sonnet-4-6');
    expect(streamed.headers.get('x-orx-attempts')).toBe('2');
    await streamed.text();
    expect(gateway.entries[0]).toMatchObject({ retries: 1, fallbacks: 0, finishReason: 'stop', isStreamed: false });
  });

  test("contain the request id: the client's if valid, otherwise a new one, also for a failure", async () => {
    const gateway = await open(answer);
    expect((await ask(gateway, ASK, { 'x-request-id': 'mine-1' })).headers.get('x-request-id')).toBe('mine-1');
    const odd = await ask(gateway, 'no JSON', { 'x-request-id': 'two words' });
    expect([odd.status, odd.headers.get('x-request-id')]).toEqual([400, expect.stringMatching(/^req-[\da-f-]{36}$/)]);
    expect(gateway.entries.map(({ id }) => id)).toEqual(['mine-1', odd.headers.get('x-request-id')]);
    expect(gateway.entries[1]?.error).toBeInstanceOf(OrxError);
  });
});
