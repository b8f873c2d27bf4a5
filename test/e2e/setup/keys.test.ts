import { describe, expect, test } from 'vitest';
import { type ApiServer, type Handler, sendJson, startApiServer } from '../../support/api-server.ts';
import { runOrx, type RunResult } from '../../support/run-orx.ts';

const KEY = 'sk-or-v1-0123456789abcdef0123456789abcdef';
const NEW_KEY = 'sk-or-v1-fedcba9876543210fedcba9876543210';
const HASHES = ['aaaaaa1111', 'aaaaaa2222', 'bbbbbb3333'].map((start) => start.padEnd(64, '0'));

interface WireKey extends Record<string, unknown> {
  hash: string;
}

const wireKey = (hash: string, name: string, more: object = {}): WireKey => ({
  hash,
  name,
  label: 'sk-or-v1-012...def',
  disabled: false,
  limit: null,
  limit_remaining: null,
  limit_reset: null,
  include_byok_in_limit: false,
  usage: 1.5,
  usage_daily: 0.25,
  usage_weekly: 0.5,
  usage_monthly: 1,
  created_at: '2026-08-24T10:30:00Z',
  expires_at: null,
  ...more,
});

/** An account whose keys change as the requests say, two to a page. */
async function account(keys: readonly WireKey[]): Promise<ApiServer> {
  const all = new Map(keys.map((key) => [key.hash, key]));
  return startApiServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://x');
    const hash = pathname.slice('/api/v1/keys/'.length);
    if (request.method === 'GET') {
      const offset = Number(searchParams.get('offset'));
      return sendJson(response, 200, { data: [...all.values()].slice(offset, offset + 2) });
    }
    if (request.method === 'POST')
      return sendJson(response, 201, { data: wireKey('c'.repeat(64), request.json().name, request.json()), key: NEW_KEY });
    if (request.method === 'DELETE') return sendJson(response, 200, { deleted: all.delete(hash) });
    all.set(hash, { ...all.get(hash)!, ...request.json() });
    return sendJson(response, 200, { data: all.get(hash) });
  });
}

const run = (server: ApiServer, ...args: string[]): Promise<RunResult> =>
  runOrx(['keys', ...args], { env: { OPENROUTER_BASE_URL: server.url, OPENROUTER_MANAGEMENT_KEY: KEY, ORX_RETRIES: '0' } });

const KEYS = [
  wireKey(HASHES[0]!, 'laptop', { limit: 100, limit_remaining: 74.5, limit_reset: 'monthly' }),
  wireKey(HASHES[1]!, 'ci', { disabled: true }),
  wireKey(HASHES[2]!, 'old', { expires_at: '2020-01-01T00:00:00Z' }),
];

describe('orx keys', () => {
  test('lists the keys of all pages, disabled ones too, with the management key', async () => {
    const server = await account(KEYS);
    const { code, stdout } = await run(server);
    expect(code).toBe(0);
    expect(stdout.split('\n').map((line) => line.trimEnd().split(/ {2,}/))).toEqual([
      ['key', 'state', 'hash', 'limit', 'left', 'resets', 'used', 'today', 'this month', 'expires'],
      ['laptop', 'enabled', 'aaaaaa11', '$100.00', '$74.50', 'monthly', '$1.50', '$0.250', '$1.00'],
      ['ci', 'disabled', 'aaaaaa22', 'none', '$1.50', '$0.250', '$1.00'],
      ['old', 'expired', 'bbbbbb33', 'none', '$1.50', '$0.250', '$1.00', '2020-01-01 00:00 UTC'],
      [''],
    ]);
    expect(server.requests.map(({ url }) => url)).toEqual(
      [0, 2, 3].map((at) => `/api/v1/keys?include_disabled=true&offset=${at}`),
    );
    expect(server.requests[0]!.headers.authorization).toBe(`Bearer ${KEY}`);
    const json = JSON.parse((await run(server, '--json')).stdout) as unknown[];
    expect(json).toMatchObject([{ name: 'laptop', limit: '100', limit_remaining: '74.5' }, { disabled: true }, { limit: null }]);
  });

  test('an empty account', async () => {
    expect(await run(await account([]))).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('orx keys add') });
  });

  test('a server that ignores the offset', async () => {
    const server = await startApiServer((_, response) => sendJson(response, 200, { data: KEYS }));
    expect((JSON.parse((await run(server, '--json')).stdout) as unknown[]).length).toBe(3);
    expect(server.requests.length).toBe(2);
  });

  test('shows one key, by name, hash or the start of its hash', async () => {
    const server = await account(KEYS);
    for (const word of ['laptop', HASHES[0]!, 'AAAAAA1']) {
      const { code, stdout } = await run(server, 'show', word);
      expect([word, code, stdout]).toEqual([
        word,
        0,
        expect.stringMatching(/^key +laptop\n[^]*limit +\$100\.00, resets monthly\nleft +\$74\.50/),
      ]);
    }
  });

  test.each([
    ['nobody', /unknown key "nobody"/],
    ['aaaaa', /unknown key/],
    ['aaaaaa', /"aaaaaa" matches 2 keys/],
  ])('show %s', async (word, told) => {
    const { code, stderr } = await run(await account(KEYS), 'show', word);
    expect([code, stderr]).toEqual([2, expect.stringMatching(told)]);
  });

  test('add prints the new key once, on standard output', async () => {
    const server = await account([]);
    const { code, stdout, stderr } = await run(
      server,
      'add',
      'ci',
      '--limit',
      '0.10',
      '--reset',
      'weekly',
      '--expires',
      '2090-01-31T00:00:00Z',
    );
    expect([code, stdout]).toEqual([0, `${NEW_KEY}\n`]);
    expect(stderr).toContain('"ci" is shown this once');
    expect(stderr).not.toContain(NEW_KEY);
    expect(server.requests.map(({ method, body }) => [method, JSON.parse(body)])).toEqual([
      ['POST', { name: 'ci', limit: 0.1, limit_reset: 'weekly', expires_at: '2090-01-31T00:00:00Z' }],
    ]);
    expect(JSON.parse((await run(server, 'add', 'x', '--json')).stdout)).toMatchObject({ key: NEW_KEY, name: 'x', limit: null });
  });

  test('a reply without the new key', async () => {
    const server = await startApiServer((_, response) => sendJson(response, 201, { data: KEYS[0] }));
    const { code, stdout, stderr } = await run(server, 'add', 'x');
    expect([code, stdout, stderr]).toEqual([7, '', expect.stringContaining(`orx keys remove ${HASHES[0]!.slice(0, 16)}`)]);
  });

  test('set changes only what is given', async () => {
    const server = await account(KEYS);
    const { code, stdout } = await run(server, 'set', 'ci', '--limit', '5', '--enable');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/state +enabled\nlimit +\$5\.00\n/)]);
    expect(server.requests.at(-1)).toMatchObject({ method: 'PATCH', url: `/api/v1/keys/${HASHES[1]!}` });
    expect(server.requests.at(-1)!.json()).toEqual({ disabled: false, limit: 5 });
    await run(server, 'set', 'ci', '--limit', 'none', '--reset', 'none', '--name', 'new');
    expect(server.requests.at(-1)!.json()).toEqual({ name: 'new', limit: null, limit_reset: null });
  });

  test('remove names what it removed', async () => {
    const server = await account(KEYS);
    const { code, stdout, stderr } = await run(server, 'remove', 'old');
    expect([code, stdout, stderr]).toEqual([0, '', expect.stringContaining('key "old" is removed')]);
    expect(server.requests.at(-1)).toMatchObject({ method: 'DELETE', url: `/api/v1/keys/${HASHES[2]!}` });
  });

  test('a key that cannot manage keys, and none', async () => {
    const error = { code: 403, message: `Only management keys can perform this operation ${KEY}` };
    const handler: Handler = (_, response) => sendJson(response, 403, { error });
    for (const args of [['list'], ['show', 'x'], ['add', 'x'], ['set', 'x', '--disable'], ['remove', 'x']]) {
      const { code, stdout, stderr } = await run(await startApiServer(handler), ...args);
      expect([code, stdout]).toEqual([6, '']);
      expect(stderr).toMatch(/^error: this API key cannot manage keys\n {2}Only management keys[^]*OPENROUTER_MANAGEMENT_KEY/);
      expect(stderr).not.toContain(KEY);
    }
    const none = await runOrx(['keys']);
    expect([none.code, none.stderr]).toEqual([3, expect.stringMatching(/no management key\n[^]*OPENROUTER_MANAGEMENT_KEY/)]);
  });

  test('without a management key, the API key is used', async () => {
    const server = await account(KEYS);
    await runOrx(['keys'], { env: { OPENROUTER_BASE_URL: server.url, OPENROUTER_API_KEY: `${KEY}1` } });
    expect(server.requests[0]!.headers.authorization).toBe(`Bearer ${KEY}1`);
  });
});
