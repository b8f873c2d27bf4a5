import { expect, test } from 'vitest';
import { sendJson, startApiServer } from '../../support/api-server.ts';
import { runOrx } from '../../support/run-orx.ts';

const KEY = 'sk-or-v1-0123456789abcdef0123456789abcdef';

async function credits(status: number, body: unknown, ...args: string[]) {
  const server = await startApiServer((_, response) => sendJson(response, status, body));
  const env = { OPENROUTER_BASE_URL: server.url, OPENROUTER_API_KEY: KEY, ORX_RETRIES: '0' };
  return { ...(await runOrx(['credits', ...args], { env })), server };
}

test('what was bought, used and is left, exactly', async () => {
  const body = { data: { total_credits: 20.1, total_usage: 2.75000001 } };
  const { code, stdout, server } = await credits(200, body);
  expect([code, stdout]).toEqual([0, 'bought  $20.10\nused    $2.75\nleft    $17.35\n']);
  expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(['GET /api/v1/credits']);
  expect(JSON.parse((await credits(200, body, '--json')).stdout)).toEqual({
    total_credits: '20.1',
    total_usage: '2.75000001',
    left: '17.34999999',
  });
});

test('values that the API does not state', async () => {
  const { code, stdout } = await credits(200, { data: { total_usage: 3 } });
  expect([code, stdout]).toEqual([0, 'bought  unknown\nused    $3.00\nleft    unknown\n']);
});

test('a key that may not see the account', async () => {
  const error = { code: 403, message: 'Only management keys can perform this operation' };
  const { code, stdout, stderr } = await credits(403, { error });
  expect([code, stdout]).toEqual([6, '']);
  expect(stderr).toContain('Only management keys');
  expect(stderr).toContain('orx auth status');
});

test('the management key of the environment', async () => {
  const server = await startApiServer((_, response) => sendJson(response, 200, { data: {} }));
  const env = { OPENROUTER_BASE_URL: server.url, OPENROUTER_API_KEY: KEY, OPENROUTER_MANAGEMENT_KEY: 'sk-or-v1-management' };
  await runOrx(['credits'], { env });
  expect(server.requests[0]!.headers.authorization).toBe('Bearer sk-or-v1-management');
});

test('no key, and the sandbox', async () => {
  expect(await runOrx(['credits'])).toMatchObject({ code: 3, stdout: '' });
  const { code, stdout } = await runOrx(['--sandbox', 'credits']);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^bought .*\(SANDBOX: simulated\)\nused .*\nleft .*\n$/)]);
});
