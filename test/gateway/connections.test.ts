import { connect, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Api } from '../../src/apis/api.ts';
import type { ServedRequest } from '../../src/core/serve/served-request.ts';
import { type Gateway, type GatewayLimits, startGateway } from '../../src/gateway/start-gateway.ts';
import { rawRequest } from '../support/raw-request.ts';
import { scriptedProvider, START } from '../support/scripted-provider.ts';

const ASK = { model: 'a/text', messages: [{ role: 'user', content: 'hi' }], max_tokens: 5 };
const COUNT = 'GET /v1/models/count HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n';

interface Opened extends Gateway {
  entries: ServedRequest[];
  /** The reasons with which requests to the provider were aborted. */
  aborted: unknown[];
  asked: () => number;
}

/** Starts a gateway whose provider begins an answer, after it for a stream, and never ends it. */
async function open(limits: Partial<GatewayLimits> = {}): Promise<Opened> {
  const entries: ServedRequest[] = [];
  const aborted: unknown[] = [];
  const api = scriptedProvider(async function* ({ stream }, { signal }) {
    if (stream) yield START;
    if (stream) yield { type: 'text-delta', text: 'Hello' };
    await new Promise((resolve) => (signal!.aborted ? resolve(0) : signal!.addEventListener('abort', resolve, { once: true })));
    aborted.push((signal!.reason as { code: string }).code);
    throw signal!.reason;
  });
  const gateway = await startGateway({
    api: api as Api,
    port: 0,
    now: Date.now,
    monotonic: () => 0,
    observers: [{ end: (entry) => void entries.push(entry) }],
    limits,
  });
  onTestFinished(() => gateway.close());
  return { ...gateway, entries, aborted, asked: () => api.asked.length };
}

function post(path: string, body: object, more = ''): string {
  const text = JSON.stringify(body);
  return `POST ${path} HTTP/1.1\r\nhost: localhost\r\nx-api-key: x\r\n${more}content-length: ${text.length}\r\n\r\n${text}`;
}

function send(gateway: Gateway, text: string): { socket: Socket; received: () => string; closed: Promise<void> } {
  const socket = connect(gateway.port, '127.0.0.1', () => socket.write(text));
  let received = '';
  socket.on('data', (piece: Buffer) => (received += piece.toString())).on('error', () => undefined);
  return { socket, received: () => received, closed: new Promise((resolve) => socket.on('close', () => resolve())) };
}

const states = ({ entries }: Opened): unknown[] =>
  entries
    .map(({ path, status, failure }) => [path, status, failure])
    .sort((one, other) => (String(one) < String(other) ? -1 : 1));

describe('pipelined requests', () => {
  test('all end when their connection closes, also those whose reply has not begun', async () => {
    const gateway = await open();
    const { socket } = send(gateway, post('/v1/chat/completions', ASK) + post('/v1/messages', ASK) + COUNT);
    await expect.poll(gateway.asked).toBe(2);
    socket.destroy();
    await expect.poll(() => gateway.aborted).toEqual(['client-gone', 'client-gone']);
    await expect
      .poll(() => states(gateway))
      .toEqual([
        ['/v1/chat/completions', 499, 'caller.cancelled'],
        ['/v1/messages', 499, 'caller.cancelled'],
        ['/v1/models/count', 499, 'caller.cancelled'],
      ]);
  });

  test('are each logged once if all are answered', async () => {
    const gateway = await open();
    const received = await rawRequest(gateway.port, COUNT.replace('connection: close\r\n', '').repeat(2) + COUNT);
    expect(received.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 200']);
    await expect.poll(() => gateway.entries.map(({ status }) => status)).toEqual([200, 200, 200]);
  });
});

describe('a request that is not valid HTTP', () => {
  const CHUNKED = 'host: localhost\r\nx-api-key: x\r\ntransfer-encoding: chunked\r\n\r\n';
  const replyTo = async (gateway: Gateway, text: string): Promise<[string, any]> => {
    const received = await rawRequest(gateway.port, text);
    return [received.split('\r\n')[0]!, JSON.parse(received.slice(received.indexOf('\r\n\r\n'))).error.message];
  };

  test.each([
    ['garbage\r\n\r\n', 'HTTP/1.1 400 Bad Request', 'the request is not valid HTTP'],
    [
      `GET /v1/models HTTP/1.1\r\nhost: localhost\r\nx: ${'x'.repeat(17_000)}\r\n\r\n`,
      'HTTP/1.1 431 Request Header Fields Too Large',
      'the headers of the request are too large',
    ],
  ])('gets an error with a reason: %#', async (text, status, message) => {
    expect(await replyTo(await open(), text)).toEqual([status, message]);
  });

  test('is logged with the status that its client got', async () => {
    const gateway = await open();
    expect(await replyTo(gateway, `POST /v1/messages HTTP/1.1\r\n${CHUNKED}zz\r\n`)).toEqual([
      'HTTP/1.1 400 Bad Request',
      'the request is not valid HTTP',
    ]);
    expect(states(gateway)).toEqual([['/v1/messages', 400, 'caller.invalid_request']]);
  });

  test('is one that arrives too slowly', async () => {
    const gateway = await open({ headMs: 100, requestMs: 200 });
    const reply = await replyTo(gateway, `POST /v1/chat/completions HTTP/1.1\r\n${CHUNKED}5\r\n{"mod\r\n`);
    expect(reply).toEqual(['HTTP/1.1 408 Request Timeout', 'the request did not arrive completely in time']);
    expect(states(gateway)).toEqual([['/v1/chat/completions', 408, 'caller.invalid_request']]);
  });

  test('does not corrupt an answer that has begun', async () => {
    const gateway = await open();
    const { received, closed, socket } = send(gateway, post('/v1/chat/completions', { ...ASK, stream: true }));
    await expect.poll(received).toContain('Hello');
    socket.write('garbage\r\n\r\n');
    await closed;
    expect(received()).not.toContain('not valid');
    await expect.poll(() => gateway.aborted).toEqual(['client-gone']);
  });
});

test('the target of a request may be a complete URL, whose host is checked', async () => {
  const gateway = await open();
  const get = (target: string): Promise<string> => rawRequest(gateway.port, COUNT.replace('/v1/models/count', target));
  expect(await get('http://LOCALHOST:4141/v1/models/count?x=1')).toContain('{"data":{"count":0}}');
  expect(await get('http://evil.example/v1/models/count')).toMatch(/^HTTP\/1\.1 403 /);
  expect(await get('http://localhost?x=1')).toContain('unknown path /"');
  expect(gateway.entries.map(({ path }) => path)).toEqual(['/v1/models/count', '/v1/models/count', '/']);
});

test('a path without a route gets an error in the dialect of its neighbors', async () => {
  const gateway = await open();
  const get = async (path: string): Promise<any> => (await fetch(gateway.origin + path)).json();
  for (const path of ['/v1beta/files', '/v1beta/models/%zz', '/v1beta/models/%zz:generateContent', '/v1beta/modelsx'])
    expect(await get(path)).toMatchObject({ error: { status: expect.stringMatching(/^(?:NOT_FOUND|INVALID_ARGUMENT)$/) } });
  const reply = await fetch(`${gateway.origin}/v1/messages/batches`);
  expect(await reply.json()).toMatchObject({
    type: 'error',
    error: { type: 'not_found_error' },
    request_id: reply.headers.get('request-id'),
  });
  expect(await get('/v1/responses/resp_1')).toMatchObject({ error: { type: 'invalid_request_error', code: 'not_found' } });
  expect(await get('/v1/files')).toMatchObject({ error: { code: 404 } });
});

describe('a gateway that is closed', () => {
  const PATHS = ['/v1/chat/completions', '/v1/messages', '/v1/responses', '/v1beta/models/a%2Ftext:generateContent'];

  test('tells clients that wait for an answer, in every dialect', async () => {
    const gateway = await open();
    const replies = PATHS.map((path) =>
      send(gateway, post(path, { ...ASK, input: 'hi', contents: [{ parts: [{ text: 'hi' }] }] })),
    );
    await expect.poll(gateway.asked).toBe(4);
    await gateway.close();
    for (const { received, closed } of replies) {
      await closed;
      expect(received()).toMatch(/^HTTP\/1\.1 (?:503|529) .*the gateway is shutting down/s);
    }
    expect(gateway.aborted).toEqual(Array.from({ length: 4 }, () => 'shutting-down'));
    expect(gateway.entries.map(({ failure }) => failure)).toEqual(Array.from({ length: 4 }, () => 'gateway.dropped'));
  });

  test('ends streams with an error', async () => {
    const gateway = await open();
    const replies = [
      ...PATHS.slice(0, 3).map((path) => send(gateway, post(path, { ...ASK, input: 'hi', stream: true }))),
      send(gateway, post('/v1beta/models/a%2Ftext:streamGenerateContent', { contents: [{ parts: [{ text: 'hi' }] }] })),
    ];
    await expect.poll(() => replies.every(({ received }) => received().includes('Hello'))).toBe(true);
    await gateway.close();
    for (const { received, closed } of replies) {
      await closed;
      expect(received()).toMatch(/the gateway is shutting down.*\r\n0\r\n\r\n$/s);
    }
    expect(gateway.entries.map(({ status, failure }) => [status, failure])).toEqual(
      Array.from({ length: 4 }, () => [200, 'gateway.dropped']),
    );
  });

  test('waits only briefly for a client that does not send its request', async () => {
    const gateway = await open();
    const { closed } = send(gateway, post('/v1/chat/completions', ASK).slice(0, -5));
    await expect.poll(async () => (await fetch(`${gateway.origin}/health`)).status).toBe(200);
    await gateway.close();
    await closed;
    expect(gateway.entries.at(-1)).toMatchObject({ status: 499, failure: 'gateway.dropped' });
  });
});
