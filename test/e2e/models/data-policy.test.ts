import { expect, test } from 'vitest';
import { wireModel } from '../../support/catalogue.ts';
import { type ApiServer, sendJson, startApiServer } from '../../support/api-server.ts';
import { runOrx, type RunResult } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

const endpoint = (model: string, provider: string) => ({
  model_id: model,
  provider_name: provider,
  tag: provider.toLowerCase(),
  context_length: 1000,
  supported_parameters: [],
  pricing: { prompt: '0.000001', completion: '0.000002' },
});

const startMarket = (hasList = true): Promise<ApiServer> =>
  startApiServer(({ url }, response) => {
    if (url.includes('/endpoints/zdr'))
      return hasList
        ? sendJson(response, 200, { data: [endpoint('a/one', 'Groq')] })
        : sendJson(response, 500, { error: { code: 500, message: 'broken' } });
    if (url.endsWith('/endpoints'))
      return sendJson(response, 200, {
        data: { id: 'a/one', name: 'One', endpoints: ['Groq', 'Novita', 'Chutes'].map((name) => endpoint('a/one', name)) },
      });
    return sendJson(response, 200, { data: [wireModel('a/one'), wireModel('a/two'), wireModel('b/three')] });
  });

async function setUp(stored: readonly [key: string, value: string][], server?: ApiServer) {
  const api = server ?? (await startMarket());
  const home = tempFolder();
  const env = { OPENROUTER_BASE_URL: api.url, OPENROUTER_API_KEY: 'sk-or-v1-0123456789', ORX_RETRIES: '0' };
  const orx = (...args: string[]): Promise<RunResult> => runOrx(args, { home, env });
  for (const [key, value] of stored) await orx('config', 'set', key, value);
  return { api, orx };
}

const tagsIn = ({ stdout }: RunResult): string[] => JSON.parse(stdout).map(({ tag }: { tag: string }) => tag);

test('orx endpoints hides what a stored zdr removes, and says how to see it', async () => {
  const { orx } = await setUp([['zdr', 'true']]);
  const table = await orx('endpoints', 'a/one');
  expect(table.stderr).toContain('a/one: 1 of 3 endpoints');
  expect(table.stderr).toContain('2 endpoints hidden by zdr: no zero data retention; show all: --allow-data-collection\n');
  expect(table.stdout).not.toContain('novita');
  const json = await orx('endpoints', 'a/one', '--json');
  expect([tagsIn(json), json.stderr]).toEqual([['groq'], expect.stringContaining('warning: 2 endpoints hidden by zdr')]);
  const all = await orx('endpoints', 'a/one', '--allow-data-collection', '--json');
  expect([tagsIn(all), all.stderr]).toEqual([['groq', 'novita', 'chutes'], expect.not.stringContaining('hidden')]);
});

test('orx endpoints --data-policy strict hides the same, and says what is not known', async () => {
  const { orx } = await setUp([]);
  const { stdout, stderr } = await orx('endpoints', 'a/one', '--data-policy', 'strict');
  expect(stdout).not.toContain('novita');
  expect(stderr).toContain('2 endpoints hidden by data-policy strict: no zero data retention\n');
  expect(stderr).toContain('the API does not say which providers train on prompts');
  expect(tagsIn(await orx('endpoints', 'a/one', '--json'))).toHaveLength(3);
});

test('orx models marks the models that a stored policy excludes, with one list for all', async () => {
  const { api, orx } = await setUp([['data-policy', 'strict']]);
  const { stdout, stderr } = await orx('models');
  expect(stderr).toContain('2 of 3 models have no endpoint that data-policy strict allows; hide them: --zdr\n');
  expect(stdout).toMatch(/^a\/one .* zdr/m);
  expect(stdout).toMatch(/^a\/two .* not zdr/m);
  expect(api.requests.filter(({ url }) => url.includes('endpoints'))).toHaveLength(1);
  expect((await orx('models', '--zdr', '-o', 'ids')).stdout).toBe('a/one\n');
  expect((await orx('models', '--allow-data-collection')).stdout).not.toContain('zdr');
});

test('a typed policy hides models, as --zdr does', async () => {
  const { orx } = await setUp([]);
  expect((await orx('models', '--data-policy', 'strict', '-o', 'ids')).stdout).toBe('a/one\n');
  expect((await orx('models', '-o', 'ids')).stdout).toBe('a/one\na/two\nb/three\n');
  expect((await orx('models', '--columns', 'model,zdr', '-o', 'csv')).stdout).toBe(
    'model,zdr\na/one,true\na/two,false\nb/three,false\n',
  );
});

test('without the list, everything is shown, with a warning', async () => {
  const { orx } = await setUp([['zdr', 'true']], await startMarket(false));
  const models = await orx('models', '-o', 'ids');
  expect([models.code, models.stdout]).toEqual([0, 'a/one\na/two\nb/three\n']);
  expect(models.stderr).toContain('warning: the models that zdr excludes are not known: ');
  const endpoints = await orx('endpoints', 'a/one', '--json');
  expect([endpoints.code, tagsIn(endpoints).length]).toEqual([0, 3]);
  expect(endpoints.stderr).toContain('the list of endpoints with zero data retention cannot be read: zdr may remove more\n');
});
