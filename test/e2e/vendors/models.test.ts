import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sendJson, startApiServer, type ApiServer } from '../../support/api-server.ts';
import { wireModel } from '../../support/catalogue.ts';
import { startAnthropic, startCompatible } from '../../support/keyed-vendors.ts';
import { runOrx, type RunResult } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { openTerminal } from '../../support/terminal.ts';

const KEY = 'sk-ant-api03-0123456789abcdef';
const ROUTER_KEY = 'sk-or-v1-0123456789abcdef0123456789abcdef';

/** Starts an OpenRouter that lists two models. */
function startRouter(): Promise<ApiServer> {
  const models = [
    wireModel('anthropic/claude-sonnet-4.6', { in: '0.000003', out: '0.000015' }),
    wireModel('openai/gpt-4o', { in: '0.0000025', out: '0.00001' }),
  ];
  return startApiServer((request, response) => {
    const path = request.url.split('?')[0]!;
    if (path === '/api/v1/models') return sendJson(response, 200, { data: models });
    const id = /^\/api\/v1\/models\/(.+)\/endpoints$/.exec(path)?.[1];
    const model = models.find((one) => one['id'] === id);
    if (model === undefined) return sendJson(response, 404, { error: { code: 404, message: `not here: ${path}` } });
    const endpoint = { ...model, name: 'P', provider_name: 'Provider', tag: 'provider' };
    return sendJson(response, 200, { data: { ...model, endpoints: [endpoint] } });
  });
}

/** Replaces the network to OpenRouter: every connection except those to this machine goes through it. */
async function startWatchedProxy(): Promise<{ url: string; connections: () => number }> {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}`, connections: () => connections };
}

const idsOf = ({ stdout }: RunResult): string[] =>
  stdout
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(' ')[0]!);

test('with the key of one vendor alone everything works, and openrouter.ai receives no request', async () => {
  const anthropic = await startAnthropic(KEY);
  const proxy = await startWatchedProxy();
  const home = tempFolder();
  const env = { ANTHROPIC_BASE_URL: anthropic.origin, ANTHROPIC_API_KEY: KEY, HTTPS_PROXY: proxy.url };
  const orx = (...args: string[]): Promise<RunResult> => runOrx(args, { home, env });

  const models = await orx('models');
  expect([models.code, models.stderr]).toEqual([0, '2 models from Anthropic, just fetched\n']);
  expect(models.stdout).toMatch(/^anthropic:claude-sonnet-4-6 +3\.00 +15\.00 +1M /m);
  expect(models.stdout).toMatch(/^anthropic:claude-strange-1 +unknown +unknown /m);

  const card = await orx('models', 'show', 'anthropic:claude-sonnet-4-6');
  expect(card.stdout).toContain("prices from     orx's built-in table");
  expect(card.stdout).not.toContain('openrouter.ai');
  const strange = await orx('models', 'show', 'anthropic:claude-strange-1');
  expect(strange.stdout).toMatch(/\$ per million +unknown/);
  const endpoints = await orx('endpoints', 'anthropic:claude-sonnet-4-6');
  expect(endpoints.stdout).toMatch(/^Anthropic +anthropic .* 3\.00 +15\.00 /m);

  const chat = await orx('chat', 'hi');
  expect([chat.code, chat.stdout]).toEqual([0, 'From Anthropic.\n']);
  expect(chat.stderr).toContain('using anthropic:claude-sonnet-4-6 (ANTHROPIC_API_KEY)');
  const price = await orx('price', 'anthropic:claude-sonnet-4-6', 'anthropic:claude-strange-1', '--in', '1000', '--out', '200');
  expect(price.stdout).toMatch(/^anthropic:claude-sonnet-4-6 +\$0\.006 /m);
  expect(price.stdout).toMatch(/^anthropic:claude-strange-1 +unknown/m);

  const last = await orx('cost', 'last');
  expect(last.stdout).toMatch(/^anthropic:claude-sonnet-4-6 .* 1,000 +200 +\$0\.006 +computed$/m);
  const usage = await orx('usage');
  expect(usage.stdout).toMatch(/^anthropic:claude-sonnet-4-6 +1 .*\$0\.00600$/m);
  const ifStrange = await orx('usage', '--what-if', 'anthropic:claude-strange-1');
  expect([ifStrange.code, ifStrange.stdout]).toEqual([0, expect.stringMatching(/^anthropic:claude-strange-1 +unknown/m)]);
  const history = await orx('history');
  expect(history.stdout).toMatch(/^hi .*anthropic:claude-sonnet-4-6 +2 +\$0\.00600$/m);

  const status = await orx('auth', 'status');
  expect(status.code).toBe(3);
  expect(status.stderr).toContain('no API key for OpenRouter');
  expect(status.stderr).toContain('use a vendor that works without one: anthropic');
  expect(status.stderr).toContain('orx chat -m anthropic:claude-sonnet-4-6');
  expect(proxy.connections()).toBe(0);
});

test('an OpenRouter model needs its key, and no vendor is used instead', async () => {
  const anthropic = await startAnthropic(KEY);
  const env = { ANTHROPIC_BASE_URL: anthropic.origin, ANTHROPIC_API_KEY: KEY };
  const { code, stderr } = await runOrx(['chat', '-m', 'anthropic/claude-sonnet-4.6', 'hi'], { env });
  expect([code, stderr]).toEqual([3, expect.stringContaining('no API key')]);
  expect(anthropic.connections()).toBe(0);
});

test('with both keys both are listed; --vendor selects some; a key goes only to its own host', async () => {
  const [router, anthropic, lab] = await Promise.all([
    startRouter(),
    startAnthropic(KEY),
    startCompatible('sk-lab-0123456789', ['qwen3']),
  ]);
  const home = tempFolder();
  const vendors = { lab: { baseUrl: `${lab.origin}/v1`, keyVariable: 'LAB_KEY' } };
  writeFileSync(join(home, 'config.json'), JSON.stringify({ vendors }));
  const env = {
    OPENROUTER_BASE_URL: router.url,
    OPENROUTER_API_KEY: ROUTER_KEY,
    ANTHROPIC_BASE_URL: anthropic.origin,
    ANTHROPIC_API_KEY: KEY,
    LAB_KEY: 'sk-lab-0123456789',
  };
  const orx = (...args: string[]): Promise<RunResult> => runOrx(args, { home, env });
  const routed = ['anthropic/claude-sonnet-4.6', 'openai/gpt-4o'];
  const direct = ['anthropic:claude-sonnet-4-6', 'anthropic:claude-strange-1'];
  const all = await orx('models');
  expect(idsOf(all).toSorted()).toEqual([...routed, ...direct, 'lab:qwen3'].toSorted());
  expect(idsOf(await orx('models', '--vendor', 'anthropic')).toSorted()).toEqual(direct);
  expect(idsOf(await orx('models', '--vendor', 'openrouter')).toSorted()).toEqual(routed);
  expect(idsOf(await orx('models', '--vendor', 'lab,openrouter')).toSorted()).toEqual([...routed, 'lab:qwen3'].toSorted());
  const json = JSON.parse((await orx('models', '--vendor', 'lab', '--json')).stdout);
  expect(json).toMatchObject([{ id: 'lab:qwen3' }]);
  const nobody = await orx('models', '--vendor', 'nobody');
  expect([nobody.code, nobody.stderr]).toEqual([6, expect.stringContaining('unknown vendor nobody')]);

  const compared = await orx('compare', 'hi', '-m', 'lab:qwen3', '-m', 'anthropic:claude-sonnet-4-6');
  expect(compared.code).toBe(0);
  const keysOf = ({ requests }: ApiServer): Set<unknown> =>
    new Set(requests.flatMap(({ headers }) => [headers.authorization, headers['x-api-key']].filter((key) => key !== undefined)));
  expect([...keysOf(anthropic)]).toEqual([KEY]);
  expect([...keysOf(lab)]).toEqual(['Bearer sk-lab-0123456789']);
  expect([...keysOf(router)].filter((key) => key !== `Bearer ${ROUTER_KEY}`)).toEqual([]);
});

test('a vendor that cannot be listed hides no other; if it is named, that is an error', async () => {
  const [anthropic, lab] = await Promise.all([startAnthropic('another key'), startCompatible(undefined, ['qwen3'])]);
  const home = tempFolder();
  writeFileSync(join(home, 'config.json'), JSON.stringify({ vendors: { lab: { baseUrl: `${lab.origin}/v1` } } }));
  const options = { home, env: { ANTHROPIC_BASE_URL: anthropic.origin, ANTHROPIC_API_KEY: KEY } };
  const all = await runOrx(['models'], options);
  expect([all.code, idsOf(all)]).toEqual([0, ['lab:qwen3']]);
  expect(all.stderr).toContain('warning: the models of Anthropic cannot be listed: ');
  const named = await runOrx(['models', '--vendor', 'anthropic'], options);
  expect(named.code).toBe(3);
  expect(all.stderr + named.stderr).not.toContain(KEY);
});

test('direct and routed prices are compared without a key for the vendor', async () => {
  const router = await startRouter();
  const env = { OPENROUTER_BASE_URL: router.url, OPENROUTER_API_KEY: ROUTER_KEY };
  const args = ['price', 'anthropic:claude-sonnet-4-6', 'anthropic/claude-sonnet-4.6', '--in', '1000', '--out', '1000'];
  const { code, stdout } = await runOrx(args, { env });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^anthropic:claude-sonnet-4-6 +\$0\.018 +\$0\.018 +Anthropic /m);
  expect(stdout).toMatch(/^anthropic\/claude-sonnet-4\.6 +\$0\.018 +\$0\.018 +Provider /m);
});

test('models that orx itself knows are shown without a key, with a notice', async () => {
  const { code, stdout, stderr } = await runOrx(['models', '--vendor', 'mistral']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^mistral:mistral-/m);
  expect(stderr).toContain('warning: no key for Mistral: showing a built-in list of models; store one: orx vendors add mistral');
});

test('orx expects a server that does not run at its own URL', async () => {
  const env = { OLLAMA_HOST: '127.0.0.1:1' };
  const results = await Promise.all([
    runOrx(['models', '--vendor', 'ollama'], { env }),
    runOrx(['chat', '-m', 'ollama:llama3.2', '--retries', '0', 'hi'], { env }),
  ]);
  expect(results.map(({ code }) => code)).toEqual([8, 8]);
  for (const { stderr } of results) {
    expect(stderr).toContain('check that Ollama is running');
    expect(stderr).toContain('change the base URL (now http://127.0.0.1:1/api): orx vendors add ollama --base-url');
  }
});

test('names of direct models can be stored: alias, favorite, default, template', async () => {
  const anthropic = await startAnthropic(KEY);
  const lab = await startCompatible(undefined, ['qwen3']);
  const home = tempFolder();
  writeFileSync(join(home, 'config.json'), JSON.stringify({ vendors: { lab: { baseUrl: `${lab.origin}/v1` } } }));
  const env = { ANTHROPIC_BASE_URL: anthropic.origin, ANTHROPIC_API_KEY: KEY };
  const orx = (...args: string[]): Promise<RunResult> => runOrx(args, { home, env });
  const codes = [
    await orx('alias', 'add', 'q', 'lab:qwen3'),
    await orx('fav', 'add', 'anthropic:claude-sonnet-4-6'),
    await orx('config', 'set', 'model', 'lab:qwen3'),
    await orx('config', 'set', 'fallback', 'anthropic:claude-sonnet-4-6'),
  ].map(({ code }) => code);
  expect(codes).toEqual([0, 0, 0, 0]);
  expect((await orx('chat', '-m', 'q', 'hi')).stdout).toBe('From the compatible host.\n');
  expect((await orx('chat', 'hi')).stdout).toBe('From the compatible host.\n');
  expect(idsOf(await orx('models', '--favorites'))).toEqual(['anthropic:claude-sonnet-4-6']);
  mkdirSync(join(home, 'templates'), { recursive: true });
  writeFileSync(join(home, 'templates', 'ask.md'), '---\nmodel: anthropic:claude-sonnet-4-6\n---\nSay {{input}}\n');
  const filled = await runOrx(['chat', '-t', 'ask', 'hello'], { home, env });
  expect([filled.code, filled.stdout]).toEqual([0, 'From Anthropic.\n']);
  expect(anthropic.requests.at(-1)!.json().messages).toEqual([{ role: 'user', content: [{ type: 'text', text: 'Say hello' }] }]);
  expect(readFileSync(join(home, 'config.json'), 'utf8')).toContain('"lab:qwen3"');
});

test('the live table has direct models', async () => {
  const anthropic = await startAnthropic(KEY);
  const env = { ANTHROPIC_BASE_URL: anthropic.origin, ANTHROPIC_API_KEY: KEY };
  const terminal = openTerminal(['models'], { columns: 120, env });
  await terminal.waitFor('anthropic:claude-strange-1');
  await terminal.waitFor('unknown');
  terminal.type('strange');
  await terminal.until(() => /strange/.test(terminal.raw()));
  terminal.type('\u0003');
  expect(await terminal.exit).toBe(130);
});
