import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sendJson, startApiServer } from '../../support/api-server.ts';
import { runOrx } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

const KEYS = ['sk-or-v1-0123456789abcdef0123456789abcdef', 'a.gateway+key/of=another(shape'];

describe.each(KEYS)('the key %s', (key) => {
  const COMMANDS = [
    ['chat', 'hello'],
    ['chat', '--json', 'hello'],
    ['chat', '--no-stream', 'hello'],
    ['auth', 'status'],
    ['auth', 'status', '--json'],
    ['models'],
  ];

  test.each(COMMANDS)('that a server repeats in an error is not shown by: %s %s %s', async (...args) => {
    const words = args.filter((word) => word !== undefined);
    const server = await startApiServer((request, response) => {
      const sent = request.headers.authorization ?? '';
      sendJson(
        response,
        401,
        { error: { code: 401, message: `no such key: ${sent}`, metadata: { raw: sent, remedy_hint: `not ${sent}` } } },
        { 'x-request-id': sent },
      );
    });
    const env = { OPENROUTER_BASE_URL: server.url, OPENROUTER_API_KEY: key };
    for (const flags of [[], ['--verbose']]) {
      const { code, stdout, stderr } = await runOrx([...flags, ...words], { env });
      expect(code).toBe(3);
      expect(stdout + stderr).not.toContain(key);
      expect(server.requests.at(-1)?.headers.authorization).toBe(`Bearer ${key}`);
    }
  });

  test('that a server repeats during a login is not shown', async () => {
    const server = await startApiServer((request, response) =>
      sendJson(response, 401, { error: { message: `bad ${request.headers.authorization ?? ''}` } }),
    );
    const { code, stdout, stderr } = await runOrx(['--verbose', 'auth', 'login'], {
      env: { OPENROUTER_BASE_URL: server.url },
      stdin: key,
    });
    expect(code).toBe(3);
    expect(stdout + stderr).not.toContain(key);
  });

  test('that a server returns as its label is not shown', async () => {
    const server = await startApiServer((_, response) => sendJson(response, 200, { data: { label: key, usage: 1 } }));
    const env = { OPENROUTER_BASE_URL: server.url, OPENROUTER_API_KEY: key };
    for (const args of [
      ['auth', 'status'],
      ['auth', 'status', '--json'],
    ]) {
      const { code, stdout } = await runOrx(args, { env });
      expect(code).toBe(0);
      expect(stdout).not.toContain(key);
    }
    const { stderr } = await runOrx(['auth', 'login'], { env, stdin: key });
    expect(stderr).toContain('label');
    expect(stderr).not.toContain(key);
  });
});

describe('another host', () => {
  test.each([
    [['chat', 'hello'], 302, 8],
    [['chat', '--no-stream', 'hello'], 307, 8],
    [['models'], 301, 8],
    [['auth', 'status'], 308, 8],
    // With a key that could not be checked: orx stores it, with a notice.
    [['auth', 'login'], 303, 0],
  ])('%j does not follow a redirect to another host', async (args, status, exit) => {
    const other = await startApiServer((_, response) => sendJson(response, 200, { data: [] }));
    const server = await startApiServer((request, response) => {
      response.writeHead(status, { location: `${other.origin}${request.url}` });
      response.end();
    });
    const env = { OPENROUTER_BASE_URL: server.url, OPENROUTER_API_KEY: KEYS[0]! };
    const { code } = await runOrx([...args, '--retries', '0'], { env, stdin: args.includes('login') ? KEYS[0]! : '' });
    expect([code, server.requests.length, other.connections()]).toEqual([exit, 1, 0]);
  });

  test('the code of a login is not sent to another host either', async () => {
    const other = await startApiServer((_, response) => sendJson(response, 200, { key: KEYS[0] }));
    const server = await startApiServer((_, response) => {
      response.writeHead(307, { location: `${other.url}/auth/keys` });
      response.end();
    });
    const { code } = await runOrx(['auth', 'login', '--no-browser'], {
      env: { OPENROUTER_BASE_URL: server.url },
      stdin: 'a-code\n',
    });
    expect(code).not.toBe(0);
    expect([server.requests.length, other.connections()]).toEqual([1, 0]);
  });

  test.each([[['chat', 'hello']], [['models']], [['auth', 'status']], [['auth', 'login']]])(
    '%j sends nothing unencrypted over a network',
    async (args) => {
      const server = await startApiServer((_, response) => sendJson(response, 401, { error: { message: 'User not found.' } }));
      // 0.0.0.0 reaches this machine but is not a loopback name.
      const url = server.url.replace('127.0.0.1', '0.0.0.0');
      const env = { OPENROUTER_BASE_URL: url, OPENROUTER_API_KEY: KEYS[0]! };
      const refused = await runOrx(args, { env, stdin: KEYS[0]! });
      expect([refused.code, refused.stdout]).toEqual([2, '']);
      expect(refused.stderr).toMatch(/^error: .*does not use TLS.*\n.*--allow-http/);
      expect(server.connections()).toBe(0);

      const allowed = await runOrx([...args, '--allow-http'], { env, stdin: KEYS[0]! });
      expect(allowed.code).toBe(3);
      expect(server.requests.length).toBeGreaterThan(0);
    },
  );

  test.each([
    'http://localhost.evil.example',
    'http://127.0.0.1.evil.example',
    'http://10.0.0.1',
    'http://[::ffff:10.0.0.1]',
    'http://2130706434.example',
  ])('%s is not this machine', async (origin) => {
    const { code, stderr } = await runOrx(['auth', 'status'], {
      env: { OPENROUTER_BASE_URL: `${origin}/api/v1`, OPENROUTER_API_KEY: KEYS[0]! },
    });
    expect(code).toBe(2);
    expect(stderr).toContain('does not use TLS');
  });
});

describe('the file', () => {
  test.each([[['config', 'list']], [['config', 'set', 'model', 'a/b']], [['auth', 'logout']]])(
    '%j makes a file that others can read private',
    async (args) => {
      const home = tempFolder();
      const path = join(home, 'config.json');
      writeFileSync(path, JSON.stringify({ 'api-key': KEYS[0] }));
      chmodSync(path, 0o644);
      chmodSync(home, 0o755);
      expect(await runOrx(args, { home })).toMatchObject({ code: 0, stderr: expect.not.stringContaining(KEYS[0]!) });
      expect([statSync(home).mode & 0o777, statSync(path).mode & 0o777]).toEqual([0o755, 0o600]);
    },
  );

  test('a broken one is named, but neither shown nor overwritten', async () => {
    const home = tempFolder();
    const path = join(home, 'config.json');
    const broken = `{"api-key":"${KEYS[0]}",`;
    writeFileSync(path, broken);
    for (const args of [
      ['config', 'list'],
      ['config', 'set', 'model', 'a/b'],
      ['auth', 'status'],
      ['auth', 'login'],
      ['auth', 'logout'],
      ['chat', 'hello'],
    ]) {
      const { code, stdout, stderr } = await runOrx(['--verbose', ...args], { home, stdin: KEYS[1]! });
      expect([args, code, stdout]).toEqual([args, 2, '']);
      expect(stderr).toContain(path);
      expect(stderr).not.toContain(KEYS[0]);
    }
    expect(readFileSync(path, 'utf8')).toBe(broken);
  });
});
