import { once } from 'node:events';
import { get as httpsGet } from 'node:https';
import { connect } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ClientAccess } from '../../src/gateway/clients/client-access.ts';
import { ClientKeys } from '../../src/gateway/clients/client-keys.ts';
import { type Gateway, type GatewayLimits, type GatewayOptions, startGateway } from '../../src/gateway/start-gateway.ts';
import { rawRequest } from '../support/raw-request.ts';
import { OTHER_PRIVATE_KEY, TLS_FILES } from '../support/tls-files.ts';
import { scriptedProvider, START, wireChunk } from '../support/scripted-provider.ts';

async function open(limits: Partial<GatewayLimits> = {}, more: Partial<GatewayOptions> = {}): Promise<Gateway> {
  const provider = scriptedProvider(() => [
    { type: 'chunk', data: wireChunk({ content: 'x' }, 'stop') },
    START,
    { type: 'response-end' },
  ]);
  const gateway = await startGateway({ api: provider, port: 0, now: Date.now, monotonic: () => 0, limits, ...more });
  onTestFinished(() => gateway.close());
  return gateway;
}

const statusOf = (received: string): number => Number(/^HTTP\/1\.1 (\d+)/.exec(received)?.[1]);
const get = (gateway: Gateway, ...headers: string[]): Promise<string> =>
  rawRequest(gateway.port, `GET /api/v1/models HTTP/1.1\r\n${headers.join('\r\n')}\r\nconnection: close\r\n\r\n`);

describe('access from this machine', () => {
  test.each(['localhost', 'LOCALHOST:4141', '127.0.0.1', '127.0.0.1:1', '127.1.2.3:80', '[::1]:4141'])(
    'host %s is allowed',
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
  ])('host "%s" is rejected', async (host) => {
    expect(statusOf(await get(await open(), `host: ${host}`))).toBe(403);
  });

  test.each(['https://evil.example', 'http://localhost.evil.example', 'null', 'http://192.168.1.5', 'chrome-extension://abc'])(
    'a page of %s is rejected',
    async (origin) => {
      const received = await get(await open(), 'host: localhost', `origin: ${origin}`);
      expect(statusOf(received)).toBe(403);
      expect(received.toLowerCase()).not.toContain('access-control-');
    },
  );

  test('a page of this machine may read, but only under its own origin', async () => {
    const received = await get(await open(), 'host: localhost', 'origin: http://localhost:3000');
    expect(statusOf(received)).toBe(200);
    expect(received).toContain('access-control-allow-origin: http://localhost:3000\r\n');
    expect(received).toContain('vary: Origin');
  });

  test('a preflight request is answered for this machine only', async () => {
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

  test('listens only on the loopback address', async () => {
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

describe('access from other machines', () => {
  const SECRET = 'sk-test';
  const guarded = (): Partial<GatewayOptions> => {
    const keys = new ClientKeys({ now: Date.now });
    keys.configure([{ name: 'test', secret: SECRET }]);
    return { address: '0.0.0.0', clients: new ClientAccess({ keys, now: Date.now }) };
  };
  const asked = (gateway: Gateway, host: string, ...headers: string[]): Promise<string> =>
    get(gateway, `host: ${host}`, `x-api-key: ${SECRET}`, ...headers);

  test('a gateway without keys does not start', async () => {
    await expect(open({}, { address: '0.0.0.0' })).rejects.toThrow('needs client keys');
    await expect(open({}, { address: '127.0.0.1' })).resolves.toBeDefined();
    await expect(open({}, { address: 'localhost' })).resolves.toBeDefined();
  });

  test('it answers under the configured addresses and names, and under no other', async () => {
    const gateway = await open({}, { ...guarded(), allowedHosts: ['LLM.example'] });
    const statuses = async (...hosts: string[]): Promise<number[]> =>
      Promise.all(hosts.map(async (host) => statusOf(await asked(gateway, host))));
    expect(
      await statuses('localhost', '127.0.0.1:80', '192.168.1.5:4141', '[fe80::1]:4141', 'llm.example', 'llm.EXAMPLE:443'),
    ).toEqual([200, 200, 200, 200, 200, 200]);
    expect(await statuses('evil.example', 'llm.example.evil', 'x.llm.example', '', '192.168.1.5.evil.example')).toEqual([
      403, 403, 403, 403, 403,
    ]);
    // Without a key nothing is visible.
    expect(statusOf(await get(gateway, 'host: llm.example'))).toBe(401);
  });

  test('it answers pages of configured sites', async () => {
    const gateway = await open({}, { ...guarded(), allowedOrigins: ['https://app.example'] });
    const received = await asked(gateway, 'localhost', 'origin: https://app.example');
    expect(statusOf(received)).toBe(200);
    expect(received).toContain('access-control-allow-origin: https://app.example\r\n');
    for (const origin of ['https://app.example.evil', 'http://app.example', 'https://192.168.1.5', 'null'])
      expect(statusOf(await asked(gateway, 'localhost', `origin: ${origin}`))).toBe(403);
  });
});

describe('TLS', () => {
  test('clients that know the certificate are answered, those without TLS are not', async () => {
    const gateway = await open({}, { tls: TLS_FILES });
    expect(gateway.url).toBe(`https://127.0.0.1:${gateway.port}/api/v1`);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const options = { ca: TLS_FILES.certificate, host: '127.0.0.1', port: gateway.port, path: '/v1/models' };
      httpsGet(options, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on('error', reject);
    });
    expect(status).toBe(200);
    expect(await rawRequest(gateway.port, 'GET /v1/models HTTP/1.1\r\nhost: localhost\r\n\r\n')).not.toContain('200');
  });

  test.each([
    [
      'the key of another certificate',
      { ...TLS_FILES, privateKey: OTHER_PRIVATE_KEY },
      /private key does not match the certificate/,
    ],
    ['no certificate', { ...TLS_FILES, certificate: 'text' }, /cannot use TLS/],
    ['no key', { ...TLS_FILES, privateKey: '' }, /cannot use TLS/],
  ])('%s is an error that names it, without any part of the key', async (_, tls, message) => {
    const failed = open({}, { tls });
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.toMatchObject({ kind: 'usage', hints: [expect.stringContaining('--tls-cert')] });
    await expect(failed).rejects.not.toThrow(/PRIVATE KEY/);
  });

  test('a client that begins no handshake times out', async () => {
    const gateway = await open({ headMs: 100, requestMs: 5000 }, { tls: TLS_FILES });
    expect(await rawRequest(gateway.port, '')).toBe('');
  });
});

test('an address that this machine does not have is an error with a hint', async () => {
  const keys = new ClientKeys({ now: Date.now });
  keys.configure([{ name: 'test', secret: 'x' }]);
  const failed = open({}, { address: '203.0.113.7', clients: new ClientAccess({ keys, now: Date.now }) });
  await expect(failed).rejects.toMatchObject({ kind: 'usage', hints: [expect.stringContaining('--host') as string] });
});

describe('a client that does not read', () => {
  const PIECE = 'x'.repeat(10_000);
  const endless = () => {
    const told = { events: 0, isAborted: false, isOver: false };
    const provider = scriptedProvider(async function* (_, { signal }) {
      signal!.addEventListener('abort', () => (told.isAborted = true));
      yield START;
      try {
        // As from a network: in turns of the event loop, until the request is aborted.
        while (!told.isAborted) {
          await nextTurn();
          told.events += 1;
          yield { type: 'text-delta', text: PIECE };
        }
      } finally {
        told.isOver = true;
      }
    });
    return { told, provider };
  };
  const BODY = JSON.stringify({ model: 'a/b', stream: true, messages: [{ role: 'user', content: 'x' }] });
  const REQUEST = `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nx-api-key: x\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`;
  const beginReading = async (gateway: Gateway) => {
    const socket = connect(gateway.port, '127.0.0.1', () => socket.write(REQUEST));
    onTestFinished(() => void socket.destroy());
    await once(socket, 'readable');
    return socket;
  };

  test('pauses the answer, which is not buffered in memory meanwhile', async () => {
    const { told, provider } = endless();
    const gateway = await startGateway({ api: provider, port: 0, now: Date.now, monotonic: () => 0 });
    onTestFinished(() => gateway.close());
    await beginReading(gateway);
    let before = -1;
    // The socket buffers are full once nothing more is read.
    while (told.events !== before) {
      before = told.events;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect(told.events).toBeGreaterThan(0);
    // At most a few megabytes in the kernel.
    expect(told.events * PIECE.length).toBeLessThan(32 * 1024 * 1024);
    expect(told.isOver).toBe(false);
  });

  test('is disconnected, and its request to the vendor ends', async () => {
    const { told, provider } = endless();
    const gateway = await startGateway({ api: provider, port: 0, now: Date.now, monotonic: () => 0, limits: { stallMs: 300 } });
    onTestFinished(() => gateway.close());
    const socket = await beginReading(gateway);
    await expect.poll(() => told.isOver).toBe(true);
    socket.on('error', () => undefined);
    socket.resume();
    await once(socket, 'close');
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
    '%j is not a key',
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

  test('a body with too large a content length is rejected', async () => {
    const gateway = await open({ bodyBytes: 1000 });
    const response = await post(gateway, JSON.stringify({ filler: 'x'.repeat(2000) }));
    expect(response.status).toBe(413);
    expect(await response.json()).toEqual({
      error: { message: 'the request body is larger than 1000 B', code: 413, metadata: { error_type: 'payload_too_large' } },
    });
  });

  test('a body that grows too large is rejected', async () => {
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

  test('the connection survives a rejected body', async () => {
    const gateway = await open({ bodyBytes: 10 });
    const body = 'x'.repeat(50);
    const received = await rawRequest(
      gateway.port,
      `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nx-api-key: x\r\ncontent-length: 50\r\n\r\n${body}GET /v1/models HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`,
    );
    expect(received.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 200']);
  });

  test('a connection without a request is closed, and one with a request is not', async () => {
    const gateway = await open({ headMs: 300, requestMs: 5000 });
    const kept = connect(gateway.port, '127.0.0.1');
    let received = '';
    kept.on('data', (piece: Buffer) => (received += piece.toString()));
    const ask = (): boolean => kept.write('GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n');
    ask();
    const silent = connect(gateway.port, '127.0.0.1').resume();
    await once(silent, 'close');
    ask();
    await expect.poll(() => received.match(/HTTP\/1\.1 200/g)?.length).toBe(2);
    kept.destroy();
  });

  test('endless headers time out', async () => {
    const gateway = await open({ headMs: 100, requestMs: 5000 });
    expect(statusOf(await rawRequest(gateway.port, 'GET /api/v1/models HTTP/1.1\r\nhost: localhost\r\nx-slow: '))).toBe(408);
  });

  test('an endless body times out', async () => {
    const gateway = await open({ headMs: 100, requestMs: 200 });
    const received = await rawRequest(
      gateway.port,
      'POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nx-api-key: x\r\ncontent-length: 50\r\n\r\n{"mod',
    );
    expect(statusOf(received)).toBe(408);
  });

  test('too many headers are rejected', async () => {
    const gateway = await open();
    const flood = Array.from({ length: 320 }, (_, index) => `x-${index}: ${'y'.repeat(50)}`).join('\r\n');
    expect(statusOf(await rawRequest(gateway.port, `GET /api/v1/models HTTP/1.1\r\nhost: localhost\r\n${flood}\r\n\r\n`))).toBe(
      431,
    );
  });
});

test('a port in use is an error with a hint', async () => {
  const gateway = await open();
  const second = startGateway({ api: scriptedProvider(() => []), port: gateway.port, now: Date.now, monotonic: () => 0 });
  await expect(second).rejects.toMatchObject({ kind: 'usage', hints: [expect.stringContaining('--port 0') as string] });
});
