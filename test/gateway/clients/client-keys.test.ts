import { describe, expect, onTestFinished, test } from 'vitest';
import { clientKeySecret, hashClientKey, keyEnding } from '../../../src/core/client-keys/secret.ts';
import type { StreamOptions } from '../../../src/apis/completion.ts';
import type { Api } from '../../../src/apis/api.ts';
import { ClientAccess } from '../../../src/gateway/clients/client-access.ts';
import { ClientKeys } from '../../../src/gateway/clients/client-keys.ts';
import { type ClientSpending, NO_SPENDING } from '../../../src/gateway/clients/client-spending.ts';
import { type Gateway, startGateway } from '../../../src/gateway/start-gateway.ts';
import { type ClientKey, type ClientKeyRights, type ClientKeyStore, openClientKeys } from '../../../src/storage/client-keys.ts';
import { newGate } from '../../support/api-server.ts';
import { fastSandbox } from '../../support/sandbox.ts';
import { START } from '../../support/scripted-provider.ts';
import { tempFolder } from '../../support/temp-home.ts';

const MODEL = 'deepseek/deepseek-chat';
let made = 0;

function newKey(name: string, rights: ClientKeyRights & Partial<ClientKey> = {}): { secret: string; key: ClientKey } {
  made += 1;
  const secret = clientKeySecret(new Uint8Array(32).fill(made));
  return { secret, key: { name, hash: hashClientKey(secret), ending: keyEnding(secret), createdAt: 0, ...rights } };
}

interface Served {
  gateway: Gateway;
  store: ClientKeyStore;
  keys: ClientKeys;
  time: { now: number };
  /** Options of the requests that the API received. */
  asked: (StreamOptions | undefined)[];
  /** Why the keys could not be read. */
  unreadable: unknown[];
}

async function open(
  keys: readonly ClientKey[],
  { api, spending }: { api?: Api; spending?: ClientSpending } = {},
): Promise<Served> {
  const store = openClientKeys({ folder: tempFolder(), name: 'gateway-keys' });
  for (const key of keys) await store.add(key);
  const time = { now: 1_800_000_000_000 };
  const now = (): number => time.now;
  const clientKeys = new ClientKeys({ store, now });
  const asked: (StreamOptions | undefined)[] = [];
  const unreadable: unknown[] = [];
  const behind = api ?? fastSandbox();
  const gateway = await startGateway({
    api: {
      ...behind,
      streamCompletion(request, options) {
        asked.push(options);
        return behind.streamCompletion(request, options);
      },
    },
    port: 0,
    now,
    monotonic: () => performance.now(),
    clients: new ClientAccess({ keys: clientKeys, spending, onUnreadable: (error) => void unreadable.push(error), now }),
  });
  onTestFinished(() => gateway.close());
  return { gateway, store, keys: clientKeys, time, asked, unreadable };
}

const bearer = (secret: string): Record<string, string> => ({ authorization: `Bearer ${secret}` });
const get = (gateway: Gateway, path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${gateway.url}/${path}`, { headers });
const ask = (
  gateway: Gateway,
  headers: Record<string, string>,
  more: Record<string, unknown> = {},
  signal?: AbortSignal,
): Promise<Response> =>
  fetch(`${gateway.url}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model: MODEL, messages: [{ role: 'user', content: 'hi' }], ...more }),
    ...(signal !== undefined && { signal }),
  });
const errorOf = async (response: Response): Promise<any> => ((await response.json()) as { error: unknown }).error;

describe('a gateway with client keys', () => {
  test('answers clients with a key, in any of the usual headers', async () => {
    const { secret, key } = newKey('laptop');
    const { gateway } = await open([key]);
    for (const headers of [bearer(secret), { 'x-api-key': secret }, { 'x-goog-api-key': secret }]) {
      expect((await ask(gateway, headers as Record<string, string>)).status).toBe(200);
      expect((await get(gateway, 'models', headers as Record<string, string>)).status).toBe(200);
      expect((await get(gateway, '../../health')).status).toBe(200);
    }
  });

  test('does not reveal which keys exist: unknown, revoked, expired and missing ones get the same reply', async () => {
    const revoked = newKey('old', { revokedAt: 1 });
    const expired = newKey('past', { expiresAt: 5 });
    const { gateway } = await open([newKey('valid').key, revoked.key, expired.key]);
    const tries = [{}, bearer('orx-sk-nobody'), bearer(revoked.secret), bearer(expired.secret), bearer(revoked.key.hash)];
    for (const path of ['models', 'models/count', 'key', 'credits', 'generation?id=x', `models/${MODEL}/endpoints`]) {
      const replies = await Promise.all(tries.map((headers) => get(gateway, path, headers as Record<string, string>)));
      expect(replies.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
      expect(new Set(await Promise.all(replies.map((reply) => reply.text()))).size).toBe(1);
      const named = replies.map(({ headers }) => [...headers.keys()].filter((name) => name !== 'date').join());
      expect(new Set(named).size).toBe(1);
    }
    const refused = await ask(gateway, bearer(expired.secret));
    expect([refused.status, await errorOf(refused)]).toEqual([
      401,
      { message: 'the API key is missing or invalid', code: 401, metadata: { error_type: 'authentication' } },
    ]);
  });

  test('notices which keys another process creates and revokes', async () => {
    const { gateway, store } = await open([]);
    const other = openClientKeys({ folder: store.path.replace(/\/[^/]*$/, ''), name: 'gateway-keys' });
    // Without configured keys, any key works.
    expect((await ask(gateway, bearer('any'))).status).toBe(200);
    const { secret, key } = newKey('laptop');
    await other.add(key);
    expect((await ask(gateway, bearer('any'))).status).toBe(401);
    expect((await ask(gateway, bearer(secret))).status).toBe(200);
    await other.revoke('laptop', 7);
    // A valid key is looked up at most every ten milliseconds.
    await expect.poll(async () => (await ask(gateway, bearer(secret))).status).toBe(401);
    // After the last key is revoked the gateway still requires one.
    expect((await ask(gateway, bearer('any'))).status).toBe(401);
  });

  test('rejects all clients if its keys cannot be read, without revealing why', async () => {
    const { secret, key } = newKey('laptop');
    const { gateway, store } = await open([key]);
    const { writeFileSync } = await import('node:fs');
    writeFileSync(store.path, '{"keys": [{"name": "laptop"');
    const refused = await ask(gateway, bearer(secret));
    expect(refused.status).toBe(500);
    expect(await refused.text()).not.toContain(store.path);
    writeFileSync(store.path, JSON.stringify({ keys: [{ ...key, requestsPerMinute: 'many' }] }));
    expect((await ask(gateway, bearer(secret))).status).toBe(500);
  });

  test('does so too if it has read them before, and tells its operator', async () => {
    const { secret, key } = newKey('laptop');
    const { gateway, store, unreadable } = await open([key]);
    expect((await ask(gateway, bearer(secret))).status).toBe(200);
    const { readFileSync, writeFileSync } = await import('node:fs');
    const valid = readFileSync(store.path);
    writeFileSync(store.path, '{"keys": [{"name": "laptop"');
    await expect.poll(async () => (await ask(gateway, bearer(secret))).status).toBe(500);
    const refused = await get(gateway, 'models', bearer('orx-sk-nobody'));
    expect([refused.status, await errorOf(refused)]).toEqual([500, { message: 'Internal Server Error', code: 500 }]);
    expect(unreadable.map((error) => (error as Error).message)).toContain(`${store.path} is not a JSON object`);
    writeFileSync(store.path, valid);
    expect((await ask(gateway, bearer(secret))).status).toBe(200);
  });

  test('accepts keys of a configuration, which are not stored', async () => {
    const { gateway, keys, store } = await open([]);
    keys.configure([{ name: 'master', secret: 'sk-1234', models: [MODEL] }]);
    expect((await ask(gateway, bearer('any'))).status).toBe(401);
    expect((await ask(gateway, bearer('sk-1234'))).status).toBe(200);
    expect((await ask(gateway, bearer('sk-1234'), { model: 'openai/gpt-4o' })).status).toBe(403);
    keys.configure([{ name: 'master', secret: 'sk-5678' }]);
    expect((await ask(gateway, bearer('sk-1234'))).status).toBe(401);
    expect((await ask(gateway, bearer('sk-5678'))).status).toBe(200);
    keys.configure([]);
    expect((await ask(gateway, bearer('any'))).status).toBe(401);
    expect(store.list()).toEqual([]);
  });

  test('passes on the caller, with the tags of the key, of a header and of the body', async () => {
    const { secret, key } = newKey('laptop', { tags: ['team-a'] });
    const { gateway, asked } = await open([key]);
    await ask(gateway, bearer(secret));
    await ask(gateway, { ...bearer(secret), 'x-orx-tags': 'ci, night,ci' }, { metadata: { tags: ['z'] }, user: 'ada' });
    expect(asked.map((options) => options?.caller)).toEqual([
      { key: 'laptop', tags: ['team-a'] },
      { key: 'laptop', tags: ['ci', 'night', 'team-a', 'z'], user: 'ada' },
    ]);
    const many = Array.from({ length: 33 }, (_, index) => `t${index}`).join();
    expect((await ask(gateway, { ...bearer(secret), 'x-orx-tags': many })).status).toBe(400);
  });
});

describe('a key', () => {
  test('can use only its allowed models, and sees no other', async () => {
    const { secret, key } = newKey('laptop', { models: ['deepseek/*', 'openai/gpt-4o-mini'] });
    const { gateway } = await open([key]);
    const statusOf = async (more: Record<string, unknown>): Promise<number> => (await ask(gateway, bearer(secret), more)).status;
    expect(await statusOf({})).toBe(200);
    expect(await statusOf({ model: 'openai/gpt-4o-mini' })).toBe(200);
    expect(await statusOf({ model: 'openai/gpt-4o' })).toBe(403);
    expect(await statusOf({ models: ['openai/gpt-4o'] })).toBe(403);
    expect(await statusOf({ fallbacks: ['openai/gpt-4o'] })).toBe(403);
    expect(await errorOf(await ask(gateway, bearer(secret), { model: 'openai/gpt-4o' }))).toMatchObject({
      code: 403,
      message: 'the API key is not allowed to use openai/gpt-4o',
      metadata: { error_type: 'permission_denied' },
    });
    const { data } = (await (await get(gateway, 'models', bearer(secret))).json()) as { data: { id: string }[] };
    expect(data.length).toBeGreaterThan(1);
    expect(data.every(({ id }) => /^deepseek\/|^openai\/gpt-4o-mini$/.test(id))).toBe(true);
    const count = (await (await get(gateway, 'models/count', bearer(secret))).json()) as { data: { count: number } };
    expect(count.data.count).toBeLessThanOrEqual(data.length);
    expect((await get(gateway, 'model/openai/gpt-4o', bearer(secret))).status).toBe(404);
    expect((await get(gateway, 'models/openai/gpt-4o/endpoints', bearer(secret))).status).toBe(404);
    expect((await get(gateway, `models/${MODEL}/endpoints`, bearer(secret))).status).toBe(200);
  });

  test('applies the same rules to embeddings and token counts', async () => {
    const callers: unknown[] = [];
    const api: Api = {
      ...fastSandbox(),
      embed: async ({ model }, options) => {
        callers.push(options?.caller);
        return { model, vectors: [[1]], usage: { promptTokens: 90, completionTokens: 0, totalTokens: 90, wire: {} } };
      },
      async countTokens(_, options) {
        callers.push(options?.caller);
        return 7;
      },
    };
    const { secret, key } = newKey('laptop', { models: ['a/embed'], tokensPerMinute: 100, tags: ['team-a'] });
    const { gateway } = await open([key], { api });
    const embed = (model: string) =>
      fetch(`${gateway.url}/embeddings`, {
        method: 'POST',
        headers: bearer(secret),
        body: JSON.stringify({ model, input: 'text '.repeat(10) }),
      });
    expect((await embed('b/embed')).status).toBe(403);
    expect((await embed('a/embed')).status).toBe(200);
    expect((await embed('a/embed')).status).toBe(429);
    expect(callers).toEqual([{ key: 'laptop', tags: ['team-a'] }]);
    const count = (asked: object) =>
      fetch(`${gateway.url}/messages/count_tokens`, {
        method: 'POST',
        headers: { ...bearer(secret), 'x-orx-tags': 'night' },
        body: JSON.stringify({ messages: [{ role: 'user', content: 'hi' }], ...asked }),
      });
    expect((await count({ model: 'b/model' })).status).toBe(403);
    expect((await count({ model: 'a/embed', fallbacks: [{ model: 'b/model' }] })).status).toBe(403);
    expect(await (await count({ model: 'a/embed' })).json()).toEqual({ input_tokens: 7 });
    expect(callers[1]).toEqual({ key: 'laptop', tags: ['night', 'team-a'] });
  });

  test('limits requests per minute, in a sliding window', async () => {
    const { secret, key } = newKey('laptop', { requestsPerMinute: 2 });
    const other = newKey('other', { requestsPerMinute: 2 });
    const { gateway, time } = await open([key, other.key]);
    const first = await ask(gateway, bearer(secret));
    expect([first.status, first.headers.get('x-ratelimit-limit'), first.headers.get('x-ratelimit-remaining')]).toEqual([
      200,
      '2',
      '1',
    ]);
    time.now += 40_000;
    expect((await ask(gateway, bearer(secret))).headers.get('x-ratelimit-remaining')).toBe('0');
    const refused = await ask(gateway, bearer(secret));
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('20');
    expect(refused.headers.get('x-ratelimit-reset')).toBe(String(time.now + 20_000));
    expect(await errorOf(refused)).toMatchObject({ code: 429, metadata: { limit_source: 'orx_client_key' } });
    // Reading lists sends no request, and keys do not share a limit.
    expect((await get(gateway, 'models', bearer(secret))).status).toBe(200);
    expect((await ask(gateway, bearer(other.secret))).status).toBe(200);
    time.now += 20_001;
    expect((await ask(gateway, bearer(secret))).status).toBe(200);
    expect((await ask(gateway, bearer(secret))).status).toBe(429);
  });

  test('limits tokens per minute: first by an estimate, then by the actual use', async () => {
    const usage = { promptTokens: 10, completionTokens: 40, totalTokens: 50, wire: {} };
    const api: Api = {
      id: 'test',
      async *streamCompletion() {
        yield* [START, { type: 'usage', usage }, { type: 'response-end', finishReason: 'stop' }] as const;
      },
    };
    const { secret, key } = newKey('laptop', { tokensPerMinute: 130 });
    const { gateway, time } = await open([key], { api });
    expect((await ask(gateway, bearer(secret))).status).toBe(200);
    expect((await ask(gateway, bearer(secret), { max_tokens: 60 })).status).toBe(200);
    // 100 are used: 60 more would exceed the limit, a few would not.
    const refused = await ask(gateway, bearer(secret), { max_tokens: 60 });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60']);
    expect((await ask(gateway, bearer(secret))).status).toBe(200);
    expect((await ask(gateway, bearer(secret))).status).toBe(429);
    const never = await ask(gateway, bearer(secret), { max_tokens: 1000 });
    expect([never.status, never.headers.get('retry-after')]).toEqual([429, null]);
    expect((await errorOf(never)).message).toContain('alone');
    time.now += 60_001;
    expect((await ask(gateway, bearer(secret), { max_tokens: 60 })).status).toBe(200);
  });

  test.each([
    [{ requestsPerMinute: 0 }, '0 requests per minute'],
    [{ tokensPerMinute: 0 }, '0 tokens per minute'],
    [{ parallelRequests: 0 }, '0 parallel requests'],
  ])('with a limit of 0 can send nothing: %j', async (rights, limit) => {
    const { secret, key } = newKey('laptop', rights);
    const { gateway } = await open([key]);
    const refused = await ask(gateway, bearer(secret));
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, null]);
    expect((await errorOf(refused)).message).toContain(limit);
    expect((await get(gateway, 'key', bearer(secret))).status).toBe(200);
  });

  test('limits parallel requests, which end with the answer, a failure, or a disconnect', async () => {
    const [gate, begun] = [newGate(), newGate()];
    const api: Api = {
      id: 'test',
      async *streamCompletion(request, options) {
        yield START;
        yield { type: 'text-delta', text: 'x' };
        if (request.messages[0]?.content === 'wait') {
          begun.open();
          await Promise.race([gate.opened, new Promise((resolve) => options?.signal?.addEventListener('abort', resolve))]);
        }
        if (request.messages[0]?.content === 'fail') throw new Error('broken');
        yield { type: 'response-end', finishReason: 'stop' };
      },
    };
    const { secret, key } = newKey('laptop', { parallelRequests: 1 });
    const { gateway } = await open([key], { api });
    const say = (content: string, signal?: AbortSignal) =>
      ask(gateway, bearer(secret), { messages: [{ role: 'user', content }], stream: true }, signal);
    const leaving = new AbortController();
    const waiting = await say('wait', leaving.signal);
    await begun.opened;
    const refused = await say('hi');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    leaving.abort();
    await waiting.text().catch(() => undefined);
    const again = async (): Promise<number> => {
      for (;;) {
        const response = await say('hi');
        await response.text();
        if (response.status !== 429) return response.status;
      }
    };
    expect(await again()).toBe(200);
    await (await say('fail')).text();
    expect(await again()).toBe(200);
    expect(await again()).toBe(200);
  });

  test('describes itself, and nothing of the upstream keys', async () => {
    const { secret, key } = newKey('laptop', { requestsPerMinute: 7, expiresAt: 1_900_000_000_000, tags: ['team-a'] });
    const budget = { id: 3, period: 'day', limit: '5', clientKey: 'laptop', warnAt: 0.8 } as const;
    const spending: ClientSpending = {
      ...NO_SPENDING,
      spentBy: () => ({ total: '12.5', day: '1.5', week: '2', month: '3' }),
      budgetsOf: (name) =>
        name === 'laptop' ? [{ budget, spent: '1.5', reserved: '0.5', reservedByOthers: '0', reservations: 1, left: '3' }] : [],
      hasGeneration: (id) => id === 'gen-mine',
    };
    const { gateway } = await open([key], { spending });
    for (const path of ['key', 'auth/key']) {
      expect(await (await get(gateway, path, bearer(secret))).json()).toMatchObject({
        data: {
          label: 'laptop',
          limit: 5,
          limit_remaining: 3,
          limit_reset: 'daily',
          usage: 12.5,
          usage_daily: 1.5,
          usage_weekly: 2,
          usage_monthly: 3,
          rate_limit: { requests: 7 },
          expires_at: '2030-03-17T17:46:40.000Z',
        },
      });
    }
    expect(await (await get(gateway, 'credits', bearer(secret))).json()).toEqual({
      data: { total_credits: 15.5, total_usage: 12.5 },
    });
    // Only the key that asked for an answer can look it up.
    expect((await get(gateway, 'generation?id=gen-other', bearer(secret))).status).toBe(404);
  });
});

test('keys that were read a moment ago are used again only up to the given age, and for a client only if they have its key', async () => {
  const folder = tempFolder();
  const [store, other] = [openClientKeys({ folder, name: 'gateway-keys' }), openClientKeys({ folder, name: 'gateway-keys' })];
  const [first, second] = [newKey('first'), newKey('second')];
  await other.add(first.key);
  const ages: number[] = [];
  const LONG_MS = 3_600_000;
  const list: ClientKeyStore['list'] = (maxAgeMs = 0) => {
    ages.push(maxAgeMs);
    // An hour in place of the age that clients get: this test is not over before.
    return store.list(maxAgeMs > 0 ? LONG_MS : 0);
  };
  const keys = new ClientKeys({ store: { list }, now: () => 0 });
  expect(keys.find(first.secret)?.name).toBe('first');
  await other.add(second.key);
  expect(store.list(LONG_MS)).toHaveLength(1);
  expect(keys.find(second.secret)?.name).toBe('second');
  await other.revoke('first', 7);
  expect(store.list(LONG_MS)[0]!.revokedAt).toBeUndefined();
  expect(store.list()[0]!.revokedAt).toBe(7);
  expect(keys.find(first.secret)).toBeUndefined();
  // What docs/gateway.md states.
  expect(Math.max(...ages)).toBe(10);
});

test('the key file is private, contains no key, and keeps the names of revoked ones', async () => {
  const folder = tempFolder();
  const store = openClientKeys({ folder, name: 'gateway-keys' });
  const { secret, key } = newKey('laptop', { models: ['a/*'] });
  await store.add(key);
  const { readFileSync, statSync } = await import('node:fs');
  expect(statSync(store.path).mode & 0o777).toBe(0o600);
  expect(readFileSync(store.path, 'utf8')).not.toContain(secret);
  await expect(store.add(newKey('laptop').key)).rejects.toMatchObject({ kind: 'usage' });
  await store.revoke('laptop', 5);
  expect((await store.revoke('laptop', 9)).revokedAt).toBe(5);
  await expect(store.add(newKey('laptop').key)).rejects.toMatchObject({ kind: 'usage' });
  await expect(store.revoke('nobody', 5)).rejects.toMatchObject({ kind: 'usage' });
  expect(store.list()).toEqual([{ ...key, revokedAt: 5 }]);
});

test('many processes create keys at once, and none is lost', async () => {
  const folder = tempFolder();
  const stores = Array.from({ length: 8 }, () => openClientKeys({ folder, name: 'gateway-keys' }));
  await Promise.all(stores.map((store, index) => store.add(newKey(`key-${index}`).key)));
  for (const store of stores) expect(new Set(store.list().map(({ name }) => name)).size).toBe(8);
});
