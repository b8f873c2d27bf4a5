import { expect, test } from 'vitest';
import { sendJson, startApiServer } from '../../support/api-server.ts';
import { wireModel } from '../../support/catalogue.ts';
import { runOrx } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

const LLAMA = 'meta-llama/llama-3.3-70b-instruct';
const env = { ORX_SANDBOX: '1', ORX_SANDBOX_SPEED: '1000' };

interface Explained {
  model: string;
  endpoints: { tag: string; place: number | null; removed_by: string | null }[];
}

test('the endpoints in order, with what removes the others', async () => {
  const home = tempFolder();
  const args = ['chat', '-m', LLAMA, '--explain-routing', '--route-by', 'throughput', '--ignore', 'novita', 'hi'];
  const { code, stdout, stderr } = await runOrx(args, { env, home });
  expect([code, stderr]).toEqual([
    0,
    expect.stringContaining(`${LLAMA}: 2 of 3 endpoints left, in the order of --route-by throughput`),
  ]);
  expect(stdout.split('\n').map((line) => line.trim().split(/ +/)[1])).toEqual([
    'pin',
    'groq',
    'deepinfra/turbo',
    'novita/bf16',
    undefined,
  ]);
  expect(stdout).toMatch(/– +novita\/bf16 .* in --ignore\n/);
  const json = JSON.parse(
    (await runOrx([...args, '--json', '--fallback', 'openai/gpt-4o-mini'], { env, home })).stdout,
  ) as Explained[];
  expect(json.map(({ model }) => model)).toEqual([LLAMA, 'openai/gpt-4o-mini']);
  expect(json[0]!.endpoints).toMatchObject([
    { tag: 'groq', place: 1, removed_by: null },
    { tag: 'deepinfra/turbo', place: 2 },
    { tag: 'novita/bf16', place: null, removed_by: 'in --ignore' },
  ]);
  // Nothing is recorded.
  expect(JSON.parse((await runOrx(['cost', '--json'], { env, home })).stdout)).toMatchObject({ entries: [] });
  expect((await runOrx(['history'], { env, home })).stdout).toBe('');
});

test('no endpoint is left: exit 6, after the list', async () => {
  const { code, stdout, stderr } = await runOrx(['chat', '-m', LLAMA, '--explain-routing', '--max-price', '0.01,0.01', 'hi'], {
    env,
  });
  expect([code, stderr]).toEqual([6, expect.stringContaining('error: no endpoint is left')]);
  expect(stdout).toContain('above --max-price');
});

test('no completion is sent, and the parameters count', async () => {
  const endpoint = {
    provider_name: 'One',
    tag: 'one',
    pricing: { prompt: '0.000001', completion: '0.000002' },
    supported_parameters: ['temperature'],
  };
  const server = await startApiServer(({ url }, response) => {
    if (url.includes('/endpoints/zdr')) return sendJson(response, 200, { data: [] });
    if (url.includes('/endpoints')) return sendJson(response, 200, { data: { id: 'a/b', endpoints: [endpoint] } });
    return sendJson(response, 200, { data: [wireModel('a/b')] });
  });
  const run = (...args: string[]) =>
    runOrx(['chat', '-m', 'a/b', '--explain-routing', ...args], {
      env: { OPENROUTER_BASE_URL: server.url, OPENROUTER_API_KEY: 'sk-or-v1-x' },
    });
  expect(await run('--top-k', '3', 'hi')).toMatchObject({ code: 0 });
  expect(await run('--top-k', '3', '--require-parameters', 'hi')).toMatchObject({
    code: 6,
    stdout: expect.stringContaining('no top_k'),
  });
  expect(server.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
});

test('what cannot be explained', async () => {
  expect(await runOrx(['chat', '--explain-routing'], { env })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('needs a prompt'),
  });
  expect(await runOrx(['chat', '--explain-routing', '--dry-run', 'x'], { env })).toMatchObject({ code: 2 });
  const direct = await runOrx(['chat', '--explain-routing', '-m', 'anthropic:claude-x', 'hi'], {
    env: { ANTHROPIC_API_KEY: 'sk-ant-x' },
  });
  expect(direct).toMatchObject({ code: 2, stderr: expect.stringContaining('are not routed') });
});
