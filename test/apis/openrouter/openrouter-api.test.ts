import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createHttpClient } from '../../../src/http/client.ts';
import type { Api } from '../../../src/apis/api.ts';
import type { ChatRequest, CompletionEvent, StreamOptions } from '../../../src/apis/completion.ts';
import { createOpenRouterApi } from '../../../src/apis/openrouter/openrouter-api.ts';
import {
  answerPieces,
  type ApiServer,
  chunk,
  type Handler,
  sendJson,
  sendPieces,
  startApiServer,
} from '../../support/api-server.ts';
import { turns } from '../../support/turns.ts';
import { gather } from '../../support/byte-pieces.ts';

async function open(
  handler: Handler,
  apiKey: string | undefined = 'sk-or-v1-test-test-test',
): Promise<{ api: Api; server: ApiServer }> {
  const server = await startApiServer(handler);
  const http = createHttpClient({ limits: { connectMs: 300_000, firstByteMs: 300_000, idleMs: 300_000 }, env: {} });
  onTestFinished(() => http.close());
  const api = createOpenRouterApi({
    http,
    baseUrl: server.url,
    apiKey,
    app: { url: 'https://app.example', title: 'app', categories: 'cli-agent' },
    userAgent: 'orx/test',
    now: () => 1_780_000_000_000,
  });
  return { api, server };
}

/** Larger than the part of an error that orx reads, even if compressed. */
const randomPage = (): Buffer => gzipSync(randomBytes(2 * 1024 * 1024));

const ENDPOINTS = {
  data: {
    id: 'a/b',
    endpoints: [
      {
        provider_name: 'One',
        tag: 'one/fp8',
        quantization: 'fp8',
        context_length: 1000,
        pricing: { prompt: '0.000001', completion: '0.000002' },
        uptime_last_30m: 99.5,
      },
      { provider_name: null },
    ],
  },
};

describe('the account and the catalogue', () => {
  test('models, compressed or not', async () => {
    const body = JSON.stringify({ data: [{ id: 'a/b', name: 'B', pricing: { prompt: '0.000001', completion: '0' } }] });
    for (const isPacked of [false, true]) {
      const { api, server } = await open((_, response) => {
        if (!isPacked) return sendJson(response, 200, body);
        response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
        response.end(gzipSync(body));
      });
      const catalogue = await api.catalogue!.listModels();
      expect(catalogue.models.map((model) => model.id)).toEqual(['a/b']);
      expect(catalogue.body).toBe(body);
      expect(server.requests[0]?.headers['accept-encoding']).toContain('gzip');
    }
  });

  test('endpoints with zero data retention, for all models', async () => {
    const [row] = ENDPOINTS.data.endpoints;
    const { api, server } = await open((_, response) =>
      sendJson(response, 200, { data: [{ ...row, model_id: 'a/b' }, row, { model_id: 'a/c' }, null] }),
    );
    const { endpoints } = await api.endpoints!.listZdrEndpoints();
    expect(server.requests[0]?.url).toBe('/api/v1/endpoints/zdr');
    expect(endpoints.map(({ modelId, tag, wire }) => ({ modelId, tag, wire }))).toEqual([
      { modelId: 'a/b', tag: 'one/fp8', wire: { ...row, model_id: 'a/b' } },
    ]);
  });

  test('a reply that is not a list of endpoints', async () => {
    const { api } = await open((_, response) => sendJson(response, 200, { data: { id: 'a/b' } }));
    await expect(api.endpoints!.listZdrEndpoints()).rejects.toMatchObject({ kind: 'provider', code: 'not-endpoints' });
  });

  test('a small reply that decompresses to fill all memory is rejected', async () => {
    const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(100_000);
    const { api } = await open((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(bomb);
    });
    await expect(api.catalogue!.listModels()).rejects.toMatchObject({ kind: 'network', code: 'bad-encoding' });
  });

  test('models of every modality are requested, and nothing is downloaded if the version is unchanged', async () => {
    const body = JSON.stringify({ data: [{ id: 'a/b' }] });
    let etag = '"one"';
    const { api, server } = await open((request, response) => {
      if (request.headers['if-none-match'] === etag) return void response.writeHead(304, { etag }).end();
      sendJson(response, 200, body, { etag, 'last-modified': 'Wed, 05 Aug 2026 00:00:00 GMT' });
    });
    const { version } = await api.catalogue!.listModels();
    expect(version).toEqual({ etag, lastModified: 'Wed, 05 Aug 2026 00:00:00 GMT' });
    expect(await api.catalogue!.listModelsSince(version!)).toBeUndefined();
    etag = '"two"';
    expect(await api.catalogue!.listModelsSince(version!)).toMatchObject({ version: { etag }, models: [{ id: 'a/b' }] });
    expect(await api.catalogue!.listModelsSince({ lastModified: 'then' })).toMatchObject({ models: [{ id: 'a/b' }] });
    expect(server.requests.map(({ url }) => url)).toEqual(
      Array.from({ length: 4 }, () => '/api/v1/models?output_modalities=all'),
    );
    expect(server.requests.map(({ headers }) => [headers['if-none-match'], headers['if-modified-since']])).toEqual([
      [undefined, undefined],
      ['"one"', 'Wed, 05 Aug 2026 00:00:00 GMT'],
      ['"one"', 'Wed, 05 Aug 2026 00:00:00 GMT'],
      [undefined, 'then'],
    ]);
  });

  test('an unexpected 304 is not a catalogue', async () => {
    const { api } = await open((_, response) => void response.writeHead(304).end());
    await expect(api.catalogue!.listModels()).rejects.toMatchObject({ name: 'OrxError' });
  });

  test('endpoints with zero data retention', async () => {
    const entry = { model_id: 'a/b', provider_name: 'One', tag: 'one/fp8' };
    const { api, server } = await open((_, response) => sendJson(response, 200, { data: [entry, { tag: null }, 7] }));
    const { endpoints } = await api.endpoints!.listZdrEndpoints();
    expect(server.requests[0]?.url).toBe('/api/v1/endpoints/zdr');
    expect(endpoints).toMatchObject([{ modelId: 'a/b', providerName: 'One', tag: 'one/fp8' }]);
    expect(endpoints).toHaveLength(1);
  });

  test('endpoints', async () => {
    const { api, server } = await open((_, response) => sendJson(response, 200, ENDPOINTS));
    const { endpoints, wire } = await api.endpoints!.listEndpoints('a/b:free');
    expect(server.requests[0]?.url).toBe('/api/v1/models/a/b%3Afree/endpoints');
    expect(endpoints).toHaveLength(1);
    expect(endpoints[0]).toMatchObject({
      providerName: 'One',
      tag: 'one/fp8',
      quantization: 'fp8',
      contextLength: 1000,
      uptimeLast30m: 99.5,
    });
    expect(endpoints[0]?.pricing.prompt?.toString()).toBe('0.000001');
    expect(wire).toEqual(ENDPOINTS.data);
  });

  test('a name cannot change the path', async () => {
    const { api, server } = await open((_, response) => sendJson(response, 200, ENDPOINTS));
    for (const name of ['../../keys', 'a/..', 'a//b', '']) {
      await expect(api.endpoints!.listEndpoints(name)).rejects.toMatchObject({ kind: 'no-endpoint' });
    }
    await api.endpoints!.listEndpoints('a/b?x=1#y');
    expect(server.requests.map((seen) => seen.url)).toEqual(['/api/v1/models/a/b%3Fx%3D1%23y/endpoints']);
    await api.getGeneration!('gen-1&x=/../');
    expect(server.requests[1]?.url).toBe('/api/v1/generation?id=gen-1%26x%3D%2F..%2F');
  });

  test('key, credits and generation', async () => {
    const replies: Record<string, object> = {
      '/key': {
        label: 'sk-or-v1-abc...def',
        limit: 10,
        limit_remaining: 7.25,
        usage: 2.75,
        is_free_tier: false,
        is_management_key: false,
      },
      '/credits': { total_credits: 20, total_usage: 2.75 },
      '/generation': {
        id: 'gen-1',
        model: 'a/b',
        provider_name: 'One',
        total_cost: 0.00042,
        native_tokens_prompt: 10,
        native_tokens_completion: 5,
        cancelled: true,
      },
    };
    const { api } = await open((request, response) => {
      const path = new URL(request.url, 'http://x').pathname.replace('/api/v1', '');
      sendJson(response, 200, { data: replies[path] });
    });
    expect(await api.account!.getKey()).toMatchObject({
      label: 'sk-or-v1-abc...def',
      limit: '10',
      limitRemaining: '7.25',
      usage: '2.75',
      isFreeTier: false,
    });
    expect(await api.account!.getCredits()).toMatchObject({ totalCredits: '20', totalUsage: '2.75' });
    expect(await api.getGeneration!('gen-1')).toMatchObject({
      id: 'gen-1',
      provider: 'One',
      cost: '0.00042',
      promptTokens: 10,
      completionTokens: 5,
    });
  });

  test.each([
    [
      'a status',
      (response: any) => sendJson(response, 404, { error: { code: 404, message: 'not yet' } }),
      { kind: 'no-endpoint', status: 404 },
    ],
    [
      'a web page',
      (response: any) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>log in</html>'),
      { kind: 'network', code: 'not-the-api' },
    ],
    ['half a body', (response: any) => sendJson(response, 200, '{"data":{"id"'), { kind: 'network', code: 'stream-cut' }],
    [
      'a redirect',
      (response: any) => response.writeHead(301, { location: 'https://evil.example' }).end(),
      { kind: 'network', code: 'redirect' },
    ],
    [
      'a redirect without a URL',
      (response: any) => response.writeHead(304).end(),
      {
        kind: 'network',
        code: 'not-the-api',
        message: 'the response is not from the API (HTTP 304, neither an answer nor another URL)',
      },
    ],
    [
      'a packed error',
      (response: any) =>
        response
          .writeHead(429, { 'content-encoding': 'gzip', 'retry-after': '3' })
          .end(gzipSync('{"error":{"code":429,"message":"slow"}}')),
      { kind: 'rate-limit', retryAfterMs: 3000, message: 'too many requests: slow' },
    ],
    [
      'a failure with an endless page',
      (response: any) => response.writeHead(503, { 'content-type': 'text/html' }).end('<p>down</p>'.repeat(400_000)),
      { kind: 'provider', status: 503, isRetryable: true },
    ],
    [
      'a failure with a packed endless page',
      (response: any) => response.writeHead(502, { 'content-encoding': 'gzip' }).end(randomPage()),
      { kind: 'provider', status: 502, isRetryable: true },
    ],
    [
      'a failure that is packed as nobody asked',
      (response: any) => response.writeHead(500, { 'content-encoding': 'br' }).end('?'),
      { kind: 'provider', status: 500, isRetryable: true },
    ],
    [
      'a reply that is packed as nobody asked',
      (response: any) => response.writeHead(200, { 'content-encoding': 'br' }).end('?'),
      { kind: 'network', code: 'bad-encoding', isRetryable: false, message: expect.stringContaining('br') },
    ],
  ])('%s is reported as such', async (_name, reply, expected) => {
    const { api } = await open((_, response) => reply(response));
    await expect(api.getGeneration!('gen-1')).rejects.toMatchObject(expected);
  });

  test('without a key none is sent', async () => {
    const server = await startApiServer((_, response) => sendJson(response, 200, { data: [] }));
    const http = createHttpClient({ limits: { connectMs: 300_000, firstByteMs: 300_000, idleMs: 300_000 }, env: {} });
    onTestFinished(() => http.close());
    const app = { url: 'https://app.example', title: 'app', categories: 'cli-agent' };
    await createOpenRouterApi({ http, baseUrl: server.url, app, userAgent: 'x', now: () => 0 }).catalogue!.listModels();
    expect(server.requests[0]?.headers['authorization']).toBeUndefined();
  });
});

/** The events of a completion, in both ways. `onEvent` may throw to leave it. */
type Read = (
  api: Api,
  request: ChatRequest,
  options?: StreamOptions,
  onEvent?: (event: CompletionEvent) => void,
) => Promise<CompletionEvent[]>;

const pulled: Read = async (api, request, options = {}, onEvent) => {
  const events: CompletionEvent[] = [];
  for await (const event of api.streamCompletion(request, options)) {
    events.push(event);
    onEvent?.(event);
  }
  return events;
};

const pushed: Read = async (api, request, options = {}, onEvent) => {
  const events: CompletionEvent[] = [];
  const see = (event: CompletionEvent): void => {
    events.push(event);
    onEvent?.(event);
  };
  await api.pushCompletion!(request, options, { see });
  return events;
};

test('a completion sends nothing before it is read', async () => {
  const { api, server } = await open((_, response) => sendPieces(response, answerPieces(['ok'])));
  const stream = api.streamCompletion({ model: 'a/b', messages: [{ role: 'user', content: 'hi' }], stream: true });
  await turns();
  expect(server.requests).toHaveLength(0);
  expect((await gather(stream)).at(-1)).toMatchObject({ type: 'response-end' });
});

describe.each([
  ['that is pulled', pulled],
  ['that is pushed', pushed],
])('a completion %s', (_way, read) => {
  const request = { model: 'a/b', messages: [{ role: 'user', content: 'hi' }], stream: true } as const;

  test.each(['text/event-stream', 'application/json'])('a stream as %s that is compressed is still read', async (type) => {
    const { api } = await open((_request, response) => {
      response.writeHead(200, { 'content-type': type, 'content-encoding': 'gzip' });
      response.end(gzipSync(answerPieces(['ok']).join('')));
    });
    const events = await read(api, request);
    expect(events).toContainEqual({ type: 'text-delta', text: 'ok' });
    expect(events.at(-1)).toMatchObject({ type: 'response-end' });
  });

  test.each<[string, Record<string, string>, string | Buffer]>([
    ['a coding that orx does not know', { 'content-encoding': 'zstd' }, '?'],
    ['an empty body', {}, ''],
    ['a cut body', { 'content-encoding': 'gzip' }, gzipSync(answerPieces(['ok']).join('')).subarray(0, 20)],
    ['an error that would pass', {}, chunk({}, { error: { code: 503, message: 'busy' } })],
  ])('%s after a 200 must not be retried: it may have been billed', async (_name, headers, body) => {
    const { api } = await open((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', ...headers });
      response.end(body);
    });
    await expect(read(api, request)).rejects.toMatchObject({ isRetryable: false });
  });

  test('a failure with an endless page is reported by its status', async () => {
    const { api } = await open((_, response) => void response.writeHead(503).end('<p>down</p>'.repeat(400_000)));
    await expect(read(api, request)).rejects.toMatchObject({
      kind: 'provider',
      status: 503,
      isRetryable: true,
    });
  });

  test('that is abandoned closes the connection, so that the provider stops', async () => {
    let closed: Promise<void> | undefined;
    const { api } = await open(async (seen, response) => {
      closed = seen.closed;
      await sendPieces(response, [chunk({ content: 'a' })], { end: false });
    });
    const leaving = read(api, request, {}, (event) => {
      if (event.type === 'text-delta') throw new Error('seen enough');
    });
    await expect(leaving).rejects.toThrow('seen enough');
    await closed;
  });

  test('that is aborted throws the reason, keeps the received part, and closes the connection', async () => {
    let closed: Promise<void> | undefined;
    const { api } = await open(async (seen, response) => {
      closed = seen.closed;
      await sendPieces(response, [chunk({ content: 'a' })], { end: false });
    });
    const controller = new AbortController();
    const reason = new Error('enough');
    const seen: string[] = [];
    const reading = read(api, request, { signal: controller.signal }, ({ type }) => {
      seen.push(type);
      if (type === 'text-delta') controller.abort(reason);
    });
    await expect(reading).rejects.toBe(reason);
    expect(seen).toEqual(['response-start', 'text-delta']);
    await closed;
  });

  test('two at once are independent', async () => {
    const { api, server } = await open(async (seen, response) => {
      const { content } = seen.json().messages[0];
      await sendPieces(response, answerPieces(Array.from({ length: 20 }, () => content)), { pauseMs: 1 });
    });
    const ask = async (content: string): Promise<string> => {
      const events = await read(api, { ...request, messages: [{ role: 'user', content }] });
      return events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
    };
    expect(await Promise.all([ask('a'), ask('b'), ask('c')])).toEqual(['a'.repeat(20), 'b'.repeat(20), 'c'.repeat(20)]);
    expect(server.connections()).toBe(3);
  });

  test('the generation id of the headers is used if a chunk has none', async () => {
    const { api } = await open((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'x-generation-id': 'gen-head' });
      response.end('data: {"choices":[{"delta":{"content":"a"}}]}\n\ndata: [DONE]\n\n');
    });
    const events = await read(api, request);
    // The id is reported immediately, before there is an answer.
    expect(events[0]).toEqual({ type: 'heartbeat', generationId: 'gen-head' });
    expect(events[1]).toMatchObject({ type: 'response-start', id: 'gen-head' });
  });

  test('may be one JSON body, whatever its content type says, and a page is not one', async () => {
    const bodies = [
      JSON.stringify({ id: 'g', choices: [{ message: { content: 'ok' }, finish_reason: 'stop' }] }),
      '{"choices":[]}',
      '{"object":"error","message":"broke","code":500}',
      '<p>',
    ];
    const { api } = await open((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(bodies.shift());
    });
    expect(await read(api, request)).toContainEqual({ type: 'text-delta', text: 'ok' });
    await expect(read(api, request)).rejects.toMatchObject({ code: 'empty-reply' });
    await expect(read(api, request)).rejects.toMatchObject({ kind: 'provider', status: 500, message: 'broke' });
    await expect(read(api, request)).rejects.toMatchObject({ kind: 'network' });
  });

  test('an error hides the key, before and after the first text', async () => {
    const failure = { error: { code: 400, message: 'wrong key sk-or-v1-test-test-test' } };
    const { api, server } = await open((_, response) => {
      if (server.requests.length === 1) return sendJson(response, 400, failure);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(chunk({ content: 'a' }) + chunk({}, failure));
    });
    for (const _time of [1, 2]) {
      const error: unknown = await read(api, request).catch((reason: unknown) => reason);
      expect(String(error)).toContain('wrong key');
      expect(JSON.stringify(error) + String(error)).not.toContain('test-test');
    }
  });
});
