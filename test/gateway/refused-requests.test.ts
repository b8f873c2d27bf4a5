import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ServedRequest } from '../../src/core/serve/served-request.ts';
import { OrxError } from '../../src/errors.ts';
import { type Gateway, startGateway } from '../../src/gateway/start-gateway.ts';
import type { Api } from '../../src/apis/api.ts';
import { rawRequest } from '../support/raw-request.ts';
import { scriptedProvider, START } from '../support/scripted-provider.ts';

const ASK = { model: 'a/text', messages: [{ role: 'user', content: 'hi' }], max_tokens: 5 };
const DIALECTS = ['/v1/chat/completions', '/v1/messages', '/v1/responses', '/v1beta/models/a%2Ftext:generateContent'];

async function open(more: { bodyBytes?: number; api?: Api } = {}): Promise<Gateway & { entries: ServedRequest[] }> {
  const entries: ServedRequest[] = [];
  const gateway = await startGateway({
    api:
      more.api ??
      scriptedProvider(() => [START, { type: 'text-delta', text: 'Hello' }, { type: 'response-end', finishReason: 'stop' }]),
    port: 0,
    now: Date.now,
    monotonic: () => 0,
    observers: [{ end: (entry) => void entries.push(entry) }],
    limits: { bodyBytes: more.bodyBytes ?? 100_000 },
  });
  onTestFinished(() => gateway.close());
  return { ...gateway, entries };
}

async function post(
  gateway: Gateway,
  body: string | Buffer,
  encoding: string,
  path = '/v1/chat/completions',
): Promise<{ status: number; body: any; headers: Headers }> {
  const response = await fetch(gateway.origin + path, {
    method: 'POST',
    headers: { 'x-api-key': 'any', 'content-encoding': encoding },
    body,
    duplex: 'half',
  } as RequestInit);
  return { status: response.status, body: await response.json(), headers: response.headers };
}

describe('a compressed request body', () => {
  const text = JSON.stringify(ASK);

  test.each([
    ['gzip', gzipSync(text)],
    ['X-GZIP', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['br', brotliCompressSync(text)],
    ['identity', Buffer.from(text)],
  ])('is decoded: %s', async (encoding, body) => {
    const gateway = await open();
    const reply = await post(gateway, body, encoding);
    expect(reply).toMatchObject({ status: 200, body: { choices: [{ message: { content: 'Hello' } }] } });
    expect(gateway.entries).toMatchObject([{ model: 'a/text', status: 200 }]);
  });

  test.each(['zstd', 'foo', 'gzip, br', '__proto__'])('in the encoding %s gets 415 in every dialect', async (encoding) => {
    const gateway = await open();
    for (const path of DIALECTS) {
      const { status, body, headers } = await post(gateway, text, encoding, path);
      expect([path, status]).toEqual([path, 415]);
      expect(body.error.message).toBe(`the request body has the content encoding ${encoding}; use one of gzip, deflate, br`);
      expect(headers.get('accept-encoding')).toBe('gzip, deflate, br');
    }
    expect(gateway.entries.map(({ status }) => status)).toEqual([415, 415, 415, 415]);
  });

  test.each([
    ['no gzip', 'gzip', Buffer.from(text)],
    ['cut off', 'gzip', gzipSync(text).subarray(0, -12)],
    ['damaged', 'deflate', Buffer.concat([deflateSync(text).subarray(0, 20), Buffer.alloc(30, 255)])],
    ['no brotli', 'br', Buffer.alloc(40, 255)],
  ])('that is damaged gets 400: %s', async (_, encoding, body) => {
    const gateway = await open();
    expect(await post(gateway, body, encoding)).toMatchObject({
      status: 400,
      body: { error: { message: `the request body is not valid ${encoding} data, or is incomplete` } },
    });
    expect(gateway.entries).toMatchObject([{ status: 400, failure: 'caller.invalid_request' }]);
  });

  test('is limited after decompression, and the rest is dropped', async () => {
    const gateway = await open({ bodyBytes: 100_000 });
    const bomb = gzipSync(Buffer.alloc(60_000_000, 32));
    expect(bomb.length).toBeLessThan(100_000);
    expect(await post(gateway, bomb, 'gzip')).toMatchObject({
      status: 413,
      body: { error: { metadata: { error_type: 'payload_too_large' } } },
    });
    // The connection and the gateway still work.
    const packed = gzipSync(Buffer.alloc(60_000_000, 32)).toString('latin1');
    const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nx-api-key: x\r\ncontent-encoding: gzip\r\ncontent-length: ${packed.length}\r\n\r\n`;
    const received = await rawRequest(
      gateway.port,
      Buffer.from(`${head}${packed}GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`, 'latin1'),
    );
    expect(received.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 200']);
  });
});

test('an unknown expectation gets 417 in the dialect, with a request id and a log entry', async () => {
  const gateway = await open();
  const ask = (path: string, expectation: string): Promise<string> =>
    rawRequest(
      gateway.port,
      `POST ${path} HTTP/1.1\r\nhost: localhost\r\nx-api-key: x\r\nexpect: ${expectation}\r\nx-request-id: mine\r\nconnection: close\r\ncontent-length: ${JSON.stringify(ASK).length}\r\n\r\n${JSON.stringify(ASK)}`,
    );
  for (const path of DIALECTS) {
    const received = await ask(path, 'foo');
    expect(received).toMatch(/^HTTP\/1\.1 417 .*\r\nx-request-id: mine\r\n/s);
    const message = 'the gateway does not support the expectation foo; use 100-continue, or no Expect header';
    expect(JSON.parse(received.slice(received.indexOf('\r\n\r\n')))).toMatchObject({ error: { message } });
  }
  expect(gateway.entries.map(({ id, status, failure }) => [id, status, failure])).toEqual(
    DIALECTS.map(() => ['mine', 417, 'caller.invalid_request']),
  );
  expect((await ask(DIALECTS[0]!, '100-continue')).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 100', 'HTTP/1.1 200']);
});

describe('a very long name', () => {
  const long = 'x'.repeat(90_000);

  test.each([
    ['/v1/chat/completions', { ...ASK, model: long }],
    ['/v1/chat/completions', { ...ASK, models: ['a/text', long] }],
    ['/v1/messages', { ...ASK, model: long }],
    ['/v1/messages/count_tokens', { ...ASK, model: long }],
    ['/v1/responses', { model: long, input: 'hi' }],
  ])('of a model is refused without repeating it: %s', async (path, body) => {
    const gateway = await open();
    const reply = await post(gateway, JSON.stringify(body), 'identity', path);
    expect([reply.status, reply.body.error.message]).toEqual([
      400,
      'the name of the model has 90000 characters; the maximum is 500',
    ]);
    expect(
      JSON.stringify(gateway.entries[0], (_, value: unknown) => (value instanceof Error ? value.message : value)).length,
    ).toBeLessThan(2000);
  });

  test('in an error of a provider, or in a path, is shortened', async () => {
    const error = new OrxError(`unknown ${long}`, { kind: 'usage', wire: { message: `unknown ${long}`, code: 400 } });
    const fails = scriptedProvider(() => {
      throw error;
    });
    const gateway = await open({ api: fails });
    for (const path of DIALECTS.slice(0, 3)) {
      const { body } = await post(gateway, JSON.stringify({ ...ASK, input: 'hi' }), 'identity', path);
      expect(body.error.message).toMatch(/^unknown x{160}…x{40}$/);
    }
    const reply = await fetch(`${gateway.origin}/v1/${long.slice(0, 5000)}`);
    expect((await reply.text()).length).toBeLessThan(1000);
    expect(gateway.entries.at(-1)!.path.length).toBeLessThan(300);
  });
});

test('a reply that is not from an API is a failure of the gateway’s target, whatever its status', async () => {
  const wire = { message: 'Not Found', code: 404 };
  const api = scriptedProvider(() => {
    throw new OrxError('no API at this URL (HTTP 404: Not Found)', { kind: 'network', code: 'not-the-api', status: 404, wire });
  });
  const { status, body } = await post(await open({ api }), JSON.stringify(ASK), 'identity');
  expect([status, body]).toEqual([
    502,
    { error: { message: 'no API at this URL (HTTP 404: Not Found)', code: 502, metadata: { error_type: 'not-the-api' } } },
  ]);
});

test('an error that cannot be written is an internal one, and the gateway goes on', async () => {
  const wire = { message: 'too many', code: 400, metadata: { count: 1n } };
  const api = scriptedProvider(() => {
    throw new OrxError('too many', { kind: 'usage', status: 400, wire });
  });
  const gateway = await open({ api });
  for (const path of DIALECTS.slice(0, 2)) {
    const { status, body } = await post(gateway, JSON.stringify(ASK), 'identity', path);
    expect([status, body]).toMatchObject([500, { error: { message: 'Internal Server Error' } }]);
  }
  expect(gateway.entries.map(({ status, failure }) => [status, failure])).toEqual([
    [500, 'gateway.internal'],
    [500, 'gateway.internal'],
  ]);
});
