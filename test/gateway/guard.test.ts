import { connect } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Gateway, type GatewayLimits, startGateway } from '../../src/gateway/start-gateway.ts';
import { rawRequest } from '../support/raw-request.ts';
import { scriptedProvider, START, wireChunk } from '../support/scripted-provider.ts';

async function open(limits: Partial<GatewayLimits> = {}): Promise<Gateway> {
  const provider = scriptedProvider(() => [
    { type: 'chunk', data: wireChunk({ content: 'x' }, 'stop') },
    START,
    { type: 'response-end' },
  ]);
  const gateway = await startGateway({ api: provider, port: 0, now: Date.now, monotonic: () => 0, limits });
  onTestFinished(() => gateway.close());
  return gateway;
}

const statusOf = (received: string): number => Number(/^HTTP\/1\.1 (\d+)/.exec(received)?.[1]);
const get = (gateway: Gateway, ...headers: string[]): Promise<string> =>
  rawRequest(gateway.port, `GET /api/v1/models HTTP/1.1\r\n${headers.join('\r\n')}\r\nconnection: close\r\n\r\n`);

describe('neighbors', () => {
  test.each(['localhost', 'LOCALHOST:4141', '127.0.0.1', '127.0.0.1:1', '127.1.2.3:80', '[::1]:4141'])(
    'host %s is let in',
    async (host) => {
      expect(statusOf(await get(await open(), `host: ${host}`))).toBe(200);
    },
  );

  test.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '192.168.1.5:4141',
    '0.0.0.0',
    'evil.example:4141',
    '',
  ])('host "%s" is turned away', async (host) => {
    expect(statusOf(await get(await open(), `host: ${host}`))).toBe(403);
  });

  test.each(['https://evil.example', 'http://localhost.evil.example', 'null', 'http://192.168.1.5', 'chrome-extension://abc'])(
    'a page of %s is turned away',
    async (origin) => {
      const received = await get(await open(), 'host: localhost', `origin: ${origin}`);
      expect(statusOf(received)).toBe(403);
      expect(received.toLowerCase()).not.toContain('access-control-');
    },
  );

  test('a page of this machine may read, under its own name only', async () => {
    const received = await get(await open(), 'host: localhost', 'origin: http://localhost:3000');
    expect(statusOf(received)).toBe(200);
    expect(received).toContain('access-control-allow-origin: http://localhost:3000\r\n');
    expect(received).toContain('vary: Origin');
  });

  test('the question before a request is answered for this machine only', async () => {
    const gateway = await open();
    const ask = (origin: string): Promise<string> =>
      rawRequest(
        gateway.port,
        `OPTIONS /api/v1/chat/completions HTTP/1.1\r\nhost: localhost\r\norigin: ${origin}\r\naccess-control-request-method: POST\r\naccess-control-request-headers: authorization\r\nconnection: close\r\n\r\n`,
      );
    const own = await ask('http://127.0.0.1:5173');
    expect(statusOf(own)).toBe(204);
    expect(own).toContain('access-control-allow-headers: authorization\r\n');
    expect(statusOf(await ask('https://evil.example'))).toBe(403);
  });

  test('listens on the loopback address alone', async () => {
    const gateway = await open();
    expect(gateway.origin).toBe(`http://127.0.0.1:${gateway.port}`);
    const { networkInterfaces } = await import('node:os');
    const others = Object.values(networkInterfaces())
      .flat()
      .filter((address) => address?.family === 'IPv4' && !address.internal);
    for (const other of others) {
      const reached = await new Promise<boolean>((resolve) => {
        const socket = connect(gateway.port, other!.address, () => resolve(true));
        socket.on('error', () => resolve(false));
        socket.on('connect', () => socket.destroy());
      });
      expect(reached).toBe(false);
    }
  });
});

describe('keys', () => {
  const BODY = JSON.stringify({ model: 'a/b', messages: [{ role: 'user', content: 'x' }] });
  const post = async (headers: Record<string, string>): Promise<Response> => {
    const gateway = await open();
    return fetch(`${gateway.url}/chat/completions`, { method: 'POST', headers, body: BODY });
  };

  test.each([{ authorization: 'Bearer sk-or-v1-x' }, { authorization: 'bearer  x' }, { 'x-api-key': 'x' }])(
    '%j is a key',
    async (headers) => {
      expect((await post(headers as Record<string, string>)).status).toBe(200);
    },
  );

  test.each([{}, { authorization: '' }, { authorization: 'Bearer' }, { authorization: 'Basic x' }, { 'x-api-key': ' ' }])(
    '%j is none',
    async (headers) => {
      const response = await post(headers as Record<string, string>);
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ error: { message: 'No auth credentials found', code: 401 } });
    },
  );

  test('the catalogue needs none, the account does', async () => {
    const gateway = await open();
    const statuses = await Promise.all(
      ['models', 'models/count', 'models/a/b/endpoints', 'key', 'credits', 'generation?id=x'].map(
        async (path) => (await fetch(`${gateway.url}/${path}`)).status,
      ),
    );
    expect(statuses).toEqual([200, 200, 200, 401, 401, 401]);
  });
});

describe('limits', () => {
  const post = (gateway: Gateway, body: string | ReadableStream): Promise<Response> =>
    fetch(`${gateway.url}/chat/completions`, {
      method: 'POST',
      headers: { 'x-api-key': 'x' },
      body,
      duplex: 'half',
    } as RequestInit);

  test('a body that is announced too long is refused', async () => {
    const gateway = await open({ bodyBytes: 1000 });
    const response = await post(gateway, JSON.stringify({ filler: 'x'.repeat(2000) }));
    expect(response.status).toBe(413);
    expect(await response.json()).toEqual({
      error: { message: 'the request body is larger than 1000 B', code: 413, metadata: { error_type: 'payload_too_large' } },
    });
  });

  test('a body that grows too long is refused', async () => {
    const gateway = await open({ bodyBytes: 100_000 });
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (sent >= 500_000) return controller.close();
        sent += 10_000;
        controller.enqueue(new Uint8Array(10_000).fill(32));
      },
    });
    expect((await post(gateway, body)).status).toBe(413);
  });

  test('the connection survives a refused body', async () => {
    const gateway = await open({ bodyBytes: 10 });
    const body = 'x'.repeat(50);
    const received = await rawRequest(
      gateway.port,
      `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nx-api-key: x\r\ncontent-length: 50\r\n\r\n${body}GET /v1/models HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`,
    );
    expect(received.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 200']);
  });

  test('a head that does not end is not waited for', async () => {
    const gateway = await open({ headMs: 100, requestMs: 5000 });
    expect(statusOf(await rawRequest(gateway.port, 'GET /api/v1/models HTTP/1.1\r\nhost: localhost\r\nx-slow: '))).toBe(408);
  });

  test('a body that does not end is not waited for', async () => {
    const gateway = await open({ headMs: 100, requestMs: 200 });
    const received = await rawRequest(
      gateway.port,
      'POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nx-api-key: x\r\ncontent-length: 50\r\n\r\n{"mod',
    );
    expect(statusOf(received)).toBe(408);
  });

  test('a flood of headers is refused', async () => {
    const gateway = await open();
    const flood = Array.from({ length: 320 }, (_, index) => `x-${index}: ${'y'.repeat(50)}`).join('\r\n');
    expect(statusOf(await rawRequest(gateway.port, `GET /api/v1/models HTTP/1.1\r\nhost: localhost\r\n${flood}\r\n\r\n`))).toBe(
      431,
    );
  });
});

test('a taken port is an error that says what to do', async () => {
  const gateway = await open();
  const second = startGateway({ api: scriptedProvider(() => []), port: gateway.port, now: Date.now, monotonic: () => 0 });
  await expect(second).rejects.toMatchObject({ kind: 'usage', hints: [expect.stringContaining('--port 0') as string] });
});
