import { describe, expect, test } from 'vitest';
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

describe('the nearest model, without zero data retention', () => {
  const CHEAP = endpoint('a/one-mini', 'Groq');
  const DEAR = { pricing: { prompt: '1', completion: '1' } };

  /** An API with these endpoints of each model, that has no provider for any request. */
  const market = (endpoints: Readonly<Record<string, object[]>>, message = MESSAGE): Promise<ApiServer> =>
    startApiServer((request, response) => {
      if (request.method === 'POST') return sendJson(response, 404, { error: { code: 404, message } });
      if (request.url.includes('/endpoints/zdr')) return sendJson(response, 500, { error: { code: 500, message: 'broken' } });
      const [, id = ''] = /\/models\/(.+)\/endpoints$/.exec(request.url) ?? [];
      if (id !== '')
        return endpoints[id] === undefined
          ? sendJson(response, 500, { error: { code: 500, message: 'broken' } })
          : sendJson(response, 200, { data: { id, name: id, endpoints: endpoints[id] } });
      const dear = { in: '1', out: '1' };
      return sendJson(response, 200, {
        data: [
          wireModel('a/one'),
          wireModel('a/one-largest', dear),
          wireModel('a/one-mini', {}, { supported_parameters: ['seed'] }),
          wireModel('b/other'),
        ],
      });
    });
  const lookUps = ({ requests }: ApiServer): string[] =>
    requests.flatMap(({ url }) => /models\/(.+)\/endpoints$/.exec(url)?.[1] ?? []);

  test.each<[string, object[], string[], string]>([
    ['a price limit', [endpoint('a/one', 'Dear', DEAR)], ['--max-price', '5,5'], 'dear: above --max-price'],
    ['--only', [endpoint('a/one', 'Novita')], ['--only', 'groq'], 'novita: not in --only'],
    ['a quantization', [endpoint('a/one', 'Novita')], ['--quantization', 'fp8'], 'novita: quantization unknown'],
    ['parameters', [endpoint('a/one', 'Novita')], ['--require-parameters', '--seed', '7'], 'novita: no seed'],
  ])('passes %s too: one more list is read', async (_name, own, args, line) => {
    const server = await market({
      'a/one': own,
      'a/one-mini': [{ ...CHEAP, quantization: 'fp8', supported_parameters: ['seed', 'max_tokens'] }],
    });
    const { code, stderr } = await ask(server, ...args);
    expect(code).toBe(6);
    expect(stderr).toContain(`\n  ${line}\n`);
    expect(stderr).toContain('hint: use a model that passes: -m a/one-mini\n');
    expect(lookUps(server)).toEqual(['a/one', 'a/one-mini']);
  });

  test.each<[string, Record<string, object[]>, string[], string]>([
    [
      'the account removes the providers',
      { 'a/one': [endpoint('a/one', 'Novita')] },
      [],
      'the API does not say what the settings of the account exclude',
    ],
    [
      'the nearest model does not pass',
      { 'a/one': [endpoint('a/one', 'Novita')], 'a/one-mini': [endpoint('a/one-mini', 'Novita')] },
      ['--only', 'groq'],
      'the nearest one does not, and orx looks at no more',
    ],
    [
      'the account removes the only provider that passes',
      { 'a/one': [endpoint('a/one', 'Novita'), endpoint('a/one', 'Groq')], 'a/one-mini': [CHEAP] },
      ['--only', 'groq'],
      'the nearest one does not, and orx looks at no more',
    ],
    [
      'no list can be read',
      { 'a/one': [endpoint('a/one', 'Novita')] },
      ['--only', 'groq'],
      'the endpoints of other models cannot be read',
    ],
    [
      'no model of the catalog is cheap enough',
      { 'a/one': [endpoint('a/one', 'Dear', DEAR)] },
      ['--max-price', '0.01,0.01'],
      'no other model of the catalog passes',
    ],
    [
      'the list of zero retention cannot be read',
      { 'a/one': [endpoint('a/one', 'Novita')] },
      ['--zdr', '--ignore', 'novita'],
      'the list of endpoints with zero data retention cannot be read',
    ],
  ])('is not known if %s, and the error has the reason', async (_name, endpoints, args, because) => {
    const { code, stderr, stdout } = await ask(await market(endpoints), ...args, '--json');
    expect(code).toBe(6);
    expect(stderr).toContain(`\n  no model that passes is known: ${because}\n`);
    expect(stderr).not.toContain('use a model that passes');
    expect(JSON.parse(stdout).error).toMatchObject({ nearest_model_unknown: because });
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
