import { request } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { startLoginServer, type LoginServer } from '../../../src/cli/services/login-server.ts';

async function start(options: { signal?: AbortSignal; limitMs?: number } = {}): Promise<LoginServer> {
  const server = await startLoginServer(options.signal ?? new AbortController().signal, options.limitMs);
  onTestFinished(() => server.close());
  return server;
}

test('accepts the code from the exact URL, once', async () => {
  const server = await start();
  expect(server.callbackUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback\/[\w-]{32}$/);
  const reply = await fetch(`${server.callbackUrl}?code=one%2Btwo`);
  expect(reply.status).toBe(200);
  expect(await server.code).toBe('one+two');
  expect((await fetch(`${server.callbackUrl}?code=another`)).status).toBe(410);
  expect(await server.code).toBe('one+two');
});

test('the page is static, cannot load or run anything, and is not cached', async () => {
  const server = await start();
  const reply = await fetch(`${server.callbackUrl}?code=${encodeURIComponent('<script>alert(1)</script>')}&x=<b>`);
  const page = await reply.text();
  expect(page).not.toMatch(/script|alert|<b>/);
  expect(reply.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(reply.headers.get('cache-control')).toBe('no-store');
  expect(reply.headers.get('referrer-policy')).toBe('no-referrer');
});

test.each([
  ['another state', (url: URL) => void (url.pathname = `/callback/${'A'.repeat(32)}`), 404],
  ['no state', (url: URL) => void (url.pathname = '/callback'), 404],
  ['a longer path', (url: URL) => void (url.pathname += 'x'), 404],
  ['no code', (url: URL) => url.searchParams.delete('code'), 400],
  ['an empty code', (url: URL) => url.searchParams.set('code', ''), 400],
])('%s is rejected and does not use up the login', async (_, change, status) => {
  const server = await start();
  const url = new URL(`${server.callbackUrl}?code=wrong`);
  change(url);
  expect((await fetch(url)).status).toBe(status);
  expect((await fetch(`${server.callbackUrl}?code=right`)).status).toBe(200);
  expect(await server.code).toBe('right');
});

test.each([
  ['asked for by another name, as a page with a rebound name does', { headers: { host: 'evil.example' } }],
  ['sent as a form', { method: 'POST' }],
  ['only looked at', { method: 'HEAD' }],
])('a code that is %s does not count', async (_, options) => {
  const server = await start();
  expect(await statusOf(`${server.callbackUrl}?code=wrong`, options)).toBe(404);
  await fetch(`${server.callbackUrl}?code=right`);
  expect(await server.code).toBe('right');
});

test('denying access in the browser ends the login', async () => {
  const server = await start();
  await fetch(`${server.callbackUrl}?error=access_denied&error_description=<i>`);
  await expect(server.code).rejects.toThrow(expect.objectContaining({ kind: 'authentication', code: 'login-refused' }));
});

test('without a response the timeout ends it', async () => {
  const server = await start({ limitMs: 30 });
  await expect(server.code).rejects.toThrow(expect.objectContaining({ kind: 'authentication', code: 'login-timeout' }));
});

test('an interrupt ends it with its own reason, and frees the port', async () => {
  const controller = new AbortController();
  const server = await start({ signal: controller.signal });
  controller.abort(new Error('ctrl-c'));
  await expect(server.code).rejects.toThrow('ctrl-c');
  await server.close();
  await expect(fetch(server.callbackUrl)).rejects.toThrow();
});

function statusOf(url: string, options: { method?: string; headers?: Record<string, string> }): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, options, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end();
  });
}
