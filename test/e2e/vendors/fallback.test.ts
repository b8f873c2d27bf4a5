import { describe, expect, test } from 'vitest';
import { answerPieces, type ApiServer, sendJson, sendPieces, startApiServer } from '../../support/api-server.ts';
import { runOrx } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

/** No server: nothing that listens there receives a request. */
const NOWHERE = 'http://127.0.0.1:9';
const LIST = ['-m', 'deepseek/deepseek-chat', '--fallback', 'anthropic:claude-sonnet-4-6,ollama:llama3.2:3b'];

const overloaded = (): Promise<ApiServer> =>
  startApiServer((_, response) =>
    sendJson(response, 529, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' }, request_id: 'req_1' }),
  );

const ollama = (): Promise<ApiServer> =>
  startApiServer((request, response) => {
    if (request.url !== '/api/chat') return sendJson(response, 404, { error: 'not found' });
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.write(
      `${JSON.stringify({ model: 'llama3.2:3b', message: { role: 'assistant', content: 'From this machine.' }, done: false })}\n`,
    );
    response.end(
      `${JSON.stringify({ model: 'llama3.2:3b', message: { role: 'assistant', content: '' }, done: true, done_reason: 'stop', prompt_eval_count: 7, eval_count: 4 })}\n`,
    );
  });

async function setUp(openRouter = NOWHERE) {
  const [anthropic, local] = [await overloaded(), await ollama()];
  const env = {
    OPENROUTER_BASE_URL: openRouter,
    OPENROUTER_API_KEY: 'sk-or-v1-0123456789',
    ANTHROPIC_BASE_URL: anthropic.origin,
    ANTHROPIC_API_KEY: 'sk-ant-0123456789',
    OLLAMA_HOST: local.origin,
    ORX_RETRIES: '0',
  };
  const home = tempFolder();
  const orx = (...args: string[]) => runOrx(args, { home, env });
  return { anthropic, local, orx };
}

describe('a mixed fallback list', () => {
  test('with OpenRouter down and a vendor overloaded: Ollama answers, and orx reports the failures and the cost', async () => {
    const { anthropic, local, orx } = await setUp();
    const { code, stdout, stderr } = await orx('chat', ...LIST, '-u', 'hi');
    expect([code, stdout]).toEqual([0, 'From this machine.\n']);
    expect(stderr).toMatch(/warning: deepseek\/deepseek-chat could not answer: .*127\.0\.0\.1:9/);
    expect(stderr).toMatch(/warning: anthropic:claude-sonnet-4-6 could not answer: Anthropic: Overloaded/);
    expect(stderr).toContain('warning: answered by ollama:llama3.2:3b, not deepseek/deepseek-chat');
    expect(stderr).toMatch(/Ollama · .*7 in → 4 out · \$0 \(computed\)/);
    expect([anthropic.requests.length, local.requests.filter(({ url }) => url === '/api/chat').length]).toEqual([1, 1]);
    // Each key was sent only to its own host.
    expect(anthropic.requests[0]!.headers).toMatchObject({ 'x-api-key': 'sk-ant-0123456789' });
    expect(local.requests[0]!.headers).not.toHaveProperty('authorization');

    const entries = (await orx('ledger', 'export', '-o', 'jsonl')).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(entries.map(({ requested_model: model, outcome, api }) => [model, outcome, api])).toEqual([
      ['deepseek/deepseek-chat', 'failed', NOWHERE],
      ['anthropic:claude-sonnet-4-6', 'failed', `${anthropic.origin}/v1`],
      ['ollama:llama3.2:3b', 'complete', `${local.origin}/api`],
    ]);
    expect(entries.at(-1)).toMatchObject({ cost: '0', cost_source: 'computed', provider: 'Ollama' });
  });

  test('is reported in JSON, and in a line of stream-json as it happens', async () => {
    const { orx } = await setUp();
    const answer = JSON.parse((await orx('chat', ...LIST, '--json', 'hi')).stdout);
    expect(answer).toMatchObject({
      model: 'ollama:llama3.2:3b',
      requested_model: 'deepseek/deepseek-chat',
      cost: '0',
      cost_source: 'computed',
    });
    expect(answer.fallbacks.map(({ model, next, error }: any) => [model, next, error.kind])).toEqual([
      ['deepseek/deepseek-chat', 'anthropic:claude-sonnet-4-6', 'network'],
      ['anthropic:claude-sonnet-4-6', 'ollama:llama3.2:3b', 'provider'],
    ]);
    const lines = (await orx('chat', ...LIST, '-o', 'stream-json', 'hi')).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ type }) => type)).toEqual(['fallback', 'fallback', 'start', 'text', 'result']);
  });

  test('sends no other request if OpenRouter answers', async () => {
    const server = await startApiServer((_, response) => sendPieces(response, answerPieces(['fine'])));
    const { anthropic, local, orx } = await setUp(server.url);
    const { code, stdout, stderr } = await orx('chat', ...LIST, 'hi');
    expect([code, stdout]).toEqual([0, 'fine\n']);
    expect(stderr).not.toContain('could not answer');
    expect(server.requests[0]!.json()).not.toHaveProperty('models');
    expect(anthropic.requests.length + local.requests.length).toBe(0);
  });

  test('fails with the first error if all fail, and --strict-model accepts no other answer', async () => {
    const { orx } = await setUp();
    const failed = await orx('chat', '-m', 'deepseek/deepseek-chat', '--fallback', 'anthropic:claude-sonnet-4-6', 'hi');
    expect([failed.code, failed.stdout]).toEqual([8, '']);
    expect(failed.stderr).toContain('the fallback failed too: anthropic:claude-sonnet-4-6: Anthropic: Overloaded');
    const strict = await orx('chat', ...LIST, '--strict-model', 'hi');
    expect([strict.code, strict.stderr]).toEqual([
      2,
      expect.stringContaining('--fallback and --strict-model cannot be combined'),
    ]);
  });

  test('a model whose vendor has no key is skipped; if no vendor has a key, no request is sent', async () => {
    const { local } = await setUp();
    const env = { OPENROUTER_BASE_URL: NOWHERE, OLLAMA_HOST: local.origin };
    const passed = await runOrx(['chat', '-m', 'mistral:mistral-small-latest', '--fallback', 'ollama:llama3.2:3b', 'hi'], {
      env,
    });
    expect([passed.code, passed.stdout]).toEqual([0, 'From this machine.\n']);
    expect(passed.stderr).toContain('warning: mistral:mistral-small-latest could not answer: no key for Mistral');
    const none = await runOrx(['chat', '-m', 'mistral:x', '--fallback', 'groq:y', 'hi'], { env });
    expect([none.code, none.stderr.split('\n')[0]]).toEqual([3, 'error: no key for Mistral']);
  });
});

describe('--fallback-local', () => {
  const LOCAL = ['--fallback-local', '-m', 'a/one', '--fallback', 'a/two,ollama:llama3.2:3b'];
  const usage = { prompt_tokens: 9, completion_tokens: 0, total_tokens: 9, cost: 0.5 };
  const EMPTY = [
    'data: {"id":"gen-empty","model":"a/one","choices":[{"index":0,"delta":{"content":""},"finish_reason":"stop"}]}\n\n',
    `data: ${JSON.stringify({ id: 'gen-empty', model: 'a/one', choices: [], usage })}\n\n`,
    'data: [DONE]\n\n',
  ];

  test('sends one request for each model; an empty answer is followed by the next model', async () => {
    const server = await startApiServer((request, response) => {
      if (!request.url.endsWith('/chat/completions')) return sendJson(response, 404, { error: { code: 404, message: 'none' } });
      return (request.json() as { model: string }).model === 'a/one'
        ? sendPieces(response, EMPTY)
        : sendJson(response, 503, { error: { code: 503, message: 'no capacity' } });
    });
    const { orx } = await setUp(server.url);
    const { code, stdout, stderr } = await orx('chat', ...LOCAL, 'hi');
    expect([code, stdout]).toEqual([0, 'From this machine.\n']);
    expect(stderr).toContain('warning: a/one could not answer: the response is empty');
    expect(stderr).toMatch(/warning: a\/two could not answer: .*no capacity/);
    // The empty answer was charged.
    expect(stderr).toContain('warning: answered by ollama:llama3.2:3b, not a/one ($0.50');
    const bodies = server.requests.filter(({ method }) => method === 'POST').map((one) => one.json());
    expect(bodies).toMatchObject([{ model: 'a/one' }, { model: 'a/two' }]);
    for (const body of bodies) expect(body).not.toHaveProperty('models');
    const entries = (await orx('ledger', 'export', '-o', 'jsonl')).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(entries.map(({ requested_model: model, outcome, cost }) => [model, outcome, cost])).toEqual([
      ['a/one', 'complete', '0.5'],
      ['a/two', 'failed', '0'],
      ['ollama:llama3.2:3b', 'complete', '0'],
    ]);
  });

  test('with the API unreachable, its other models are not asked', async () => {
    const { orx } = await setUp();
    const answer = JSON.parse((await orx('chat', ...LOCAL, '--json', 'hi')).stdout);
    expect(answer).toMatchObject({ model: 'ollama:llama3.2:3b', requested_model: 'a/one' });
    expect(answer.fallbacks.map(({ model, next, error }: any) => [model, next, error.kind])).toEqual([
      ['a/one', 'ollama:llama3.2:3b', 'network'],
    ]);
  });

  test('--restart starts again after a visible token; a pipe gets only the last answer', async () => {
    const server = await startApiServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: {"id":"gen-1","model":"a/one","choices":[{"index":0,"delta":{"content":"half an ans"}}]}\n\n');
      setImmediate(() => response.destroy());
    });
    const { orx } = await setUp(server.url);
    const args = ['chat', '--fallback-local', '-m', 'a/one', '--fallback', 'ollama:llama3.2:3b', 'hi'];
    const without = await orx(...args);
    expect([without.code, without.stdout]).toEqual([8, 'half an ans\n']);
    const text = await orx(...args, '--restart');
    expect([text.code, text.stdout]).toEqual([0, 'From this machine.\n']);
    const json = JSON.parse((await orx(...args, '--restart', '--json')).stdout);
    expect(json).toMatchObject({ content: 'From this machine.', fallbacks: [{ model: 'a/one', restarted: true }] });
    const stored = (await orx('history', 'show', json.session_id)).stdout;
    expect(stored).toContain('From this machine.');
    expect(stored).not.toContain('half an ans');
  });

  test.each<[string[], string]>([
    [['--fallback-local'], '--fallback-local needs --fallback'],
    [['--fallback', 'a/two', '--restart'], '--restart needs --fallback-local'],
    [['--fallback', 'a/two', '--fallback-local', '--strict-model'], '--strict-model cannot be combined'],
  ])('%j is an error before anything is sent', async (args, message) => {
    const server = await startApiServer((_, response) => sendPieces(response, answerPieces(['fine'])));
    const { orx } = await setUp(server.url);
    const { code, stderr } = await orx('chat', '-m', 'a/one', ...args, 'hi');
    expect([code, stderr, server.requests.length]).toEqual([2, expect.stringContaining(message), 0]);
  });

  test('--dry-run shows the first request', async () => {
    const { orx } = await setUp();
    const { body } = JSON.parse((await orx('chat', ...LOCAL, '--dry-run', '--json', 'hi')).stdout);
    expect(body.model).toBe('a/one');
    expect(body).not.toHaveProperty('models');
  });
});
