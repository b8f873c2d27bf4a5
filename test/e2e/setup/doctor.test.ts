import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type ApiServer, type Handler, newGate, sendJson, startApiServer } from '../../support/api-server.ts';
import { wireModel } from '../../support/catalogue.ts';
import { runOrx } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { TLS_FILES } from '../../support/tls-files.ts';

const KEY = 'sk-or-v1-0123456789abcdef0123456789abcdef';
const KEY_INFO = { label: 'sk-or-v1-012...def', limit: null, limit_remaining: null, usage: 1, is_free_tier: false };

interface Check {
  name: string;
  status: string;
  message: string;
  milliseconds?: number;
  fixes: string[];
}

const answerKey: Handler = (request, response) => {
  if (request.url.endsWith('/models?output_modalities=all')) return sendJson(response, 200, { data: [wireModel('a/b')] });
  if (request.headers.authorization === `Bearer ${KEY}`) return sendJson(response, 200, { data: KEY_INFO });
  return sendJson(response, 401, { error: { code: 401, message: 'Missing Authentication header' } });
};

interface Staged {
  home?: string;
  env?: Record<string, string>;
  args?: readonly string[];
  server?: ApiServer;
}

/** Runs the doctor on a machine where everything is in order but for what is staged. */
async function diagnose({ home = tempFolder(), env = {}, args = [], server }: Staged = {}) {
  const api = server ?? (await startApiServer(answerKey));
  const { code, stdout, stderr } = await runOrx(['doctor', '--json', ...args], {
    home,
    env: { OPENROUTER_BASE_URL: api.url, OPENROUTER_API_KEY: KEY, ...env },
  });
  expect(stdout + stderr).not.toContain(KEY);
  const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: Check[] };
  expect([code, ok]).toEqual(checks.some(({ status }) => status === 'failed') ? [1, false] : [0, true]);
  const found = (name: string): Check => checks.find((check) => check.name === name && check.status !== 'ok') ?? named(name);
  const named = (name: string): Check => checks.find((check) => check.name === name)!;
  return { checks, found, named, api, code, stderr };
}

/** Returns a port on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

test('everything is in order: each step has its time, and only the base URL gets requests', async () => {
  const { checks, named, api, code } = await diagnose();
  expect(code).toBe(0);
  expect(checks.filter(({ status }) => status === 'failed')).toEqual([]);
  for (const name of ['dns', 'tcp', 'reply'])
    expect(named(name)).toMatchObject({ status: 'ok', milliseconds: expect.any(Number) });
  expect(named('key')).toMatchObject({ status: 'ok', message: 'sk-or-v1-…cdef, from OPENROUTER_API_KEY; valid' });
  expect(named('clock').status).toBe('ok');
  // The first request has no key, because nothing is known about the server yet.
  expect(api.requests.map(({ url, headers }) => [url, headers.authorization])).toEqual([
    ['/api/v1/key', undefined],
    ['/api/v1/key', `Bearer ${KEY}`],
  ]);
});

test('a key file that others can read', async () => {
  const home = tempFolder();
  const path = join(home, 'config.json');
  writeFileSync(path, JSON.stringify({ 'api-key': KEY }));
  chmodSync(path, 0o644);
  const { found } = await diagnose({ home });
  expect(found('files')).toMatchObject({
    status: 'failed',
    message: `${path}: contains a key, and other users can read it (mode 644)`,
    fixes: [`make it private: chmod go= ${path}`, expect.stringContaining('orx auth login')],
  });
});

test('a file with data that others can read or change', async () => {
  const home = tempFolder();
  mkdirSync(join(home, 'data'));
  for (const [name, mode] of [
    ['a.json', 0o640],
    ['b.json', 0o602],
  ] as const) {
    writeFileSync(join(home, 'data', name), '{}');
    chmodSync(join(home, 'data', name), mode);
  }
  const { checks, code } = await diagnose({ home });
  expect(code).toBe(1);
  expect(checks.filter(({ name }) => name === 'files').map(({ status, fixes }) => [status, fixes])).toEqual([
    ['failed', [`make it private: chmod go= ${join(home, 'data', 'b.json')}`]],
    ['warning', [`make it private: chmod go= ${join(home, 'data', 'a.json')}`]],
  ]);
});

test('a home in which nothing can be stored', async () => {
  const file = join(tempFolder(), 'file');
  writeFileSync(file, '');
  const { code, stdout } = await runOrx(['doctor', '--offline', '--json'], { env: { ORX_HOME: join(file, 'home') } });
  expect(code).toBe(1);
  const { checks } = JSON.parse(stdout) as { checks: Check[] };
  expect(checks.find(({ name }) => name === 'files')).toMatchObject({
    status: 'failed',
    message: `cannot create files in ${join(file, 'home')} (a part of the path is not a folder)`,
    fixes: ['use another folder: export ORX_HOME=FOLDER', expect.stringContaining('sudo chown -R')],
  });
});

test('a settings file that cannot be read', async () => {
  const home = tempFolder();
  writeFileSync(join(home, 'config.json'), `{"api-key":"${KEY}",`);
  const { found } = await diagnose({ home });
  expect(found('settings')).toMatchObject({ status: 'failed', message: expect.stringContaining('is not a JSON object') });
  expect(found('key')).toMatchObject({ status: 'skipped', message: 'the settings cannot be read' });
});

test('a setting that cannot be used', async () => {
  const { found } = await diagnose({ env: { ORX_RETRIES: 'many' } });
  expect(found('settings')).toMatchObject({ status: 'failed', fixes: ['remove the variable: unset ORX_RETRIES'] });
  expect(found('dns')).toMatchObject({ status: 'skipped', message: 'the setting retries is not usable' });
});

test('a wrong key', async () => {
  const wrong = 'sk-or-v1-ffffffffffffffffffffffffffffffff';
  const { found, named } = await diagnose({ env: { OPENROUTER_API_KEY: wrong } });
  expect(named('reply').status).toBe('ok');
  expect(found('key')).toMatchObject({
    status: 'failed',
    fixes: ['replace the key: export OPENROUTER_API_KEY=KEY', expect.anything()],
  });
});

test.each([
  ['in an hour', 60 * 60_000, 'warning'],
  ['in a month', 30 * 24 * 60 * 60_000, 'ok'],
])('a key that expires %s', async (_, ms, status) => {
  const expiresAt = new Date(Date.now() + ms).toISOString();
  const server = await startApiServer((__, response) =>
    sendJson(response, 200, { data: { ...KEY_INFO, expires_at: expiresAt } }),
  );
  const check = (await diagnose({ server })).found('key');
  expect(check).toMatchObject({ status });
  const told = check.message.includes(`expires ${expiresAt.slice(0, 16).replace('T', ' ')} UTC`);
  expect(told).toBe(status === 'warning');
});

test('a key whose limit is used up', async () => {
  const server = await startApiServer((_, response) =>
    sendJson(response, 200, { data: { ...KEY_INFO, limit: 5, limit_remaining: 0 } }),
  );
  expect((await diagnose({ server })).found('key')).toMatchObject({
    status: 'failed',
    message: expect.stringContaining('used up'),
  });
});

test('no key', async () => {
  const { found } = await diagnose({ env: { OPENROUTER_API_KEY: '' } });
  expect(found('key')).toMatchObject({
    status: 'failed',
    message: 'no API key',
    fixes: ['get a key: orx auth login', expect.anything()],
  });
  const { named } = await diagnose({ env: { OPENROUTER_API_KEY: '', ANTHROPIC_API_KEY: 'sk-ant-0123456789abcdef' } });
  expect(named('key')).toMatchObject({ status: 'ok', message: 'none for OpenRouter; vendors in use: anthropic' });
});

test('a name that does not resolve', async () => {
  const { found } = await diagnose({ env: { OPENROUTER_BASE_URL: 'https://no-such-host.invalid/api/v1' } });
  expect(found('dns')).toMatchObject({
    status: 'failed',
    message: 'cannot resolve no-such-host.invalid',
    fixes: ['test the resolver: nslookup no-such-host.invalid', expect.anything()],
  });
  for (const name of ['tcp', 'tls', 'reply', 'clock']) expect(found(name).status).toBe('skipped');
  expect(found('key')).toMatchObject({ status: 'ok', message: expect.stringContaining('not checked') });
});

test('a server that refuses connections', async () => {
  const port = await closedPort();
  const { found, named } = await diagnose({ env: { OPENROUTER_BASE_URL: `http://127.0.0.1:${port}/api/v1` } });
  expect(named('dns').status).toBe('ok');
  expect(found('tcp')).toMatchObject({
    status: 'failed',
    message: `127.0.0.1:${port} refused the connection`,
    fixes: [expect.stringContaining('orx config')],
  });
});

test('a certificate that nobody vouches for, and one that the user vouches for', async () => {
  const server = createTlsServer(
    { cert: TLS_FILES.certificate, key: TLS_FILES.privateKey },
    (request, response) => void answerKey({ url: request.url, headers: request.headers } as never, response),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const env = { OPENROUTER_BASE_URL: `https://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1` };
  const { found, named } = await diagnose({ env });
  expect(named('tcp').status).toBe('ok');
  expect(found('tls')).toMatchObject({
    status: 'failed',
    message: expect.stringContaining('self-signed'),
    fixes: [expect.stringContaining('--ca-cert FILE')],
  });
  const certificate = join(tempFolder(), 'ca.pem');
  writeFileSync(certificate, TLS_FILES.certificate);
  const trusted = await diagnose({ env: { ...env, NODE_EXTRA_CA_CERTS: certificate } });
  expect(trusted.named('tls')).toMatchObject({ status: 'ok', message: 'TLSv1.3, valid certificate' });
  expect(trusted.named('key').status).toBe('ok');
});

test('a proxy that rejects requests, and one that is not there', async () => {
  const proxy = await startApiServer(() => undefined);
  const rejecting = createServer((socket) => {
    socket.once('data', () => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n'));
    socket.on('error', () => undefined);
  }).listen(0, '127.0.0.1');
  await once(rejecting, 'listening');
  onTestFinished(() => void rejecting.close());
  const { port } = rejecting.address() as AddressInfo;
  const { found, api } = await diagnose({ args: ['--proxy', `http://me:geheim12@127.0.0.1:${port}`] });
  expect(found('proxy')).toMatchObject({ status: 'failed', fixes: ['use none: omit --proxy', expect.anything()] });
  expect(found('dns')).toMatchObject({ status: 'skipped', message: 'the proxy does this' });
  expect([api.requests, proxy.requests]).toEqual([[], []]);

  const absent = await diagnose({
    env: {
      OPENROUTER_BASE_URL: 'https://openrouter.example/api/v1',
      HTTPS_PROXY: `http://me:geheim12@127.0.0.1:${await closedPort()}`,
    },
  });
  expect(absent.found('proxy')).toMatchObject({
    status: 'failed',
    message: expect.stringMatching(/^HTTPS_PROXY is http:\/\/…@127\.0\.0\.1:\d+; .* refused the connection$/),
    fixes: ['use none: unset HTTPS_PROXY', expect.anything()],
  });
  expect(JSON.stringify(absent.checks)).not.toContain('geheim12');
});

test('a variable with an address that is not a proxy, and one that does not apply', async () => {
  const env = { OPENROUTER_BASE_URL: 'https://openrouter.example/api/v1', https_proxy: 'proxy.example:8080' };
  expect((await diagnose({ env })).found('proxy')).toMatchObject({
    status: 'failed',
    fixes: ['name a proxy: export https_proxy=http://HOST:PORT', 'use none: unset https_proxy'],
  });
  const { named } = await diagnose({ env: { HTTP_PROXY: 'http://p.example:1' } });
  expect(named('proxy').message).toBe('none, although HTTP_PROXY is set: 127.0.0.1 is this machine');
});

test('a clock that is wrong', async () => {
  const server = await startApiServer((request, response) => {
    response.setHeader('date', new Date(Date.now() + 3 * 3_600_000).toUTCString());
    return answerKey(request, response);
  });
  expect((await diagnose({ server })).found('clock')).toMatchObject({
    status: 'failed',
    message: '3 h behind the server',
    fixes: [expect.stringMatching(/^set the clock: /)],
  });
});

test('a login page of the network, an error and another server', async () => {
  const served = async (status: number, type: string): Promise<Check> => {
    const server = await startApiServer((_, response) => void response.writeHead(status, { 'content-type': type }).end('<html>'));
    return (await diagnose({ server })).found('reply');
  };
  expect(await served(200, 'text/html')).toMatchObject({ status: 'failed', message: expect.stringContaining('web page') });
  expect(await served(503, 'text/plain')).toMatchObject({ status: 'failed', message: expect.stringContaining('error 503') });
  expect(await served(404, 'application/json')).toMatchObject({
    status: 'warning',
    fixes: [expect.stringContaining('base-url')],
  });
});

test('an old catalog', async () => {
  const home = tempFolder();
  const server = await startApiServer(answerKey);
  await runOrx(['models'], { home, env: { OPENROUTER_BASE_URL: server.url, OPENROUTER_API_KEY: KEY } });
  expect((await diagnose({ home, server })).named('catalog')).toMatchObject({
    status: 'ok',
    message: '1 model, less than a day old',
  });
  const cache = join(home, 'cache');
  const path = join(
    cache,
    readdirSync(cache).find((name) => name.startsWith('catalogue-'))!,
  );
  const old = Date.now() - 30.5 * 24 * 3_600_000;
  writeFileSync(path, readFileSync(path, 'utf8').replace(/"fetchedAt":\d+/, `"fetchedAt":${Math.round(old)}`));
  expect((await diagnose({ home, server })).found('catalog')).toMatchObject({
    status: 'warning',
    message: '1 model, 30 days old',
    fixes: ['read the models again: orx models --refresh'],
  });
});

test('a damaged ledger; a missing one is not created', async () => {
  const home = tempFolder();
  expect((await diagnose({ home })).named('ledger')).toMatchObject({ status: 'ok', message: 'no requests recorded yet' });
  expect(existsSync(join(home, 'data'))).toBe(false);
  mkdirSync(join(home, 'data'), { mode: 0o700 });
  writeFileSync(join(home, 'data', 'ledger.db'), 'not a database, but long enough '.repeat(300), { mode: 0o600 });
  expect((await diagnose({ home })).found('ledger')).toMatchObject({
    status: 'failed',
    message: expect.stringContaining('damaged'),
    fixes: ['check all of it: orx ledger check'],
  });
});

test('--offline and the sandbox send nothing', async () => {
  const { checks, api, code } = await diagnose({ args: ['--offline'] });
  expect([code, api.connections()]).toEqual([0, 0]);
  expect(checks.filter(({ status }) => status === 'skipped').map(({ name }) => name)).toEqual(
    expect.arrayContaining(['proxy', 'dns', 'tcp', 'tls', 'reply', 'clock']),
  );
  const { code: simulated, stdout } = await runOrx(['--sandbox', 'doctor']);
  expect(simulated).toBe(0);
  expect(stdout).toContain('SANDBOX · nothing failed');
});

test('Ctrl-C ends a check that waits', async () => {
  const gate = newGate();
  const server = await startApiServer(() => gate.open());
  const { code, stdout } = await runOrx(['doctor'], {
    env: { OPENROUTER_BASE_URL: server.url, OPENROUTER_API_KEY: KEY },
    isAlone: true,
    onStart: (child) => void gate.opened.then(() => child.kill('SIGINT')),
  });
  expect(code).toBe(130);
  // What is done is shown at once.
  expect(stdout).toContain('tcp');
  expect(stdout).not.toContain('reply');
});

test('as text: a line for each check, and its fixes', async () => {
  const home = tempFolder();
  writeFileSync(join(home, 'config.json'), JSON.stringify({ 'api-key': KEY }), { mode: 0o600 });
  const { code, stdout, stderr } = await runOrx(['doctor', '--offline'], { home });
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^ok {7}orx {8}\d/);
  expect(stdout).toContain('skipped  dns        --offline\n');
  expect(stdout).toContain('ok       key        sk-or-v1-…cdef, from the file; not checked with the API\n');
  expect(stdout).toContain('                    fix: read the models again: orx models --refresh\n');
  expect(stdout).toMatch(/\n\nnothing failed, 1 warning\n$/);
  expect(statSync(join(home, 'config.json')).mode & 0o777).toBe(0o600);
});
