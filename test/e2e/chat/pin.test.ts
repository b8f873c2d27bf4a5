import { expect, test } from 'vitest';
import { type ApiServer, sendJson, startApiServer } from '../../support/api-server.ts';
import { wireModel } from '../../support/catalogue.ts';
import { openChatTerminal } from '../../support/chat-terminal.ts';
import { runOrx, type RunResult } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

const endpoint = (provider_name: string, tag: string) => ({
  provider_name,
  tag,
  context_length: 1000,
  supported_parameters: [],
  pricing: { prompt: '0.000001', completion: '0.000002' },
});

/** An API whose model a/one has three endpoints, and is answered by the provider whose name the prompt contains. */
const routing = (): Promise<ApiServer> =>
  startApiServer((request, response) => {
    if (request.url.endsWith('/models/a/one/endpoints')) {
      const endpoints = [endpoint('Novita', 'novita/fp8'), endpoint('Groq', 'groq/a'), endpoint('Groq', 'groq/b')];
      return sendJson(response, 200, { data: { id: 'a/one', name: 'One', endpoints } });
    }
    if (request.url.includes('/models') && !request.url.includes('endpoints'))
      return sendJson(response, 200, { data: [wireModel('a/one')] });
    if (request.method !== 'POST') return sendJson(response, 404, { error: { code: 404, message: 'not here' } });
    const { messages, model } = request.json() as { messages: { content: string }[]; model: string };
    const content = messages.at(-1)!.content;
    return sendJson(response, 200, {
      id: 'gen-1',
      model: content.includes('other') ? 'b/two' : model,
      provider: content.includes('Groq') ? 'Groq' : 'Novita',
      choices: [{ message: { role: 'assistant', content: `answer to ${content}` }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3, cost: 0.01 },
    });
  });

const sent = (server: ApiServer): any[] => server.requests.filter(({ method }) => method === 'POST').map((one) => one.json());

async function setUp() {
  const server = await routing();
  const home = tempFolder();
  const env = { OPENROUTER_API_KEY: 'sk-or-v1-0123456789', OPENROUTER_BASE_URL: server.url, ORX_MODEL: 'a/one' };
  const orx = (...args: string[]): Promise<RunResult> => runOrx(args, { home, env });
  return { server, home, env, orx };
}

test('--pin sends the request to the provider that answered last, by the tag of its endpoint if that is known', async () => {
  const { server, orx } = await setUp();
  await orx('chat', 'hi');
  const first = await orx('chat', '-c', '--pin', 'more');
  expect(first).toMatchObject({ code: 0, stderr: 'note: pinned to a/one at Novita\n' });
  expect((await orx('endpoints', 'a/one')).code).toBe(0);
  await orx('chat', '-c', '--pin', '-q', 'Groq now');
  // Groq has two endpoints of the model, and an answer does not say which of them it was.
  const last = await orx('chat', '-c', '--pin', '--fork', 'more');
  expect(last.stderr).toBe('note: pinned to a/one at groq\n');
  expect(sent(server).map(({ provider }) => provider?.only)).toEqual([undefined, ['Novita'], ['novita/fp8'], ['groq']]);
});

test('--pin replaces stored choices of providers, and the model that answered counts', async () => {
  const { server, orx } = await setUp();
  for (const [key, value] of [
    ['provider', 'groq'],
    ['route-by', 'price'],
    ['fallback', 'c/three'],
  ])
    await orx('config', 'set', key!, value!);
  await orx('chat', 'other');
  expect((await orx('chat', '-c', '--pin', 'more')).stderr).toBe('note: pinned to b/two at Novita\n');
  expect(sent(server)[1]).toMatchObject({ model: 'b/two', provider: { only: ['Novita'] } });
  expect(sent(server)[1]).not.toHaveProperty('models');
  expect(sent(server)[1]).not.toHaveProperty('provider.order');
  const other = await orx('chat', '-c', '--pin', '-m', 'a/one', 'more');
  expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('--pin means b/two, which answered last, not a/one')]);
  await orx('config', 'set', 'ignore', 'novita');
  const ignored = await orx('chat', '-c', '--pin', 'more');
  expect([ignored.code, ignored.stderr]).toEqual([2, expect.stringContaining('Novita answered last, and is in --ignore')]);
  expect(sent(server)).toHaveLength(2);
});

test.each([
  ['--provider', 'novita'],
  ['--only', 'novita'],
  ['--route-by', 'price'],
  ['--fallback', 'b/two'],
])('--pin and %s cannot be combined', async (...flags) => {
  const { orx } = await setUp();
  const { code, stderr } = await orx('chat', '-c', '--pin', ...flags, 'hi');
  expect([code, stderr]).toEqual([2, expect.stringContaining('cannot be combined\n  --pin chooses the model and the provider')]);
});

test('without an answer there is nothing to pin', async () => {
  const { server, orx } = await setUp();
  const { code, stderr } = await orx('chat', '--pin', 'hi');
  expect([code, stderr]).toEqual([
    2,
    'error: no provider has answered in this conversation yet\n' +
      'hint: continue a conversation that has an answer: orx chat -c --pin "PROMPT"\n',
  ]);
  expect(sent(server)).toEqual([]);
});

test('in a session, a pin follows /resume and /fork, and /pin - and /model end it', async () => {
  const { server, home, env, orx } = await setUp();
  await orx('chat', 'Groq first');
  await orx('chat', 'hi');
  const [, { id }] = JSON.parse((await orx('history', '--json')).stdout);
  const terminal = openChatTerminal(server, ['-c', '--pin', '-m', 'a/one'], { home, env, rows: 60 });
  await terminal.waitFor('/ commands');
  const say = async (text: string, wait: string | RegExp): Promise<void> => {
    terminal.type(`${text}\r`);
    await terminal.waitFor(wait);
  };
  await say('one', 'answer to one');
  await say(`/resume ${id}`, 'pinned to a/one at Groq');
  await say('two Groq', 'answer to two Groq');
  await say('/fork', /continuing in a copy/);
  await say('three', 'answer to three');
  await say('/pin -', 'no provider is pinned any more');
  await say('four', 'answer to four');
  await say('/pin', 'pinned to a/one at Novita');
  await say('five', 'answer to five');
  await say('/new', 'no longer pinned: no provider has answered');
  await say('/pin', /hint: send a message first/);
  await say('six', 'answer to six');
  terminal.type('\u0004');
  expect(await terminal.exit).toBe(0);
  expect(
    sent(server)
      .slice(2)
      .map(({ provider }) => provider?.only?.[0]),
  ).toEqual(['Novita', 'Groq', 'Groq', undefined, 'Novita', undefined]);
});

test('in a session, a pin does not apply to /retry MODEL and /compare, and /save and /fork keep it', async () => {
  const { server, home, env } = await setUp();
  const terminal = openChatTerminal(server, [], { home, env, rows: 60 });
  await terminal.waitFor('/ commands');
  const say = async (text: string, wait: string | RegExp): Promise<void> => {
    terminal.type(`${text}\r`);
    await terminal.waitFor(wait);
  };
  await say('one', 'answer to one');
  await say('/pin', 'pinned to a/one at Novita');
  await say('/retry d/four', 'the next message goes to a/one again');
  await say('/save Kept', 'saved as: Kept');
  await say('two Groq', 'answer to two Groq');
  await say('/compare e/five', /rank|×/);
  await say('/fork', /continuing in a copy/);
  await say('three', 'answer to three');
  terminal.type('\u0004');
  expect(await terminal.exit).toBe(0);
  expect(terminal.raw().split('pinned to')).toHaveLength(2);
  const requests = sent(server).map(({ model, provider }) => [model, provider?.only?.[0]]);
  expect(requests.slice(0, 3)).toEqual([
    ['a/one', undefined],
    ['d/four', undefined],
    ['a/one', 'Novita'],
  ]);
  expect(requests.slice(3, 5).toSorted()).toEqual([
    ['a/one', 'Novita'],
    ['e/five', undefined],
  ]);
  expect(requests[5]).toEqual(['a/one', 'Novita']);
});

test('typed flags that change nothing are reported before the request, once the endpoints are known', async () => {
  const { orx } = await setUp();
  const args = ['chat', '--ignore', 'chutes', '--max-price', '5,5', '--zdr', 'hi'];
  expect((await orx(...args)).stderr).toBe('');
  await orx('endpoints', 'a/one');
  expect((await orx(...args)).stderr).toBe(
    'note: --ignore has no effect: chutes does not serve a/one\nnote: --max-price has no effect: every price of a/one is within it\n',
  );
  expect((await orx(...args, '-q')).stderr).toBe('');
  // Stored settings are for other models too.
  await orx('config', 'set', 'ignore', 'chutes');
  expect((await orx('chat', 'hi')).stderr).toBe('');
  const [explained] = JSON.parse((await orx('chat', '--explain-routing', '--json', 'hi')).stdout);
  expect(explained.no_effect).toEqual([{ flag: '--ignore', because: 'chutes does not serve a/one' }]);
});

test('at a vendor no routing flag has an effect: reported once, before the request', async () => {
  const server = await startApiServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.end(
      `${JSON.stringify({ model: 'm', message: { role: 'assistant', content: 'ok' }, done: true, done_reason: 'stop', prompt_eval_count: 1, eval_count: 1 })}\n`,
    );
  });
  const args = ['chat', '-m', 'ollama:m', '--provider', 'novita', '--no-provider-fallbacks', 'hi'];
  const { stdout, stderr } = await runOrx(args, { env: { OLLAMA_HOST: server.origin } });
  expect([stdout, stderr]).toEqual(['ok\n', 'warning: left out: --provider: requests to Ollama are not routed\n']);
});
