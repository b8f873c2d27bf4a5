import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, LookupFunction } from 'node:net';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createHttpClient } from '../../src/http/client.ts';
import { proxyFor } from '../../src/http/proxy.ts';
import { readText } from '../../src/http/read-body.ts';
import { startApiServer } from '../support/api-server.ts';
import { type Login, startHttpProxy, startSocksProxy } from '../support/proxies.ts';
import { TLS_FILES } from '../support/tls-files.ts';

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

describe('proxyFor, whatever the variables contain', () => {
  const variable = fc.option(fc.constantFrom('', 'http://p:1', 'socks5://q:2'), { nil: undefined });

  test('an empty variable is the same as none', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'), variable), (env) => {
        const filled = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '' && value !== undefined));
        const target = new URL('https://a.example');
        expect(proxyFor(target, undefined, env)).toBe(proxyFor(target, undefined, filled));
        const { https_proxy: lower, HTTPS_PROXY: upper, all_proxy: all, ALL_PROXY: upperAll } = filled;
        expect(proxyFor(target, undefined, env)).toBe(lower ?? upper ?? all ?? upperAll);
      }),
    );
  });
});

const LIMITS = { connectMs: 60_000, firstByteMs: 60_000, idleMs: 60_000 };

async function getThrough(proxy: string, url: string, ca?: string): Promise<string> {
  const tls = ca === undefined ? undefined : { ca: Buffer.from(ca) };
  const http = createHttpClient({ limits: LIMITS, proxy, tls, env: {} });
  onTestFinished(() => http.close());
  return readText((await http.send({ method: 'GET', url: new URL(url), headers: {} })).body, 1000);
}

/** Starts a TLS server. Its certificate is for `localhost`. */
async function startSecure(): Promise<string> {
  const server = createHttpsServer(
    { cert: TLS_FILES.certificate, key: TLS_FILES.privateKey },
    (_, response) => void response.end('secret'),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `https://localhost:${(server.address() as AddressInfo).port}/`;
}

describe.each<[string, Login | undefined, string]>([
  ['without a login', undefined, ''],
  ['with a login', { user: 'a user', password: 'p:@ss' }, 'a%20user:p%3A%40ss@'],
])('an HTTP proxy %s', (_name, login, typed) => {
  test('forwards a plain request, and tunnels one with TLS', async () => {
    const server = await startApiServer((_, response) => void response.end('through'));
    const secure = await startSecure();
    const proxy = await startHttpProxy(login);
    const address = `http://${typed}127.0.0.1:${proxy.port}`;
    expect(await getThrough(address, server.url)).toBe('through');
    expect(await getThrough(address, secure, TLS_FILES.certificate)).toBe('secret');
    expect(proxy.asked).toEqual([`GET ${server.url}`, `CONNECT ${new URL(secure).host}`]);
    expect(server.requests[0]?.headers['proxy-authorization']).toBeUndefined();
  });
});

describe.each<[string, Login | undefined, string]>([
  ['without a login', undefined, ''],
  ['with a login', { user: 'a user', password: 'p:@ss' }, 'a%20user:p%3A%40ss@'],
])('a SOCKS5 proxy %s', (_name, login, typed) => {
  test.each(['socks5', 'socks5h'])('of the scheme %s resolves names itself, and tunnels TLS', async (scheme) => {
    const secure = await startSecure();
    const server = await startApiServer((_, response) => void response.end('through'));
    const proxy = await startSocksProxy(login);
    const address = `${scheme}://${typed}127.0.0.1:${proxy.port}`;
    const named = server.url.replace('127.0.0.1', 'localhost');
    expect(await getThrough(address, named)).toBe('through');
    expect(await getThrough(address, secure, TLS_FILES.certificate)).toBe('secret');
    expect(proxy.asked).toEqual([new URL(named).host, new URL(secure).host]);
  });
});

describe('a proxy that rejects the login', () => {
  const login = { user: 'user', password: 'right' };
  const expectProxyError = async (answer: Promise<string>): Promise<void> => {
    const error = await answer.catch((reason: unknown) => reason as Error);
    expect(error).toMatchObject({ kind: 'network', code: 'proxy', hints: [expect.stringContaining('orx config get proxy')] });
    expect(JSON.stringify(error) + String(error)).not.toContain('wrong');
  };

  test.each([
    ['a wrong one', 'user:wrong@'],
    ['none', ''],
  ])('%s is an error that names the proxy, without the password', async (_name, typed) => {
    const server = await startApiServer((_, response) => void response.end('through'));
    const secure = await startSecure();
    const http = await startHttpProxy(login);
    await expectProxyError(getThrough(`http://${typed}127.0.0.1:${http.port}`, server.url));
    await expectProxyError(getThrough(`http://${typed}127.0.0.1:${http.port}`, secure, TLS_FILES.certificate));
    const socks = await startSocksProxy(login);
    await expectProxyError(getThrough(`socks5://${typed}127.0.0.1:${socks.port}`, server.url));
    expect(server.requests).toHaveLength(0);
  });

  test('a SOCKS5 proxy that cannot reach the host is named, too', async () => {
    const proxy = await startSocksProxy();
    await expectProxyError(getThrough(`socks5h://127.0.0.1:${proxy.port}`, 'http://127.0.0.1:1/'));
  });
});

describe('a host with several addresses', () => {
  const lookupOf =
    (addresses: readonly { address: string; family: number }[]): LookupFunction =>
    (_host, options, callback) => {
      if (options.all === true) callback(null, [...addresses]);
      else callback(null, addresses[0]!.address, addresses[0]!.family);
    };

  test('is reached over IPv4 if its IPv6 address does not answer', async () => {
    const server = await startApiServer((_, response) => void response.end('over IPv4'));
    const addresses = [
      // Of the range for documentation: nothing answers.
      { address: '2001:db8::1', family: 6 },
      { address: '127.0.0.1', family: 4 },
    ];
    const http = createHttpClient({ limits: LIMITS, env: {}, lookup: lookupOf(addresses) });
    onTestFinished(() => http.close());
    const url = new URL(server.url.replace('127.0.0.1', 'two.example'));
    expect(await readText((await http.send({ method: 'GET', url, headers: {} })).body, 100)).toBe('over IPv4');
  });
});
