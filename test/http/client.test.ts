import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createHttpClient, type HttpClient } from '../../src/http/client.ts';
import { type HttpLimits } from '../../src/http/limits.ts';
import { readText } from '../../src/http/read-body.ts';
import { type Handler, startApiServer } from '../support/api-server.ts';
import { startHttpProxy } from '../support/proxies.ts';
import { pause, turns } from '../support/turns.ts';

/** Longer than any test; tests of a limit set it themselves. */
const LIMITS: HttpLimits = { connectMs: 300_000, firstByteMs: 300_000, idleMs: 300_000 };

function client(limits: Partial<HttpLimits> = {}, proxy?: string): HttpClient {
  const made = createHttpClient({ limits: { ...LIMITS, ...limits }, proxy, env: {} });
  onTestFinished(() => made.close());
  return made;
}

const get = (url: string, signal?: AbortSignal) => ({ method: 'GET' as const, url: new URL(url), headers: {}, signal });

async function serve(handler: Handler): Promise<Awaited<ReturnType<typeof startApiServer>>> {
  return startApiServer(handler);
}

describe('a reply', () => {
  test('has status, headers and body', async () => {
    const server = await serve((seen, response) => {
      response.writeHead(418, { 'x-one': ['a', 'b'], 'content-type': 'text/plain' });
      response.end(`${seen.method} ${seen.url} ${seen.body}`);
    });
    const reply = await client().send({
      method: 'POST',
      url: new URL(`${server.url}/x?y=1`),
      headers: { 'x-in': '1' },
      body: 'ä',
    });
    expect(reply.status).toBe(418);
    expect(reply.headers).toMatchObject({ 'x-one': 'a, b', 'content-type': 'text/plain' });
    expect(await readText(reply.body, 1000)).toBe('POST /api/v1/x?y=1 ä');
    expect(server.requests[0]?.headers['x-in']).toBe('1');
  });

  test('several in sequence use one connection', async () => {
    const server = await serve((_, response) => void response.end('ok'));
    const http = client();
    for (let count = 0; count < 5; count += 1) {
      expect(await readText((await http.send(get(server.url))).body, 10)).toBe('ok');
      // undici checks a connection that became idle again before it reuses it.
      await turns();
    }
    expect(server.connections()).toBe(1);
  });

  test('abandoned near its end leaves the connection usable', async () => {
    let isLeft = (): void => undefined;
    const server = await serve(async (_, response) => {
      response.write('first');
      await new Promise<void>((resolve) => (isLeft = resolve));
      response.end('rest');
    });
    const http = client();
    for (let count = 0; count < 3; count += 1) {
      const reply = await http.send(get(server.url));
      for await (const piece of reply.body) {
        expect(Buffer.from(piece).toString()).toBe('first');
        break;
      }
      isLeft();
      await turns();
    }
    expect(server.connections()).toBe(1);
  });

  test('redirects are returned, not followed', async () => {
    const other = await serve((_, response) => void response.end('caught'));
    const server = await serve((_, response) => void response.writeHead(302, { location: other.url }).end());
    const reply = await client().send({ ...get(server.url), headers: { authorization: 'Bearer secret' } });
    expect(reply.status).toBe(302);
    expect(other.requests).toHaveLength(0);
  });

  test('larger than its reader allows is an error', async () => {
    const server = await serve((_, response) => void response.end('x'.repeat(5000)));
    const reply = await client().send(get(server.url));
    await expect(readText(reply.body, 4000)).rejects.toMatchObject({ kind: 'network', code: 'too-large' });
  });

  test('with too many headers is an error', async () => {
    const server = await serve((_, response) => void response.writeHead(200, { 'x-flood': 'x'.repeat(200_000) }).end());
    await expect(client().send(get(server.url))).rejects.toMatchObject({ kind: 'network', code: 'header-flood' });
  });

  test('waits while nobody reads it, and is complete once somebody does', async () => {
    const size = 20 * 1024 * 1024;
    let written = 0;
    const server = await serve(async (_, response) => {
      const piece = Buffer.alloc(64 * 1024, 'x');
      for (; written < size; written += piece.length) {
        if (!response.write(piece)) await new Promise((resolve) => response.once('drain', resolve));
      }
      response.end();
    });
    const reply = await client().send(get(server.url));
    let before = -1;
    await expect.poll(() => (before === written ? true : ((before = written), false)), { interval: 200 }).toBe(true);
    expect(written).toBeLessThan(size);
    let read = 0;
    for await (const piece of reply.body) read += piece.length;
    expect(read).toBe(size);
  });
});

describe('time limits', () => {
  test('first byte', async () => {
    const server = await serve(() => undefined);
    await expect(client({ firstByteMs: 200 }).send(get(server.url))).rejects.toMatchObject({
      kind: 'network',
      code: 'first-byte-timeout',
    });
  });

  test('idle, with the received part', async () => {
    const server = await serve((_, response) => void response.write('part'));
    const reply = await client({ idleMs: 1000 }).send(get(server.url));
    let text = '';
    const reading = (async () => {
      for await (const piece of reply.body) text += Buffer.from(piece).toString();
    })();
    await expect(reading).rejects.toMatchObject({ kind: 'network', code: 'idle-timeout' });
    expect(text).toBe('part');
  });

  test('any byte resets the idle timeout', async () => {
    const server = await serve(async (_, response) => {
      for (let count = 0; count < 8; count += 1) {
        response.write(':\n');
        await pause(300);
      }
      response.end('done');
    });
    const reply = await client({ idleMs: 2000 }).send(get(server.url));
    expect(await readText(reply.body, 1000)).toContain('done');
  });

  test('connection', async () => {
    // A socket that accepts nothing: the only slot in its queue is taken.
    const server = createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 });
    await new Promise((resolve) => server.once('listening', resolve));
    onTestFinished(() => void server.close());
    const error = await client({ connectMs: 300 })
      .send(get(`https://127.0.0.1:${(server.address() as AddressInfo).port}/`))
      .catch((reason: unknown) => reason);
    // The TLS handshake is part of connecting, and this server never answers it.
    expect(error).toMatchObject({ kind: 'network', code: 'connect-timeout' });
  });
});

describe('abort', () => {
  test('before the reply', async () => {
    const server = await serve(() => undefined);
    const controller = new AbortController();
    const sending = client().send(get(server.url, controller.signal));
    await expect.poll(() => server.requests.length).toBe(1);
    controller.abort(new Error('enough'));
    await expect(sending).rejects.toThrow('enough');
  });

  test('mid-reply closes the connection to the server and throws the reason', async () => {
    let closed: Promise<void> | undefined;
    const server = await serve((seen, response) => {
      closed = seen.closed;
      response.write('part');
    });
    const controller = new AbortController();
    const reply = await client().send(get(server.url, controller.signal));
    const reading = readText(reply.body, 1000);
    await turns();
    controller.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
    await closed;
  });

  test('before anything was sent sends nothing', async () => {
    const server = await serve((_, response) => void response.end());
    await expect(client().send(get(server.url, AbortSignal.abort(new Error('enough'))))).rejects.toThrow('enough');
    expect(server.requests).toHaveLength(0);
  });

  test('a closed client sends nothing more', async () => {
    let count = 0;
    const server = await serve((_, response) => {
      count += 1;
      response.end('whole');
    });
    const http = client();
    expect(await readText((await http.send(get(server.url))).body, 100)).toBe('whole');
    await http.close();
    await expect(http.send(get(server.url))).rejects.toMatchObject({ kind: 'interrupted' });
    expect(count).toBe(1);
  });

  test('cancel closes the connection to the server', async () => {
    let closed: Promise<void> | undefined;
    const server = await serve((seen, response) => {
      closed = seen.closed;
      response.write('part');
    });
    const reply = await client().send(get(server.url));
    reply.cancel();
    await closed;
    await expect(readText(reply.body, 100)).rejects.toThrow();
  });
});

describe('the first request', () => {
  const startClient = (proxy?: string) => {
    const told: string[] = [];
    const [onFirstUse, onFirstRequest] = ['use', 'request'].map((name) => () => void told.push(name));
    const http = createHttpClient({ limits: LIMITS, proxy, env: {}, onFirstUse, onFirstRequest });
    onTestFinished(() => http.close());
    return { told, http };
  };

  test('is told once, after it was written and before its reply', async () => {
    const { told, http } = startClient();
    let isReceived = (): void => undefined;
    const received = new Promise<void>((resolve) => (isReceived = resolve));
    const server = await serve((_, response) => {
      isReceived();
      response.end('ok');
    });
    const sent = { ...get(server.url), onConnected: () => void told.push('connected') };
    const replied = http.send(sent).then(() => told.push('reply'));
    await received;
    await replied;
    await http.send(get(server.url));
    expect(told).toEqual(['use', 'connected', 'request', 'reply']);
  });

  test('is told before a proxy is asked, because the proxy replies first', async () => {
    const proxy = await startHttpProxy();
    const { told, http } = startClient(`http://127.0.0.1:${proxy.port}`);
    const server = await serve((_, response) => void response.end('ok'));
    await http.send({ ...get(server.url), onConnected: () => void told.push('connected') });
    expect(told.slice(0, 3)).toEqual(['use', 'request', 'connected']);
    expect(proxy.asked).toHaveLength(1);
  });

  test('is only told if it was sent', async () => {
    const { told, http } = startClient();
    await expect(http.send(get('http://no-such-host.invalid/'))).rejects.toThrow();
    expect(told).toEqual(['use']);
  });
});

describe('network failures', () => {
  test('refused', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    await expect(client().send(get(`http://127.0.0.1:${port}/`))).rejects.toMatchObject({ kind: 'network', code: 'refused' });
  });

  test('no such host', async () => {
    await expect(client().send(get('http://no-such-host.invalid/'))).rejects.toMatchObject({ kind: 'network', code: 'dns' });
  });

  test('cut mid-reply', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      // Once the piece is sent, the connection can be cut.
      response.write('part', () => response.destroy());
    });
    const reply = await client().send(get(server.url));
    await expect(readText(reply.body, 1000)).rejects.toMatchObject({ kind: 'network', code: 'stream-cut' });
  });

  test('something that is not HTTP', async () => {
    const server = createServer((socket) => void socket.end('SSH-2.0-OpenSSH_9.6\r\n')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    onTestFinished(() => void server.close());
    await expect(client().send(get(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`))).rejects.toMatchObject({
      kind: 'network',
      code: 'not-http',
    });
  });
});
