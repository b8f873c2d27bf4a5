import { expect, test } from 'vitest';
import { wireModel } from '../../support/catalogue.ts';
import { type ApiServer, sendJson, startApiServer } from '../../support/api-server.ts';
import { openChatTerminal } from '../../support/chat-terminal.ts';
import { runOrx, type RunResult } from '../../support/run-orx.ts';

const MESSAGE = 'No endpoints found matching your data policy (Zero data retention).';
const endpoint = (model: string, provider: string, more: object = {}) => ({
  model_id: model,
  provider_name: provider,
  tag: provider.toLowerCase(),
  context_length: 1000,
  supported_parameters: [],
  pricing: { prompt: '0.000001', completion: '0.000002' },
  ...more,
});

/** An API that has no provider for any request. `lists`: what its lists of endpoints answer. */
const withoutProvider = (lists: 'answer' | 'fail' | 'hang' = 'answer'): Promise<ApiServer> =>
  startApiServer((request, response) => {
    const { url } = request;
    if (request.method === 'POST') return sendJson(response, 404, { error: { code: 404, message: MESSAGE } });
    if (lists === 'hang') return;
    if (lists === 'fail') return sendJson(response, 500, { error: { code: 500, message: 'broken' } });
    if (url.includes('/endpoints/zdr'))
      return sendJson(response, 200, {
        data: [
          endpoint('a/one-mini', 'Groq'),
          endpoint('b/other', 'Groq'),
          endpoint('a/one-max', 'Dear', { pricing: { prompt: '1', completion: '1' } }),
        ],
      });
    if (url.endsWith('/models/a/one/endpoints'))
      return sendJson(response, 200, {
        data: {
          id: 'a/one',
          name: 'One',
          endpoints: [
            endpoint('a/one', 'Novita'),
            endpoint('a/one', 'Chutes'),
            endpoint('a/one', 'Dear', { pricing: { prompt: '1', completion: '1' } }),
          ],
        },
      });
    return sendJson(response, 200, { data: [wireModel('a/one')] });
  });

const ask = (server: ApiServer, ...args: string[]): Promise<RunResult> =>
  runOrx(['chat', '-m', 'a/one', ...args, 'hi'], {
    env: { OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef', OPENROUTER_BASE_URL: server.url, ORX_RETRIES: '0' },
  });
const FILTERS = ['--zdr', '--ignore', 'chutes', '--max-price', '5,5'];

test('the error names the filter that removed each provider, and the nearest model that passes', async () => {
  const server = await withoutProvider();
  const { code, stderr } = await ask(server, ...FILTERS);
  expect(code).toBe(6);
  expect(stderr).toContain(`${MESSAGE}\n`);
  expect(stderr).toContain('\n  novita: no zero data retention (--zdr)\n');
  expect(stderr).toContain('\n  chutes: in --ignore\n');
  expect(stderr).toContain('\n  dear: above --max-price\n');
  expect(stderr).toContain('hint: use a model that passes: -m a/one-mini\n');
  expect(stderr).toContain('hint: relax the limits on providers: --ignore, --max-price, --zdr\n');
  // One list of endpoints and the list of all with zero retention.
  expect(server.requests.filter(({ url }) => url.includes('endpoints'))).toHaveLength(2);
});

test('JSON has the same as data', async () => {
  const { code, stdout } = await ask(await withoutProvider(), ...FILTERS, '--json');
  expect(code).toBe(6);
  expect(JSON.parse(stdout).error).toMatchObject({
    kind: 'no-endpoint',
    removed: expect.arrayContaining([
      { provider: 'Novita', tag: 'novita', removed_by: 'no zero data retention (--zdr)' },
    ]) as unknown,
    nearest_model: 'a/one-mini',
    hints: expect.arrayContaining(['use a model that passes: -m a/one-mini']) as unknown,
  });
});

test('lists that cannot be read change nothing about the error', async () => {
  const { code, stderr } = await ask(await withoutProvider('fail'), ...FILTERS);
  expect([code, stderr]).toEqual([6, expect.stringContaining(MESSAGE)]);
  expect(stderr).not.toContain('broken');
});

test('Ctrl-C does not wait for a list', async () => {
  const server = await withoutProvider('hang');
  const terminal = openChatTerminal(server, ['-m', 'a/one', '--zdr', 'hi']);
  await expect.poll(() => server.requests.filter(({ url }) => url.includes('endpoints')).length, { timeout: 60_000 }).toBe(2);
  terminal.type('\u0003');
  await terminal.exit;
  expect((await terminal.everything()).join('\n')).toContain('No endpoints found');
});

test('other failures look up nothing', async () => {
  const server = await startApiServer((_, response) => sendJson(response, 503, { error: { code: 503, message: 'down' } }));
  await ask(server, '--zdr');
  expect(server.requests.filter(({ url }) => url.includes('endpoints'))).toEqual([]);
});
