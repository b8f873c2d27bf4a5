import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sendJson, startApiServer } from '../../support/api-server.ts';
import { runOrx } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

const REPLY = {
  id: 'gen-1',
  model: 'a/b',
  provider: 'P',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2, cost: 0 },
};

/** Returns the body of the request that `orx chat` sends with these settings in its file. */
async function sentBody(file: Record<string, unknown>, args: readonly string[] = []): Promise<Record<string, unknown>> {
  const server = await startApiServer((_, response) => sendJson(response, 200, REPLY));
  const home = tempFolder();
  writeFileSync(join(home, 'config.json'), JSON.stringify({ stream: false, ...file }));
  const { code, stderr } = await runOrx(['chat', 'hello', ...args], {
    home,
    env: { OPENROUTER_BASE_URL: server.url, OPENROUTER_API_KEY: 'sk-or-v1-x' },
  });
  expect([code, stderr]).toEqual([0, '']);
  return server.requests[0]!.json() as Record<string, unknown>;
}

const EVERYTHING = {
  model: 'a/b',
  system: 'be brief',
  temperature: 0.5,
  'max-tokens': 9,
  fallback: ['c/d', 'e/f'],
  provider: ['p1', 'p2'],
  only: ['p1'],
  ignore: ['p3'],
  'provider-fallbacks': false,
  'route-by': 'price',
  'max-price': { prompt: '0.5', completion: '1.5' },
  quantization: ['fp8'],
  'min-throughput': 50,
  'max-latency': 1.5,
  'require-parameters': true,
  'data-policy': 'strict',
  zdr: true,
};

test('every stored parameter reaches the wire', async () => {
  const body = await sentBody(EVERYTHING);
  expect(body).toMatchObject({ model: 'a/b', models: ['c/d', 'e/f'], temperature: 0.5, stream: false });
  expect(body['provider']).toMatchObject({
    order: ['p1', 'p2'],
    only: ['p1'],
    ignore: ['p3'],
    allow_fallbacks: false,
    sort: 'price',
    max_price: { prompt: '0.5', completion: '1.5' },
    quantizations: ['fp8'],
    preferred_min_throughput: 50,
    preferred_max_latency: 1.5,
    require_parameters: true,
    data_collection: 'deny',
    zdr: true,
  });
  expect(JSON.stringify(body)).toContain('be brief');
});

test('a flag overrides one of them for one command', async () => {
  const { provider } = await sentBody(EVERYTHING, [
    '--no-zdr',
    '--provider-fallbacks',
    '--data-policy',
    'standard',
    '--allow-data-collection',
    '--only',
    'p9',
  ]);
  expect(provider).toMatchObject({ only: ['p9'], order: ['p1', 'p2'] });
  expect(provider).not.toMatchObject({ zdr: true });
  expect(provider).not.toMatchObject({ allow_fallbacks: false });
  expect(provider).not.toMatchObject({ data_collection: 'deny' });
});

test.each([['--data-policy', 'standard'], ['--no-zdr']])(
  '%s does not lower the stored data policy, and sends nothing',
  async (...args) => {
    const home = tempFolder();
    writeFileSync(join(home, 'config.json'), JSON.stringify({ model: 'a/b', 'data-policy': 'strict', zdr: true }));
    const { code, stderr } = await runOrx(['chat', 'hello', ...args], {
      home,
      env: { OPENROUTER_BASE_URL: 'http://127.0.0.1:9', OPENROUTER_API_KEY: 'sk-or-v1-x' },
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^error: the stored (data-policy is strict|zdr is true), and a flag or template can only raise it\nhint: .*--allow-data-collection/,
    );
  },
);

test('--allow-data-collection alone lowers it for one command', async () => {
  const body = await sentBody({ model: 'a/b', 'data-policy': 'strict', zdr: true }, ['--allow-data-collection']);
  expect(body['provider']).toBeUndefined();
});
