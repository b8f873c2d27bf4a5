import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent, get as httpsGet } from 'node:https';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import OpenAI from 'openai';
import { describe, expect, onTestFinished, test } from 'vitest';
import { newGate } from '../../support/api-server.ts';
import { runOrx } from '../../support/run-orx.ts';
import { runServe } from '../../support/run-serve.ts';
import { refuses, says, startScriptedUpstream, upstreamChunk, usageChunk } from '../../support/scripted-upstream.ts';
import { serveConfig } from '../../support/served-gateway.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { CLIENT_TLS_FILES, TLS_FILES } from '../../support/tls-files.ts';

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
    gateway.reload();
    await expect.poll(() => gateway.stderr().split('; the old configuration stays in effect').length).toBe(3);
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

  test('is not replaced by one without any provider, with which orx would not start', async () => {
    const vendor = await startScriptedUpstream(says(['hello']));
    const config = `vendors: {one: {base_url: "${vendor.origin}/v1"}}\nmodels: {chat: "one:m"}\n`;
    const gateway = await serveConfig(config, { env: { OPENROUTER_API_KEY: '' } });
    gateway.configure('models: {}\n');
    await gateway.told('the gateway has no provider to send requests to; the old configuration stays in effect');
    const answer = await gateway.client.chat.completions.create({ model: 'chat', messages: QUESTION });
    expect(answer.choices[0]!.message.content).toBe('hello');
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

describe('how the gateway runs', () => {
  const completion = (url: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${url}/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer any', 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ model: 'chat', messages: QUESTION, max_tokens: 100 }),
    });

  test('log, cache, hosts and budgets come from the file and change with it; others need a restart', async () => {
    const upstream = await startScriptedUpstream(says(['hello'], { prompt: 1000, completion: 100 }));
    const serves = `
vendors: {lab: {base_url: "${upstream.origin}/v1"}}
models: {chat: {targets: [{model: "lab:m", prices: {input: 1, output: 2}}]}}
`;
    const gateway = await serveConfig(
      `${serves}\nlog: {format: json, content: true}\ncache: memory\nbudgets: [{month: 50}, {tag: night, day: 0.000001}]\n`,
    );
    const budgets = async (): Promise<unknown[]> =>
      (JSON.parse((await runOrx(['budget', 'list', '--json'], { home: gateway.home })).stdout) as Record<string, unknown>[]).map(
        ({ period, limit, tag }) => [period, limit, tag],
      );
    expect(await budgets()).toEqual([
      ['month', '50', null],
      ['day', '0.000001', 'night'],
    ]);
    const [first, second] = [await completion(gateway.url), await completion(gateway.url)];
    expect([first.headers.get('x-orx-cache'), second.headers.get('x-orx-cache')]).toEqual([null, 'hit']);
    await gateway.told('"answer":"hello"');
    expect((await completion(gateway.url, { 'x-orx-tags': 'night', 'cache-control': 'no-store' })).status).toBe(402);
    gateway.configure(
      `${serves}\nlog: none\nbudgets: [{month: 60}]\nserver: {host: 0.0.0.0, port: 9000, allow_hosts: llm.example}\n`,
    );
    await gateway.told('warning: server.host has changed; restart orx serve to apply it\n');
    // The tests name the port with a flag, which wins.
    expect(gateway.stderr()).not.toContain('server.port');
    expect(await budgets()).toEqual([['month', '60', null]]);
    const before = gateway.stderr();
    expect((await completion(gateway.url, { 'x-orx-tags': 'night' })).headers.get('x-orx-cache')).toBe(null);
    expect(upstream.completions()).toHaveLength(2);
    expect(gateway.stderr()).toBe(before);
    gateway.configure(serves);
    await gateway.told('gateway.yaml was read again and is now in effect');
    await expect.poll(budgets).toEqual([]);
  });

  test('budgets of a file replace others with a notice, and need the ledger', async () => {
    const home = tempFolder();
    const path = join(home, 'gateway.yaml');
    writeFileSync(path, 'vendors: {lab: {base_url: "http://127.0.0.1:1/v1"}}\nmodels: {chat: "lab:m"}\nbudgets: {month: 50}\n');
    await runOrx(['budget', 'add', '--month', '20'], { home });
    const gateway = await runServe(['--config', path], { home });
    await gateway.told('warning: the budget for everything is now $50 a month; it was $20\n');
    await gateway.stop();
    const refused = await runOrx(['serve', '--port', '0', '--config', path, '--no-ledger'], { home });
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('error: budgets need the ledger')]);
  });

  test('a renewed certificate is used for new connections, while open ones continue', async () => {
    const upstream = await startScriptedUpstream(says(['hello']));
    const home = tempFolder();
    const path = join(home, 'gateway.yaml');
    mkdirSync(join(home, 'tls'));
    const put = ({ certificate, privateKey }: { certificate: string; privateKey: string }): void => {
      writeFileSync(join(home, 'tls', 'cert.pem'), certificate);
      writeFileSync(join(home, 'tls', 'key.pem'), privateKey);
    };
    put(TLS_FILES);
    writeFileSync(
      path,
      `server: {tls_cert: tls/cert.pem, tls_key: tls/key.pem}\nvendors: {lab: {base_url: "${upstream.origin}/v1"}}\nmodels: {chat: "lab:m"}\n`,
    );
    const gateway = await runServe(['--config', path], { home });
    expect(gateway.url).toMatch(/^https:/);
    const agent = new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false });
    onTestFinished(() => agent.destroy());
    const subject = (withAgent: Agent | false): Promise<string> =>
      new Promise((resolve, reject) => {
        const url = new URL('/health', gateway.url);
        httpsGet(url, { agent: withAgent, rejectUnauthorized: false }, (response) => {
          const { subject: of } = (response.socket as TLSSocket).getPeerCertificate();
          response.resume().on('end', () => resolve(String(of.CN)));
        }).on('error', reject);
      });
    expect(await subject(agent)).toBe('localhost');
    writeFileSync(join(home, 'tls', 'cert.pem'), CLIENT_TLS_FILES.certificate);
    await gateway.told('the private key does not match the certificate; the old TLS certificate stays in use');
    expect(await subject(false)).toBe('localhost');
    put(CLIENT_TLS_FILES);
    await gateway.told('the TLS certificate was read again; new connections use it');
    expect([await subject(false), await subject(agent)]).toEqual(['orx-test-client', 'localhost']);
  });

  test('flags override the file, as --check-config shows', async () => {
    const home = tempFolder();
    const path = join(home, 'gateway.yaml');
    writeFileSync(path, 'models: {}\nserver: {port: 8080}\ncache: memory\n');
    const args = ['serve', '--config', path, '--check-config', '--port', '9000', '-q'];
    const { stdout, code } = await runOrx(args, { home });
    expect([code, stdout]).toEqual([0, expect.stringContaining('server:\n  host: 127.0.0.1 # default\n  port: 9000 # --port\n')]);
    expect(stdout).toContain('log:\n  format: none # -q\n  content: false # -q\ncache:\n  store: memory\n  ttl: 1h # default\n');
    const loose = await runOrx(['serve', '--config', path, '--check-config', '--log-content'], { home });
    expect([loose.code, loose.stderr]).toEqual([2, expect.stringContaining('log.content needs the format json')]);
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

test("a LiteLLM file's tags choose the target in every dialect, by header, body and key", async () => {
  const free = await startScriptedUpstream(says(['free']));
  const paid = await startScriptedUpstream(says(['paid']));
  const entry = (server: { origin: string }, tags: string): string =>
    `  - {model_name: chat, litellm_params: {model: hosted_vllm/m, api_base: "${server.origin}/v1", tags: [${tags}]}}\n`;
  const gateway = await serveConfig(
    `model_list:\n${entry(free, 'free, default')}${entry(paid, 'paid')}router_settings: {enable_tag_filtering: true}\nlitellm_settings: {cache: true, cache_params: {type: local}}\n`,
  );
  const post = async (path: string, body: object, headers: Record<string, string> = {}): Promise<string> => {
    const response = await fetch(`${gateway.url}${path}`, {
      method: 'POST',
      headers: { authorization: 'Bearer any', 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ model: 'chat', ...body }),
    });
    const [, answer = `${response.status}`] = /"(free|paid)"/.exec(await response.text()) ?? [];
    return answer;
  };
  const header = { 'x-litellm-tags': 'other, paid' };
  const chat = { messages: QUESTION };
  const message = { ...chat, max_tokens: 50 };
  expect([
    await post('/chat/completions', chat),
    await post('/chat/completions', chat, header),
    await post('/chat/completions', { ...chat, tags: ['paid'] }),
    await post('/chat/completions', { ...chat, metadata: { tags: ['paid'] } }),
    await post('/chat/completions', { ...chat, metadata: { tags: ['unknown'] } }),
    await post('/messages', message, header),
    await post('/messages', { ...message, litellm_metadata: { tags: ['paid'] } }),
    await post('/responses', { input: 'hi' }, header),
    await post('/responses', { input: 'hi', metadata: { tags: ['paid'] } }),
    await post('/../v1beta/models/chat:generateContent', { contents: [{ parts: [{ text: 'hi' }] }] }, header),
  ]).toEqual(['free', 'paid', 'paid', 'paid', 'free', 'paid', 'paid', 'paid', 'paid', 'paid']);
  expect(free.completions()).toHaveLength(2);
});
