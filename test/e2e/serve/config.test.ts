import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { newGate } from '../../support/api-server.ts';
import { runOrx } from '../../support/run-orx.ts';
import { refuses, says, startScriptedUpstream, upstreamChunk, usageChunk } from '../../support/scripted-upstream.ts';
import { serveConfig } from '../../support/served-gateway.ts';
import { tempFolder } from '../../support/temp-home.ts';

const QUESTION = [{ role: 'user' as const, content: 'hi' }];

describe('the configuration of the built gateway', () => {
  test('is reloaded when its file changes, without dropping a stream; an invalid one changes nothing', async () => {
    const gate = newGate();
    const begun = newGate();
    let open = 0;
    const slow = await startScriptedUpstream(async (request, response) => {
      const { model } = request.json() as { model: string };
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(upstreamChunk(model, { content: 'first ' }));
      open += 1;
      if (open === 20) begun.open();
      await gate.opened;
      response.write(upstreamChunk(model, { content: 'last' }) + upstreamChunk(model, {}, 'stop') + usageChunk(model, 10, 2));
      response.end('data: [DONE]\n\n');
    });
    const other = await startScriptedUpstream(says(['from the other']));
    const config = (name: string, server: { origin: string }): string =>
      `vendors: {${name}: {base_url: "${server.origin}/v1"}}\nmodels: {chat: "${name}:m"}\n`;
    const gateway = await serveConfig(config('slow', slow));
    const ask = async (): Promise<{ text: string; finish: string | null | undefined }> => {
      const chunks = [];
      for await (const chunk of await gateway.client.chat.completions.create({ model: 'chat', messages: QUESTION, stream: true }))
        chunks.push(chunk);
      return {
        text: chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join(''),
        finish: chunks.at(-1)!.choices[0]?.finish_reason,
      };
    };
    const streams = Array.from({ length: 20 }, ask);
    await begun.opened;
    gateway.configure('models: {chat: "slow:m"}\nroutign: {}\n');
    await gateway.told('routign is not known; did you mean routing?; the old configuration stays in effect');
    expect(slow.completions()).toHaveLength(20);
    gateway.configure(config('other', other));
    await gateway.told('gateway.yaml was read again and is now in effect');
    expect(await ask()).toEqual({ text: 'from the other', finish: 'stop' });
    gate.open();
    expect(await Promise.all(streams)).toEqual(Array.from({ length: 20 }, () => ({ text: 'first last', finish: 'stop' })));
    gateway.reload();
    await gateway.told('gateway.yaml has not changed');
    expect((await ask()).text).toBe('from the other');
  });

  test('names come first in the model list, and a name without a target is an error', async () => {
    const upstream = await startScriptedUpstream(says(['hello']));
    const gateway = await serveConfig(`
vendors: {lab: {base_url: "${upstream.origin}/v1"}}
models:
  chat: {targets: [{model: "lab:m", prices: {input: 1, output: 2}}]}
  second: lab:n
aliases: {gpt-4: chat}
routing: {unlisted_models: false}
`);
    const { data } = await gateway.client.models.list();
    expect(data.map(({ id }) => id)).toEqual(['chat', 'second', 'gpt-4']);
    expect(data[0]).toMatchObject({ object: 'model', owned_by: 'orx', targets: ['lab:m'] });
    await expect(gateway.client.chat.completions.create({ model: 'lab:m', messages: QUESTION })).rejects.toMatchObject({
      status: 404,
    });
    const answer = await gateway.client.chat.completions.create({ model: 'gpt-4', messages: QUESTION });
    expect(answer).toMatchObject({ model: 'lab:m', choices: [{ message: { content: 'hello' } }], usage: { cost: 0.0012 } });
  });

  test('is checked and shown without serving, with keys hidden', async () => {
    const home = tempFolder();
    const path = join(home, 'gateway.yaml');
    writeFileSync(path, 'vendors: {lab: {base_url: "http://127.0.0.1:1/v1", key: sk-very-secret}}\nmodels: {chat: "lab:m"}\n');
    const good = await runOrx(['serve', '--config', path, '--check-config'], { home });
    expect([good.code, good.stderr]).toEqual([0, '']);
    expect(good.stdout).toMatch(/^models:\n {2}chat:\n {4}targets:\n {6}- model: lab:m\n/);
    expect(good.stdout).toContain('key: (hidden)');
    expect(good.stdout).not.toContain('very-secret');
    writeFileSync(path, 'routing:\n  retires: 2\n');
    const bad = await runOrx(['serve', '--config', path, '--check-config'], { home });
    expect([bad.code, bad.stderr.split('\n')[0]]).toEqual([
      2,
      'error: gateway.yaml:2: routing.retires is not known; did you mean retries?',
    ]);
    expect((await runOrx(['serve', '--check-config'])).code).toBe(2);
    expect((await runOrx(['serve', '--config', join(home, 'missing.yaml')])).code).toBe(2);
  });
});

test("a LiteLLM file works unchanged with OpenAI's client", async () => {
  const first = await startScriptedUpstream(refuses(503, { message: 'Down' }));
  const second = await startScriptedUpstream(says(['From the second host.'], { prompt: 500, completion: 50 }));
  const litellm = `
model_list:
  - model_name: gpt-4o
    litellm_params:
      model: openai/llama-70b
      api_base: ${first.origin}/v1
      api_key: os.environ/FIRST_KEY
      rpm: 100
  - model_name: claude
    litellm_params:
      model: hosted_vllm/qwen
      api_base: os.environ/SECOND_BASE
      api_key: "second-key"
      input_cost_per_token: 0.000001
      output_cost_per_token: 0.000002
      extra_body: {a: 1}
  - model_name: cloud
    litellm_params: {model: bedrock/anthropic.claude-sonnet-4-6}
router_settings:
  fallbacks: [{"gpt-4o": ["claude"]}]
  num_retries: 1
litellm_settings: {drop_params: true, callbacks: ["langfuse"]}
general_settings: {master_key: os.environ/LITELLM_MASTER_KEY}
`;
  const env = { FIRST_KEY: 'first-key-of-the-host', SECOND_BASE: `${second.origin}/v1`, LITELLM_MASTER_KEY: 'sk-1234-master' };
  const gateway = await serveConfig(litellm, { env, apiKey: 'sk-1234-master' });
  expect(gateway.stderr()).toContain('warning: litellm_params.extra_body: not passed on\n');
  expect(gateway.stderr()).toContain('warning: litellm_settings.callbacks: not used\n');
  expect(gateway.stderr()).toContain(
    'warning: model_list cloud (bedrock/anthropic.claude-sonnet-4-6): orx does not speak to bedrock; this entry is not served\n',
  );
  expect((await gateway.client.models.list()).data.map(({ id }) => id)).toEqual(['gpt-4o', 'claude']);
  const answer = await gateway.client.chat.completions.create({
    model: 'gpt-4o',
    messages: QUESTION,
    user: 'u-1',
    metadata: { tags: ['team-a'], trace_id: 't' } as unknown as Record<string, string>,
  });
  expect(answer).toMatchObject({
    model: 'vllm-2:qwen',
    choices: [{ message: { content: 'From the second host.' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 500, completion_tokens: 50, cost: 0.0006 },
  });
  expect(first.completions().map(({ headers }) => headers.authorization)).toEqual(
    Array.from({ length: 2 }, () => 'Bearer first-key-of-the-host'),
  );
  const [asked] = second.completions();
  expect(asked!.headers.authorization).toBe('Bearer second-key');
  expect(asked!.json()).not.toHaveProperty('tags');
  const stranger = new OpenAI({ baseURL: gateway.url, apiKey: 'sk-other', maxRetries: 0 });
  await expect(stranger.chat.completions.create({ model: 'gpt-4o', messages: QUESTION })).rejects.toMatchObject({ status: 401 });
  const entries = await gateway.entries();
  expect(entries.map(({ requested_model: model, tags }) => [model, tags])).toEqual([
    [expect.stringMatching(/:llama-70b$/), 'team-a'],
    [expect.stringMatching(/:llama-70b$/), 'team-a'],
    ['vllm-2:qwen', 'team-a'],
  ]);
  expect(readFileSync(join(gateway.home, 'gateway.yaml'), 'utf8')).toBe(litellm);
});
