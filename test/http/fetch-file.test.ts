import type { LookupFunction } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createHttpClient } from '../../src/http/client.ts';
import { fetchFile } from '../../src/http/fetch-file.ts';
import { isPublicAddress, publicLookup } from '../../src/http/public-lookup.ts';
import { type Handler, startApiServer } from '../support/api-server.ts';

test.each([
  ['8.8.8.8', true],
  ['172.15.0.1', true],
  ['2606:4700::1111', true],
  ['0.0.0.0', false],
  ['10.1.2.3', false],
  ['100.64.0.1', false],
  ['127.0.0.1', false],
  ['169.254.169.254', false],
  ['172.16.0.1', false],
  ['192.168.1.1', false],
  ['224.0.0.1', false],
  ['255.255.255.255', false],
  ['::1', false],
  ['::', false],
  ['::ffff:127.0.0.1', false],
  ['64:ff9b::7f00:1', false],
  ['fd00::1', false],
  ['fe80::1', false],
])('%s is public: %s', (address, isPublic) => {
  expect(isPublicAddress(address)).toBe(isPublic);
});

/** Resolves every name to the test's own server, as if it were a public one. */
const toLoopback: LookupFunction = (_hostname, options, callback) => {
  if (options.all === true) callback(null, [{ address: '127.0.0.1', family: 4 }]);
  else callback(null, '127.0.0.1', 4);
};

async function fetching(handler: Handler, lookup: LookupFunction = toLoopback, maxBytes = 1000) {
  const server = await startApiServer(handler);
  const http = createHttpClient({ limits: { connectMs: 2000, firstByteMs: 2000, idleMs: 2000 }, env: {}, lookup });
  onTestFinished(() => http.close());
  const { port } = new URL(server.origin);
  const signal = new AbortController().signal;
  const options = { http, allowPrivate: false, maxBytes, signal, userAgent: 'test' };
  return { server, fetch: (path: string) => fetchFile(`http://site.example:${port}${path}`, options), port };
}

test('a redirect is followed after another check', async () => {
  const { fetch, server } = await fetching(({ url }, response) => {
    if (url === '/a') response.writeHead(302, { location: '/b' }).end();
    else if (url === '/b') response.end('there');
    else response.writeHead(302, { location: `${server.origin}/b` }).end();
  });
  expect((await fetch('/a')).bytes.toString()).toBe('there');
  await expect(fetch('/private')).rejects.toMatchObject({ kind: 'usage', code: 'private-address' });
  expect(server.requests.map(({ url }) => url)).toEqual(['/a', '/b', '/private']);
});

test('a name that resolves to this machine is rejected', async () => {
  const { fetch, server } = await fetching(
    (_, response) => void response.end('secret'),
    (_, options, callback) => publicLookup('localhost', options, callback),
  );
  await expect(fetch('/')).rejects.toMatchObject({ kind: 'usage', code: 'private-address' });
  expect(server.requests).toHaveLength(0);
});

test('too many redirects, too many bytes, another status and a compressed body are failures', async () => {
  const { fetch } = await fetching(({ url }, response) => {
    if (url === '/loop') response.writeHead(302, { location: '/loop' }).end();
    else if (url === '/large') response.end('x'.repeat(2000));
    else if (url === '/endless') {
      response.writeHead(200);
      response.write('x'.repeat(2000));
    } else if (url === '/packed') response.writeHead(200, { 'content-encoding': 'br' }).end('x');
    else response.writeHead(404).end();
  });
  await expect(fetch('/loop')).rejects.toMatchObject({ code: 'redirect-loop' });
  await expect(fetch('/large')).rejects.toMatchObject({ kind: 'usage' });
  await expect(fetch('/endless')).rejects.toMatchObject({ kind: 'usage' });
  await expect(fetch('/packed')).rejects.toMatchObject({ code: 'bad-encoding' });
  await expect(fetch('/none')).rejects.toMatchObject({ code: 'http-status' });
});
