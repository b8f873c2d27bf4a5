import { describe, expect, test } from 'vitest';
import { answerPieces, type Handler, sendJson, sendPieces, startApiServer } from '../../support/api-server.ts';
import { runOrx, type RunResult } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

const KEY = 'sk-or-v1-0123456789abcdef0123456789abcdef';
const RECORD = {
  id: 'gen-1',
  model: 'test/model',
  provider_name: 'Fast',
  created_at: '2026-11-30T10:00:00Z',
  streamed: true,
  cancelled: false,
  finish_reason: 'stop',
  native_finish_reason: 'end_turn',
  latency: 410,
  generation_time: 2400,
  native_tokens_prompt: 1204,
  native_tokens_completion: 340,
  native_tokens_cached: 1100,
  native_tokens_reasoning: 20,
  total_cost: 0.000412,
  is_byok: false,
  data_region: 'eu',
  future_field: [1],
  provider_responses: [
    { provider_name: 'Slow', status: 429, latency: 90 },
    { provider_name: 'Fast', status: 200, latency: 410 },
  ],
};

/** An API with one answer, whose record is found after `missing` look-ups. */
async function orx(record: object | undefined, { missing = 0, generations = [] as string[] } = {}) {
  const home = tempFolder();
  let left = missing;
  const handler: Handler = (request, response) => {
    if (request.url.endsWith('/chat/completions')) return sendPieces(response, answerPieces(['hi']));
    if (request.url.endsWith('/audio/speech')) return void response.writeHead(200, { 'x-generation-id': 'gen-1' }).end('sound');
    generations.push(request.url);
    if (record === undefined || left-- > 0)
      return sendJson(response, 404, { error: { code: 404, message: 'Generation not found' } });
    return sendJson(response, 200, { data: record });
  };
  const server = await startApiServer(handler);
  const env = { OPENROUTER_BASE_URL: server.url, OPENROUTER_API_KEY: KEY, ORX_RETRIES: '0' };
  return (...args: string[]): Promise<RunResult> => runOrx(args, { home, env });
}

describe('orx show', () => {
  test('the record of the last request', async () => {
    const run = await orx(RECORD);
    await run('chat', '-m', 'test/model', 'hi');
    const { code, stdout, stderr } = await run('show');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(
      [
        'id         gen-1',
        'model      test/model',
        'provider   Fast',
        'region     eu',
        'created    2026-11-30T10:00:00Z',
        'end        stop (end_turn)',
        'latency    0.41 s',
        'duration   2.40 s',
        'tokens     1,204 in (1,100 cached) → 340 out (20 reasoning)',
        'cost       $0.000412',
        'attempt 1  Slow, HTTP 429, 0.09 s',
        'attempt 2  Fast, HTTP 200, 0.41 s',
        '',
      ].join('\n'),
    );
    const json = JSON.parse((await run('show', 'gen-1', '--json')).stdout) as Record<string, unknown>;
    expect(json).toMatchObject({
      generation: RECORD,
      entry: { generation_id: 'gen-1', cost_source: 'billed', outcome: 'complete' },
    });
  });

  test('a stopped answer with your own key at a provider', async () => {
    const run = await orx({ ...RECORD, cancelled: true, is_byok: true, upstream_inference_cost: 0.5, provider_responses: [] });
    const { stdout } = await run('show', 'gen-1');
    expect(stdout).toContain('end       canceled by the client\n');
    expect(stdout).toContain('own key   yes; the provider charged $0.5');
    expect(stdout).not.toContain('attempt');
  });

  test('completes an entry of the ledger that has no cost', async () => {
    const run = await orx(RECORD);
    await run('api', 'audio/speech', '-f', 'input=x');
    const before = JSON.parse((await run('ledger', 'export')).stdout) as object;
    expect(before).toMatchObject({ cost: null, cost_source: 'unknown', provider: null });
    const { entry } = JSON.parse((await run('show', 'last', '--json')).stdout) as { entry: object };
    const known = {
      cost: '0.000412',
      cost_source: 'looked-up',
      provider: 'Fast',
      model: 'test/model',
      prompt_tokens: 1204,
      finish_reason: 'stop',
    };
    expect(entry).toMatchObject(known);
    expect(JSON.parse((await run('ledger', 'export')).stdout)).toMatchObject(known);
  });

  test('why another provider answered, if only the record says it', async () => {
    const run = await orx(RECORD);
    await run('api', 'audio/speech', '-f', 'input=x');
    expect((await run('show', 'last')).stdout).toMatch(/^provider +Fast\nfallback +.*Slow 429\n/m);
    expect(JSON.parse((await run('ledger', 'export')).stdout)).toMatchObject({
      fallback_from: null,
      fallback_reason: 'Slow 429',
    });
  });

  test('waits for a record that appears a moment later', async () => {
    const generations: string[] = [];
    const run = await orx(RECORD, { missing: 1, generations });
    expect(await run('show', 'gen-1')).toMatchObject({ code: 0, stdout: expect.stringContaining('provider   Fast') });
    expect(generations).toEqual(['/api/v1/generation?id=gen-1', '/api/v1/generation?id=gen-1']);
  });

  test('without a record, the entry of the ledger', async () => {
    const run = await orx(undefined);
    await run('chat', '-m', 'test/model', 'hi');
    const { code, stdout, stderr } = await run('show');
    expect([code, stderr]).toEqual([0, expect.stringContaining('shows the entry of the ledger')]);
    expect(stdout).toMatch(/^id +gen-1\nmodel +test\/model\nprovider +TestProvider\n[^]*\ncost +\$0\.000412 \(billed\)\n$/);
  });

  test('an unknown id, an empty ledger, an invalid id, no key', async () => {
    const run = await orx(undefined);
    expect(await run('show', 'gen-x')).toMatchObject({
      code: 6,
      stdout: '',
      stderr: expect.stringContaining('no record of gen-x'),
    });
    expect(await run('show')).toMatchObject({ code: 2, stderr: expect.stringContaining('no request with a generation id') });
    expect(await run('show', 'a b')).toMatchObject({ code: 2, stderr: expect.stringContaining('is not a generation id') });
    expect(await runOrx(['show', 'gen-1'])).toMatchObject({ code: 3 });
  });

  test('another error is no missing record', async () => {
    const server = await startApiServer((_, response) => sendJson(response, 401, { error: { code: 401, message: 'no' } }));
    const env = { OPENROUTER_BASE_URL: server.url, OPENROUTER_API_KEY: KEY, ORX_RETRIES: '0' };
    expect(await runOrx(['show', 'gen-1'], { env })).toMatchObject({ code: 3 });
    expect(server.requests.length).toBe(1);
  });
});
