import { describe, expect, test } from 'vitest';
import { answerPieces, chunk, type Handler, sendJson, sendPieces, startApiServer } from '../../support/api-server.ts';
import { runOrx, type RunResult } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

const KEY = 'sk-or-v1-0123456789abcdef0123456789abcdef';
const METADATA = {
  strategy: 'fallback',
  attempts: [
    { provider: 'Chutes', model: 'other/model', status: 429 },
    { provider: 'TestProvider', model: 'test/model', status: 200 },
  ],
};
const SAID = 'a message that repeats the prompt';

async function home(handler: Handler): Promise<(...args: string[]) => Promise<RunResult>> {
  const server = await startApiServer((request, response) => {
    if (request.url.includes('/generation')) return sendJson(response, 404, { error: { code: 404, message: 'not found' } });
    return request.url.includes('/models') ? sendJson(response, 200, { data: [] }) : handler(request, response);
  });
  const folder = tempFolder();
  const env = { OPENROUTER_BASE_URL: server.url, OPENROUTER_API_KEY: KEY, ORX_RETRIES: '0' };
  return (...args) => runOrx(args, { home: folder, env });
}

const exported = async (orx: (...args: string[]) => Promise<RunResult>): Promise<Record<string, unknown>[]> =>
  (await orx('ledger', 'export')).stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('the reason why another model answered', () => {
  test('from the API: in the answer as JSON, and in the ledger with the price', async () => {
    const orx = await home((_, response) =>
      sendPieces(response, [
        ...answerPieces(['ok']).slice(0, -1),
        chunk({}, { openrouter_metadata: METADATA }),
        'data: [DONE]\n\n',
      ]),
    );
    const { stdout, stderr } = await orx('chat', '--json', '-m', 'other/model', '--fallback', 'test/model', 'hi');
    expect(JSON.parse(stdout)).toMatchObject({
      model: 'test/model',
      requested_model: 'other/model',
      fallback_reason: 'Chutes 429',
    });
    expect(stderr).toBe('warning: answered by test/model, not other/model ($0.000412): Chutes 429\n');
    expect(await exported(orx)).toMatchObject([
      {
        requested_model: 'other/model',
        model: 'test/model',
        cost: '0.000412',
        fallback_from: null,
        fallback_reason: 'Chutes 429',
      },
    ]);
    expect((await orx('cost')).stdout).toMatch(/\$0\.000412 +instead of other\/model: Chutes 429$/m);
    expect((await orx('usage')).stdout).toMatch(
      /^another model or provider answered 1 request:\n {2}1 × test\/model instead of other\/model: Chutes 429$/m,
    );
    expect(JSON.parse((await orx('usage', '--json')).stdout)).toMatchObject({
      fallbacks: [{ requested_model: 'other/model', model: 'test/model', reason: 'Chutes 429', requests: 1, cost: '0.000412' }],
    });
    const [{ id = '' } = {}] = JSON.parse((await orx('history', '--json')).stdout) as { id?: string }[];
    expect((await orx('history', 'show', id)).stdout).toMatch(
      /^test\/model · TestProvider · \$0\.000412 · instead of other\/model: Chutes 429$/m,
    );
    expect(JSON.parse((await orx('history', 'show', id, '--json')).stdout)).toMatchObject({
      messages: [{ role: 'user' }, { fallback_from: 'other/model', fallback_reason: 'Chutes 429' }],
    });
  });

  test('from orx, which goes through the list itself: each request has its own', async () => {
    const orx = await home((request, response) => {
      if (request.json().model === 'other/model') return sendJson(response, 503, { error: { code: 503, message: SAID } });
      return sendPieces(response, answerPieces(['ok']));
    });
    const { stdout, stderr } = await orx(
      'chat',
      '--json',
      '--fallback-local',
      '-m',
      'other/model',
      '--fallback',
      'test/model',
      'hi',
    );
    expect(JSON.parse(stdout)).toMatchObject({
      model: 'test/model',
      fallback_reason: 'other/model: provider 503',
      fallbacks: [{ model: 'other/model', next: 'test/model' }],
    });
    expect(stderr).toMatch(
      /^warning: other\/model could not answer: .*\nwarning: answered by test\/model, not other\/model \(\$0\.000412\)\n$/,
    );
    const entries = await exported(orx);
    expect(entries).toMatchObject([
      { requested_model: 'other/model', outcome: 'failed', error: 'provider', fallback_from: null, fallback_reason: null },
      {
        requested_model: 'test/model',
        cost: '0.000412',
        fallback_from: 'other/model',
        fallback_reason: 'other/model: provider 503',
      },
    ]);
    expect(JSON.stringify(entries)).not.toContain(SAID);
    expect((await orx('cost')).stdout).toMatch(/\$0\.000412 +instead of other\/model: other\/model: provider 503$/m);
    expect((await orx('show')).stdout).toMatch(/^fallback +instead of other\/model: other\/model: provider 503$/m);
  });

  test('is not there if the requested model answers', async () => {
    const orx = await home((_, response) => sendPieces(response, answerPieces(['ok'])));
    const { stdout } = await orx('chat', '--json', '-m', 'test/model', 'hi');
    expect(JSON.parse(stdout)).not.toHaveProperty('fallback_reason');
    expect(await exported(orx)).toMatchObject([{ fallback_from: null, fallback_reason: null }]);
    expect((await orx('usage')).stdout).not.toContain('another model');
    expect((await orx('history', 'export', '01', '-o', 'json')).stdout).not.toContain('fallback');
  });
});
