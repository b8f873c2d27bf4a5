import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createHttpClient, type HttpClient, type HttpClientOptions } from '../../src/http/client.ts';
import { readText } from '../../src/http/read-body.ts';
import { startApiServer } from '../support/api-server.ts';
import { turns } from '../support/turns.ts';

const LIMITS = { connectMs: 300_000, firstByteMs: 300_000, idleMs: 300_000 };

function client(options: Partial<HttpClientOptions> = {}): HttpClient {
  const made = createHttpClient({ limits: LIMITS, env: {}, ...options });
  onTestFinished(() => made.close());
  return made;
}

const get = (url: string) => ({ method: 'GET' as const, url: new URL(url), headers: {} });

/** A server that accepts connections and answers nothing. */
async function listen(onSocket: (socket: Socket) => void): Promise<{ url: string; server: Server }> {
  const server = createServer(onSocket);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

describe('a connection begun ahead', () => {
  test('is the one that the first request uses, and later ones after it', async () => {
    const server = await startApiServer((_, response) => void response.end('ok'));
    const http = client();
    http.connectAhead(new URL(server.url));
    http.connectAhead(new URL(server.url));
    await expect.poll(() => server.connections()).toBe(1);
    expect(server.requests).toEqual([]);
    for (let count = 0; count < 2; count += 1) {
      expect(await readText((await http.send(get(server.url))).body, 10)).toBe('ok');
      // undici checks a connection that became idle again before it reuses it.
      await turns();
    }
    expect(server.connections()).toBe(1);
  });

  test('serves a request that is made before it is established', async () => {
    const server = await startApiServer((_, response) => void response.end('ok'));
    const http = client();
    http.connectAhead(new URL(server.url));
    expect((await http.send(get(server.url))).status).toBe(200);
    expect(server.connections()).toBe(1);
  });

  test('is closed with the client, if no request comes', async () => {
    let closed = 0;
    const { url, server } = await listen((socket) => socket.on('close', () => (closed += 1)).resume());
    const http = client();
    http.connectAhead(new URL(url));
    await once(server, 'connection');
    await http.close();
    await expect.poll(() => closed).toBe(1);
  });

  test('that the server has closed is replaced', async () => {
    let isFirst = true;
    const { url, server } = await listen((socket) => {
      if (isFirst) socket.destroy();
      else socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
      isFirst = false;
    });
    const http = client();
    http.connectAhead(new URL(url));
    await once(server, 'connection');
    // The end of the connection arrives with a later turn of the event loop.
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await readText((await http.send(get(url))).body, 10)).toBe('ok');
  });

  test('that fails changes no error', async () => {
    const { url, server } = await listen(() => undefined);
    server.close();
    const http = client();
    http.connectAhead(new URL(url));
    await expect(http.send(get(url))).rejects.toMatchObject({ kind: 'network', code: 'refused' });
  });

  test('goes to no other origin than that of the request', async () => {
    const [one, other] = await Promise.all([
      startApiServer((_, response) => void response.end('one')),
      startApiServer((_, response) => void response.end('other')),
    ]);
    const http = client();
    http.connectAhead(new URL(one.url));
    expect(await readText((await http.send(get(other.url))).body, 10)).toBe('other');
    expect(one.requests).toEqual([]);
  });

  test.each([
    ['a proxy', { proxy: 'http://127.0.0.1:9' }],
    ['a proxy of the environment', { env: { http_proxy: 'http://127.0.0.1:9' } }],
    ['addresses of its own', { lookup: () => undefined }],
  ])('is not begun with %s', async (_, options) => {
    const http = client(options as Partial<HttpClientOptions>);
    // Nothing listens there, and a name would have to be resolved.
    http.connectAhead(new URL('http://nowhere.invalid:1'));
    expect(process.getActiveResourcesInfo().filter((name) => name === 'GetAddrInfoReqWrap')).toEqual([]);
  });
});
