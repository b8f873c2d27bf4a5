import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createHttpClient } from '../../src/http/client.ts';
import { proxyFor } from '../../src/http/proxy.ts';
import { readText } from '../../src/http/read-body.ts';
import { startApiServer } from '../support/api-server.ts';

describe('proxyFor', () => {
  const target = 'https://openrouter.ai/api/v1/models';
  test.each<[string, string, string | undefined, Record<string, string>, string | undefined]>([
    ['nothing set', target, undefined, {}, undefined],
    ['upper case', target, undefined, { HTTPS_PROXY: 'http://p:1' }, 'http://p:1'],
    ['lower case wins', target, undefined, { HTTPS_PROXY: 'http://p:1', https_proxy: 'http://q:1' }, 'http://q:1'],
    ['an empty lower case one hides nothing', target, undefined, { https_proxy: '', HTTPS_PROXY: 'http://p:1' }, 'http://p:1'],
    ['another scheme', target, undefined, { HTTP_PROXY: 'http://p:1' }, undefined],
    ['all', target, undefined, { ALL_PROXY: 'socks5://p:1' }, 'socks5://p:1'],
    ['the scheme before all', target, undefined, { ALL_PROXY: 'socks5://p:1', https_proxy: 'http://q:1' }, 'http://q:1'],
    ['an explicit one', target, 'http://x:1', { https_proxy: 'http://q:1', NO_PROXY: '*' }, 'http://x:1'],
    ['no proxy for all', target, undefined, { https_proxy: 'http://q:1', no_proxy: '*' }, undefined],
    ['no proxy for the host', target, undefined, { https_proxy: 'http://q:1', NO_PROXY: 'a.example, openrouter.ai' }, undefined],
    [
      'no proxy for a suffix',
      'https://eu.openrouter.ai/',
      undefined,
      { https_proxy: 'http://q:1', NO_PROXY: '.openrouter.ai' },
      undefined,
    ],
    ['no proxy for another host', target, undefined, { https_proxy: 'http://q:1', NO_PROXY: 'router.ai' }, 'http://q:1'],
    [
      'no proxy for the port',
      'https://a.example:8443/',
      undefined,
      { https_proxy: 'http://q:1', NO_PROXY: 'a.example:8443' },
      undefined,
    ],
    ['no proxy for another port', target, undefined, { https_proxy: 'http://q:1', NO_PROXY: 'openrouter.ai:8443' }, 'http://q:1'],
    ['loopback', 'http://127.0.0.1:4141/', undefined, { http_proxy: 'http://q:1' }, undefined],
  ])('%s', (_name, url, explicit, env, expected) => {
    expect(proxyFor(new URL(url), explicit, env)).toBe(expected);
  });
});

/** Starts a proxy that tunnels (CONNECT) and records the requested targets. */
async function startTunnel(answer = 'HTTP/1.1 200 OK\r\n\r\n'): Promise<{ url: string; heads: string[] }> {
  const heads: string[] = [];
  const url = await listen((socket) => {
    socket.once('data', (head) => {
      heads.push(head.toString());
      const [, host, port] = /^CONNECT ([^:]+):(\d+)/.exec(head.toString()) ?? [];
      if (!answer.includes(' 200 ')) return void socket.end(answer);
      const upstream = connect(Number(port), host, () => {
        socket.write(answer);
        socket.pipe(upstream).pipe(socket);
      });
      upstream.on('error', () => socket.destroy());
    });
  });
  return { url: `http://user:pass@127.0.0.1:${url}`, heads };
}

/** Starts a SOCKS5 proxy without authentication. */
async function startSocks(): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const port = await listen((socket) => {
    socket.once('data', () => {
      socket.write(Buffer.from([5, 0]));
      socket.once('data', (request) => {
        const isName = request[3] === 3;
        const end = isName ? 5 + (request[4] ?? 0) : 8;
        const host = isName ? request.subarray(5, end).toString() : request.subarray(4, 8).join('.');
        const target = request.readUInt16BE(end);
        asked.push(`${host}:${target}`);
        const upstream = connect(target, host, () => {
          socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
          socket.pipe(upstream).pipe(socket);
        });
        upstream.on('error', () => socket.destroy());
      });
    });
  });
  return { url: `socks5h://127.0.0.1:${port}`, asked };
}

async function listen(onSocket: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

async function getThrough(proxy: string, url: string): Promise<string> {
  const http = createHttpClient({ limits: { connectMs: 2000, firstByteMs: 2000, idleMs: 2000 }, proxy, env: {} });
  onTestFinished(() => http.close());
  return readText((await http.send({ method: 'GET', url: new URL(url), headers: {} })).body, 1000);
}

describe('a request through a proxy', () => {
  test('over HTTP, with its password', async () => {
    const server = await startApiServer((_, response) => void response.end('through'));
    const tunnel = await startTunnel();
    expect(await getThrough(tunnel.url, server.url)).toBe('through');
    expect(tunnel.heads[0]).toMatch(/^CONNECT 127\.0\.0\.1:\d+ HTTP\/1\.1/);
    expect(tunnel.heads[0]?.toLowerCase()).toContain(
      `proxy-authorization: basic ${Buffer.from('user:pass').toString('base64')}`.toLowerCase(),
    );
  });

  test('over SOCKS5, which resolves the name itself', async () => {
    const server = await startApiServer((_, response) => void response.end('through'));
    const socks = await startSocks();
    expect(await getThrough(socks.url, server.url)).toBe('through');
    expect(socks.asked[0]).toMatch(/^127\.0\.0\.1:\d+$/);
  });

  test('that requires a password is named in the error, without the password', async () => {
    const server = await startApiServer((_, response) => void response.end('through'));
    const tunnel = await startTunnel('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
    const error = await getThrough(tunnel.url, server.url).catch((reason: unknown) => reason as Error);
    expect(error).toMatchObject({ kind: 'network', code: 'proxy' });
    expect((error as Error).message).toContain('407');
    expect(JSON.stringify(error) + String(error)).not.toContain('pass@');
  });
});
