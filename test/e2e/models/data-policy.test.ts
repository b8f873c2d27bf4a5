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

test('orx models show hides them too, in every format', async () => {
  const { orx } = await setUp([['zdr', 'true']]);
  const card = await orx('models', 'show', 'a/one');
  expect(card.stderr).toContain('2 endpoints hidden by zdr: no zero data retention; show all: --allow-data-collection\n');
  expect([card.stdout.includes('Groq'), card.stdout.includes('Novita')]).toEqual([true, false]);
  const tags = async (...flags: string[]): Promise<string[]> =>
    JSON.parse((await orx('models', 'show', 'a/one', '--json', ...flags)).stdout).endpoints.map(
      ({ tag }: { tag: string }) => tag,
    );
  expect(await tags()).toEqual(['groq']);
  expect(await tags('--allow-data-collection')).toEqual(['groq', 'novita', 'chutes']);
  expect((await orx('models', 'show', 'a/one', '--data-policy', 'strict', '-o', 'csv')).stdout).not.toContain('novita');
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

test('orx price leaves the models that the policy excludes out of a long list, with one request for all', async () => {
  const many = Array.from({ length: 21 }, (_, index) => `a/m${index}`);
  const server = await startApiServer(({ url }, response) => {
    if (url.includes('/endpoints/zdr'))
      return sendJson(response, 200, {
        data: [
          { ...endpoint('a/m1', 'Groq'), pricing: { prompt: '0.00001', completion: '0.00001' } },
          { ...endpoint('a/m2', 'Dear'), pricing: { prompt: '1', completion: '1' } },
        ],
      });
    return sendJson(response, 200, { data: many.map((id) => wireModel(id)) });
  });
  const { orx } = await setUp([['data-policy', 'strict']], server);
  const args = ['price', '--in', '100', '--out', '100', '--max-price', '20,20', '-o', 'csv'];
  const { stdout, stderr } = await orx(...args);
  const rows = stdout.trimEnd().split('\n').slice(1);
  expect(rows.map((row) => row.split(',')[0])).toEqual(['a/m1', 'a/m2']);
  expect(rows[0]).toContain('0.002');
  expect(stderr).toContain('19 of 21 models left out: no endpoint that data-policy strict allows\n');
  expect(server.requests.filter(({ url }) => url.includes('endpoints'))).toHaveLength(1);
  const all = await orx(...args, '--allow-data-collection');
  expect(all.stdout.trimEnd().split('\n')).toHaveLength(22);
});

test('orx compare --providers all has no lane for a provider that the policy excludes', async () => {
  const server = await startApiServer(({ url }, response) => {
    if (url.includes('/endpoints/zdr'))
      return sendJson(response, 200, { data: [endpoint('a/one', 'Groq'), endpoint('a/one', 'Novita')] });
    if (url.endsWith('/endpoints'))
      return sendJson(response, 200, {
        data: { id: 'a/one', name: 'One', endpoints: ['Groq', 'Novita', 'Chutes'].map((name) => endpoint('a/one', name)) },
      });
    return sendJson(response, 200, { data: [wireModel('a/one')] });
  });
  const { orx } = await setUp([['zdr', 'true']], server);
  const lanes = async (...args: string[]): Promise<unknown[]> =>
    JSON.parse((await orx('compare', 'hi', '-m', 'a/one', '--providers', 'all', '--dry-run', '--json', ...args)).stdout).map(
      ({ body }: any) => body.provider.only,
    );
  expect(await lanes()).toEqual([['groq'], ['novita']]);
  expect(await lanes('--allow-data-collection')).toHaveLength(3);
  const named = await orx('compare', 'hi', '-m', 'a/one', '--providers', 'groq,chutes');
  expect([named.code, named.stderr]).toEqual([2, expect.stringContaining('the settings exclude the endpoints of chutes')]);
});

test('a policy of a profile counts as a stored one', async () => {
  const { orx } = await setUp([]);
  await orx('profile', 'set', 'work', 'data-policy', 'strict');
  const { stdout, stderr } = await orx('models', '--profile', 'work', '--free', '--search', 'one');
  expect([stdout, stderr]).toEqual(['', expect.not.stringContaining('allows')]);
  expect((await orx('models', '--profile', 'work')).stderr).toContain('2 of 3 models have no endpoint that data-policy strict');
  expect((await orx('price', 'a/two', '--profile', 'work')).stdout).toContain('no endpoint');
  expect((await orx('endpoints', 'a/one', '--profile', 'work')).stderr).toContain('2 endpoints hidden by data-policy strict');
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
