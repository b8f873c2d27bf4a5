import { readFileSync, writeFileSync } from 'node:fs';
import { get as httpsGet } from 'node:https';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { decimal } from '../../../src/decimal.ts';
import { openLedger } from '../../../src/storage/ledger/open-ledger.ts';
import { type BilledModel, startBillingServer } from '../../support/billing-server.ts';
import { watchKeyBudget } from '../../support/key-budget.ts';
import { IS_LONG } from '../../support/long-tests.ts';
import { runOrx } from '../../support/run-orx.ts';
import { runServe } from '../../support/run-serve.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { TLS_FILES } from '../../support/tls-files.ts';

/** A hundred tokens of an answer may cost $0.001, which is also the billed cost. */
const MODEL: BilledModel = { in: '0.000001', out: '0.00001', maxOutput: 8000, cost: 0.001 };
const UPSTREAM_KEY = 'sk-or-v1-0123456789abcdef0123456789abcdef';

const envOf = (url: string): Record<string, string> => ({
  OPENROUTER_API_KEY: UPSTREAM_KEY,
  OPENROUTER_BASE_URL: url,
  ORX_RETRIES: '0',
});

async function createKey(home: string, env: Record<string, string>, name: string, ...flags: string[]): Promise<string> {
  const { stdout, stderr, code } = await runOrx(['serve', 'keys', 'add', name, '--json', ...flags], { home, env });
  if (code !== 0) throw new Error(stderr);
  return (JSON.parse(stdout) as { key: string }).key;
}

const ask = (url: string, key: string, more: Record<string, unknown> = {}): Promise<Response> =>
  fetch(`${url}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'a/model', messages: [{ role: 'user', content: 'hi' }], max_tokens: 100, ...more }),
  });

describe('orx serve keys', () => {
  test('are created, used, reported and revoked while the gateway runs, and are never written anywhere', async () => {
    const server = await startBillingServer({ 'a/model': MODEL, 'b/model': MODEL });
    const [home, env] = [tempFolder(), envOf(server.url)];
    const gateway = await runServe([], { home, env });
    expect((await ask(gateway.url, 'any')).status).toBe(200);
    const key = await createKey(home, env, 'laptop', '--models', 'a/*', '--tags', 'team-a', '--budget', '0.0025/day');
    expect(key).toMatch(/^orx-sk-[\w-]{43}$/);
    expect((await ask(gateway.url, 'any')).status).toBe(401);
    expect((await ask(gateway.url, key, { model: 'b/model' })).status).toBe(403);
    expect((await ask(gateway.url, key, { metadata: { tags: ['night'] } })).status).toBe(200);
    expect((await ask(gateway.url, key)).status).toBe(200);
    // A third request would exceed the budget, and orx does not shorten it to fit.
    const refused = await ask(gateway.url, key);
    expect(refused.status).toBe(402);
    const { error } = (await refused.json()) as { error: { message: string; metadata: Record<string, any> } };
    expect(error.metadata).toMatchObject({
      budget: { period: 'day', key: 'laptop' },
      limit_usd: 0.0025,
      spend_usd: 0.002,
      remaining_usd: 0.0005,
      requested_max_tokens: 100,
    });
    const fitting = error.metadata['affordable_max_tokens'] as number;
    expect(fitting).toBeGreaterThan(0);
    expect((await ask(gateway.url, key, { max_tokens: fitting })).status).toBe(200);
    // A separate thread records the cost of an answer shortly after it.
    const described = () => fetch(`${gateway.url}/key`, { headers: { 'x-api-key': key } }).then((reply) => reply.json());
    await expect.poll(described).toMatchObject({
      data: { label: 'laptop', limit: 0.0025, limit_remaining: 0, limit_reset: 'daily', usage: 0.003 },
    });
    const rows = async (...args: string[]) => {
      const { stdout, stderr } = await runOrx(['usage', '--json', ...args], { home, env });
      expect(stderr).toBe('');
      return JSON.parse(stdout).rows.map((row: any) => [row.group, row.requests]);
    };
    expect(await rows('--by', 'key')).toEqual([
      ['laptop', 3],
      ['', 1],
    ]);
    expect(await rows('--by', 'tag')).toEqual([
      ['team-a', 3],
      ['', 1],
      ['night', 1],
    ]);
    expect(await rows('--by', 'vendor', '--key', 'laptop')).toEqual([['openrouter', 3]]);
    const shown = await runOrx(['serve', 'keys', 'show', 'laptop'], { home, env });
    expect(shown.stdout).toContain('$0.003');
    await runOrx(['serve', 'keys', 'remove', 'laptop'], { home, env });
    expect((await ask(gateway.url, key)).status).toBe(401);
    await gateway.stop();
    expect(gateway.stderr()).toContain('401');
    const written = [
      gateway.stderr(),
      shown.stdout,
      ...['gateway-keys.json', 'ledger.db', 'ledger.budgets.json'].map((name) =>
        readFileSync(join(home, 'data', name), 'latin1'),
      ),
      (await runOrx(['serve', 'keys', 'list', '--json'], { home, env })).stdout,
    ].join('\n');
    for (const secret of [key, UPSTREAM_KEY, 'orx-sk-']) expect(written).not.toContain(secret);
  });

  test('allow addresses other than the loopback; nothing else does', async () => {
    const server = await startBillingServer({ 'a/model': MODEL });
    const [home, env] = [tempFolder(), envOf(server.url)];
    const alone = await runOrx(['serve', '--host', '0.0.0.0', '--port', '0'], { home, env });
    expect([alone.code, alone.stdout]).toEqual([2, '']);
    expect(alone.stderr).toMatch(/without a valid client key\n.*orx serve keys add/);
    const expired = await createKey(home, env, 'old');
    await runOrx(['serve', 'keys', 'remove', 'old'], { home, env });
    expect((await runOrx(['serve', '--host', '0.0.0.0', '--port', '0'], { home, env })).code).toBe(2);
    const key = await createKey(home, env, 'new');
    const open = await runServe(['--host', '0.0.0.0'], { home, env });
    expect(open.url).toMatch(/^http:\/\/localhost:\d+/);
    await expect.poll(() => open.stderr()).toContain('unencrypted');
    expect((await ask(open.url, expired)).status).toBe(401);
    expect((await ask(open.url, key)).status).toBe(200);
  });

  test('travel over TLS', async () => {
    const server = await startBillingServer({ 'a/model': MODEL });
    const [home, env] = [tempFolder(), envOf(server.url)];
    const key = await createKey(home, env, 'laptop');
    const files = [join(home, 'cert.pem'), join(home, 'key.pem')] as const;
    writeFileSync(files[0], TLS_FILES.certificate);
    const missing = await runOrx(['serve', '--port', '0', '--tls-cert', files[0], '--tls-key', files[1]], { home, env });
    expect([missing.code, missing.stderr.includes('key.pem')]).toEqual([2, true]);
    writeFileSync(files[1], TLS_FILES.privateKey);
    const gateway = await runServe(['--host', '0.0.0.0', '--tls-cert', files[0], '--tls-key', files[1]], { home, env });
    expect(gateway.url).toMatch(/^https:\/\/localhost:\d+\/api\/v1$/);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const { port } = new URL(gateway.url);
      const options = { ca: TLS_FILES.certificate, host: 'localhost', port, path: '/v1/models', headers: { 'x-api-key': key } };
      httpsGet(options, (response) => resolve(response.resume().statusCode)).on('error', reject);
    });
    expect(status).toBe(200);
  });
});

test('16 gateways and 200 clients share one budget, and never exceed it', async () => {
  const [PROCESSES, CLIENTS] = [16, 200];
  const [REQUESTS, LIMIT] = IS_LONG ? [4, '0.2'] : [2, '0.1'];
  const server = await startBillingServer({ 'a/model': MODEL });
  const [home, env] = [tempFolder(), envOf(server.url)];
  const key = await createKey(home, env, 'team', '--budget', `${LIMIT}/day`);
  const { ledger, standing } = await watchKeyBudget(home, 'team');
  const gateways = await Promise.all(Array.from({ length: PROCESSES }, () => runServe(['-q'], { home, env, isAlone: true })));
  const statuses = new Map<number, number>();
  const race = { isRunning: true };
  const clients = Array.from({ length: CLIENTS }, async (_, client) => {
    for (let request = 0; request < REQUESTS; request += 1) {
      const response = await ask(gateways[client % PROCESSES]!.url, key, { stream: request % 2 === 0 });
      await response.text();
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
    }
  });
  const finished = Promise.all(clients).finally(() => (race.isRunning = false));
  while (race.isRunning) {
    const { spent, reserved } = standing();
    expect(decimal(spent).plus(reserved).lte(LIMIT)).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await finished;
  expect([...statuses.keys()].toSorted()).toEqual([200, 402]);
  const answered = statuses.get(200)!;
  expect(answered + statuses.get(402)!).toBe(CLIENTS * REQUESTS);
  expect(answered).toBe(server.completions().length);
  // Separate threads record the last settlements.
  await expect.poll(standing).toMatchObject({ reserved: '0', reservations: 0 });
  const { spent } = standing();
  expect(spent).toBe(decimal('0.001').times(answered).toFixed());
  // The whole limit, except what the next request would have reserved.
  expect(decimal(spent).gt(decimal(LIMIT).times('0.97'))).toBe(true);
  expect(ledger.check().problems).toEqual([]);
});

test('after kill -9 under load and a restart nothing stays reserved', async () => {
  const server = await startBillingServer({ 'a/model': { ...MODEL, isEndless: true }, 'b/model': MODEL });
  const [home, env] = [tempFolder(), envOf(server.url)];
  const key = await createKey(home, env, 'team', '--budget', '1/day');
  const killed = await runServe([], { home, env, isAlone: true });
  const asked = Array.from({ length: 30 }, () => ask(killed.url, key, { stream: true }).then((response) => response.text()));
  const over = Promise.allSettled(asked);
  await expect.poll(() => server.completions()).toHaveLength(30);
  const ledger = await openLedger({ folder: join(home, 'data'), name: 'ledger' });
  onTestFinished(() => ledger.close());
  expect(ledger.check()).toMatchObject({ open: 30, reservations: 30 });
  await killed.stop('SIGKILL');
  await over;
  const again = await runServe([], { home, env });
  expect((await ask(again.url, key, { model: 'b/model' })).status).toBe(200);
  await expect.poll(() => ledger.check()).toMatchObject({ open: 0, reservations: 0, problems: [] });
  const lost = [...ledger.entries({ clientKey: 'team' })].filter(({ outcome }) => outcome === 'lost');
  expect(lost).toHaveLength(30);
  // Their probable cost counts.
  expect(lost.every(({ costSource }) => costSource === 'estimated')).toBe(true);
});
