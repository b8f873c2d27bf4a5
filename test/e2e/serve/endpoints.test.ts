import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sayMessage, startMessagesServer } from '../../support/messages-server.ts';
import { runOrx } from '../../support/run-orx.ts';
import { runServe } from '../../support/run-serve.ts';
import { tempFolder } from '../../support/temp-home.ts';

const SONNET = 'anthropic:claude-sonnet-4-6';

test("the endpoints of a name are its targets, with the gateway's measurements of each", async () => {
  const vendor = await startMessagesServer(sayMessage('Because of scattering.'));
  const home = tempFolder();
  const file = join(home, 'gateway.yaml');
  writeFileSync(file, `models:\n  careful:\n    targets: [${SONNET}, 'openai:gpt-5.4-mini']\n`);
  const { url } = await runServe(['--config', file], { home, env: { ...vendor.env, OPENAI_API_KEY: 'sk-none' } });
  const body = JSON.stringify({ model: 'careful', messages: [{ role: 'user', content: 'hi' }], stream: true });
  const headers = { authorization: 'Bearer any', 'content-type': 'application/json' };
  await (await fetch(`${url}/chat/completions`, { method: 'POST', headers, body })).text();
  const get = async (path: string): Promise<any> => (await fetch(`${url}/models/${path}/endpoints`, { headers })).json();
  const { data } = await get('careful');
  expect(data).toMatchObject({
    id: 'careful',
    endpoints: [
      {
        provider_name: 'Anthropic',
        tag: 'anthropic',
        model_id: SONNET,
        status: 0,
        orx: { state: 'closed', attempts: 1, failures: 0 },
      },
      { provider_name: 'OpenAI', tag: 'openai', orx: { attempts: 0, time_to_first_token_ms: null } },
    ],
  });
  expect(data.endpoints[0].orx.time_to_first_token_ms).toBeGreaterThan(0);
  expect(data.endpoints[0].pricing.prompt).toBeDefined();
  expect((await get(encodeURIComponent(SONNET))).data.endpoints).toHaveLength(1);
});

test('without OpenRouter, the record of an answer, the key and the credits come from the gateway', async () => {
  const vendor = await startMessagesServer(sayMessage('Because of scattering.'));
  const home = tempFolder();
  // An address that no request may reach.
  const env = { ...vendor.env, OPENROUTER_API_KEY: '', OPENROUTER_BASE_URL: 'http://127.0.0.1:1/api/v1' };
  const serving = await runServe([], { home, env });
  let { url } = serving;
  const get = async (path: string, key = 'any'): Promise<any> =>
    (await fetch(`${url}/${path}`, { headers: { authorization: `Bearer ${key}` } })).json();
  const ask = async (key = 'any'): Promise<{ id: string; usage: { cost: number } }> => {
    const body = JSON.stringify({ model: SONNET, messages: [{ role: 'user', content: 'hi' }] });
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    return (await fetch(`${url}/chat/completions`, { method: 'POST', headers, body })).json() as never;
  };
  // Nobody serves these names.
  for (const name of ['nothing', 'some/model', 'constructor'])
    expect((await get(`models/${name}/endpoints`)).error).toMatchObject({ code: 404, message: `unknown model ${name}` });
  const paths = { 'chat/completions': {}, messages: { max_tokens: 5 }, 'messages/count_tokens': {}, responses: { input: 'hi' } };
  for (const [path, more] of Object.entries({
    ...paths,
    embeddings: { input: 'hi' },
    rerank: { query: 'hi', documents: ['a'] },
  })) {
    const body = JSON.stringify({ model: 'some/model', messages: [{ role: 'user', content: 'hi' }], ...more });
    const headers = { authorization: 'Bearer any', 'content-type': 'application/json' };
    const reply = await fetch(`${url}/${path}`, { method: 'POST', headers, body });
    expect([path, reply.status, await reply.json()]).toMatchObject([
      path,
      404,
      { error: { message: 'unknown model some/model' } },
    ]);
  }
  const { id, usage } = await ask();
  const { data } = await get(`generation?id=${id}`);
  expect(data).toMatchObject({
    id,
    model: SONNET,
    streamed: false,
    finish_reason: 'stop',
    native_tokens_prompt: 1600,
    native_tokens_completion: 340,
    total_cost: usage.cost,
  });
  expect(await get('generation?id=gen-unknown')).toMatchObject({ error: { code: 404 } });
  await expect.poll(async () => (await get('key')).data).toMatchObject({ label: 'orx', limit: null, usage: usage.cost });
  expect((await get('credits')).data).toEqual({ total_credits: usage.cost, total_usage: usage.cost });
  expect((await get('endpoints/zdr')).data).toEqual([]);
  await runOrx(['budget', 'add', '--month', '5'], { home });
  expect((await get('key')).data).toMatchObject({ limit: 5, limit_reset: 'monthly' });
  const keys = await Promise.all(
    ['one', 'two'].map(async (name) => {
      const { stdout } = await runOrx(['serve', 'keys', 'add', name, '--json'], { home });
      return (JSON.parse(stdout) as { key: string }).key;
    }),
  );
  const own = await ask(keys[0]);
  expect((await get(`generation?id=${own.id}`, keys[0])).data).toMatchObject({ id: own.id });
  expect(await get(`generation?id=${own.id}`, keys[1])).toMatchObject({ error: { code: 404 } });
  await serving.stop();
  await serving.stop();
  ({ url } = await runServe([], { home, env }));
  expect((await get(`generation?id=${own.id}`, keys[0])).data).toMatchObject({
    id: own.id,
    model: SONNET,
    provider_name: 'Anthropic',
    streamed: null,
    cancelled: false,
    finish_reason: 'stop',
    native_tokens_prompt: 1600,
    native_tokens_completion: 340,
    total_cost: usage.cost,
    generation_time: expect.any(Number),
  });
  expect(await get(`generation?id=${own.id}`, keys[1])).toMatchObject({ error: { code: 404 } });
  expect((await runOrx(['show'], { home, env: { ...env, OPENROUTER_API_KEY: 'sk-none' } })).stderr).toContain(
    'the ledger has no request with a generation id',
  );
});
