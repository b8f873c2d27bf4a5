import { describe, expect, onTestFinished, test } from 'vitest';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runOrx } from '../../support/run-orx.ts';
import { NO_WAITING, serveSandbox } from '../../support/sandbox.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { openTerminal } from '../../support/terminal.ts';

const FAST = { ORX_SANDBOX_SPEED: String(NO_WAITING) };

describe('orx serve --sandbox', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('prints its URL, logs requests, and exits successfully at %s', async (signal) => {
    const served = await serveSandbox([], { isAlone: true });
    expect(served.stdout()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api\/v1\n$/);
    await expect.poll(() => served.stderr()).toContain(`OPENROUTER_BASE_URL=${served.url}`);
    await fetch(`${served.url}/chat/completions?secret=1`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk-or-v1-0123456789abcdef' },
      body: JSON.stringify({ model: 'a/\u001b[2Jb', messages: [{ role: 'user', content: 'private words' }] }),
    });
    await expect
      .poll(() => served.stderr())
      .toMatch(/^POST \/api\/v1\/chat\/completions 400 \d+ ms a\/␛\[2Jb caller\.unknown_model SANDBOX$/m);
    expect(await served.stop(signal)).toBe(0);
    expect(served.stderr()).not.toMatch(/sk-or|secret|private/);
    expect(served.stdout().split('\n').length).toBe(2);
  });

  test('has embeddings and rankings in each form, and records them', async () => {
    const home = tempFolder();
    const served = await serveSandbox([], { home });
    const post = async (path: string, body: object): Promise<unknown> => {
      const url = `${new URL(served.url).origin}${path}`;
      const response = await fetch(url, { method: 'POST', headers: { authorization: 'Bearer any' }, body: JSON.stringify(body) });
      return response.json();
    };
    const vector = [0.5547001957893372, -0.8320503234863281];
    expect(await post('/v1/embeddings', { model: 'baai/bge-m3', input: ['a b'], dimensions: 2 })).toMatchObject({
      data: [{ embedding: vector }],
      usage: { prompt_tokens: 2, cost: 2e-8 },
    });
    const content = { parts: [{ text: 'a b' }] };
    const google = '/v1beta/models/baai/bge-m3:embedContent';
    expect(await post(google, { content, outputDimensionality: 2 })).toMatchObject({ embedding: { values: vector } });
    const rerank = { model: 'cohere/rerank-v3.5', query: 'cats', documents: ['dogs', { text: 'cats' }], top_n: 1 };
    expect(await post('/v1/rerank', rerank)).toMatchObject({
      model: 'cohere/rerank-v3.5',
      results: [{ index: 1, relevance_score: 0.999, document: { text: 'cats' } }],
      usage: { search_units: 1, cost: 0.001 },
    });
    for (const documents of [undefined, [], [1], [{ image: 'x' }]])
      expect(await post('/v1/rerank', { ...rerank, documents })).toMatchObject({
        error: { message: expect.stringContaining('documents') },
      });
    await served.stop();
    const { stdout } = await runOrx(['--sandbox', 'ledger', 'export', '-o', 'jsonl'], { home });
    const costs = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { cost: string }).cost);
    expect(costs.toSorted()).toEqual(['0.00000002', '0.00000002', '0.001']);
  });

  test('can be stopped mid-stream: the stream ends with an error', async () => {
    const served = await serveSandbox(['-q']);
    const response = await fetch(`${served.url}/chat/completions`, {
      method: 'POST',
      headers: { 'x-api-key': 'any' },
      body: JSON.stringify({ model: 'sandbox/silence', stream: true, messages: [{ role: 'user', content: 'x' }] }),
    });
    const [code, text] = await Promise.all([served.stop('SIGINT'), response.text()]);
    expect(text).toContain('the gateway is shutting down');
    expect(code).toBe(0);
  });

  test('-q logs nothing', async () => {
    const served = await serveSandbox(['-q']);
    await (await fetch(`${served.url}/models`)).text();
    expect(await served.stop()).toBe(0);
    expect(served.stderr()).not.toContain('GET');
  });

  test('ends at Ctrl-C on a terminal', async () => {
    const terminal = openTerminal(['serve', '--sandbox', '--port', '0']);
    // The screen of the gateway soon hides this text, so what was written counts. Ctrl-C may come before or after that.
    await terminal.until(() => terminal.raw().includes('/api/v1/models'));
    terminal.type('\u0003');
    expect(await terminal.exit).toBe(0);
  });

  test('a port in use is reported, with a hint', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const { code, stdout, stderr } = await runOrx(['serve', '--sandbox', '--port', String(port)]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`port ${port} is in use`);
    expect(stderr).toContain('--port 0');
  });

  test.each([
    [['serve', '--sandbox', '--port', 'http'], '--port must be a number'],
    [['serve', '--sandbox', '--port', '70000'], '--port must be a number'],
  ])('%j is a usage error', async (args, message) => {
    const { code, stdout, stderr } = await runOrx(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  test('an invalid speed is a usage error', async () => {
    const { code, stderr } = await runOrx(['serve', '--sandbox', '--port', '0'], { env: { ORX_SANDBOX_SPEED: 'fast' } });
    expect(code).toBe(2);
    expect(stderr).toContain('ORX_SANDBOX_SPEED must be a number');
  });
});

describe('orx --sandbox', () => {
  const chat = (model: string, ...args: string[]) =>
    runOrx(['--sandbox', 'chat', '-m', model, ...args, 'Why is the sky blue?'], { env: FAST });

  test('chats through the whole program, and ends', async () => {
    const { code, stdout } = await chat('deepseek/deepseek-chat');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^This is a simulated answer from the orx sandbox/);
    expect((await chat('deepseek/deepseek-chat', '--no-stream')).stdout).toBe(stdout);
  });

  test.each([
    ['sandbox/rate-limit', 5],
    ['sandbox/no-credits', 4],
    ['sandbox/moderated', 6],
    ['sandbox/always-down', 7],
    ['sandbox/error-midstream', 7],
    ['sandbox/malformed-chunk', 7],
    ['sandbox/cut', 8],
    ['sandbox/fails-once', 0],
    ['sandbox/slow-start', 0],
    ['sandbox/substitute', 0],
  ])('%s ends with exit code %i', async (model, expected) => {
    expect((await chat(model)).code).toBe(expected);
  });

  test('the idle timeout ends sandbox/silence', async () => {
    expect((await chat('sandbox/silence', '--idle-timeout', '0.3', '--first-byte-timeout', '5', '--retries', '0')).code).toBe(8);
  });

  test('--strict-model detects sandbox/substitute', async () => {
    expect((await chat('sandbox/substitute', '--strict-model')).code).toBe(9);
    expect((await chat('anthropic/claude-haiku-4.5', '--strict-model')).code).toBe(0);
  });
});
