import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sendJson, startApiServer } from '../../support/api-server.ts';
import { wireModel } from '../../support/catalogue.ts';
import { runOrx } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

const MODELS = ['b/two', 'a/one'].map((id) => wireModel(id, {}, { created: 1_780_000_000 }));

/** An API whose catalogue the test can change, and a home with the catalogue and its kept list. */
async function listed() {
  const state = { models: MODELS };
  const { url } = await startApiServer((request, response) =>
    request.url.split('?')[0] === '/api/v1/models'
      ? sendJson(response, 200, { data: state.models })
      : sendJson(response, 404, {}),
  );
  const home = tempFolder();
  const list = async (args: readonly string[] = [], env: Record<string, string> = {}) => {
    const { code, stdout, stderr } = await runOrx(['models', ...args], { home, env: { OPENROUTER_BASE_URL: url, ...env } });
    expect(code).toBe(0);
    return { stdout, stderr };
  };
  const fetched = await list();
  expect(await list()).toEqual({ ...fetched, stderr: expect.stringContaining('2 models from 127.0.0.1') as string });
  const cache = join(home, 'cache');
  const path = join(cache, readdirSync(cache).find((name) => name.startsWith('list-')) ?? 'there is no kept list');
  return { state, list, path, fetched, home };
}

test('the usual list of a stored catalog is printed from its kept text, and every other list is not', async () => {
  const { list, path, fetched } = await listed();
  const kept = readFileSync(path, 'utf8');
  expect(kept).toContain(fetched.stdout);
  // A mark of the same length shows which text was printed.
  writeFileSync(path, kept.replace('a/one', 'a/ONE'));
  expect((await list()).stdout).toBe(fetched.stdout.replace('a/one', 'a/ONE'));
  for (const args of [
    ['--refresh'],
    ['--offline'],
    ['--sort', 'price'],
    ['--reverse'],
    ['--limit', '5'],
    ['a/'],
    ['--columns', 'model'],
    ['-o', 'csv'],
  ])
    expect((await list(args)).stdout).not.toContain('a/ONE');
});

test('a list is made again for another copy, another zone, and a stored data policy', async () => {
  const { state, list, path, fetched, home } = await listed();
  const mark = (): void => writeFileSync(path, readFileSync(path, 'utf8').replace('a/one', 'a/ONE'));
  mark();
  // The zone changes the day of a model that was created close to midnight.
  expect((await list([], { TZ: 'Pacific/Kiritimati' })).stdout).not.toContain('a/ONE');
  expect((await list()).stdout).toBe(fetched.stdout);
  mark();
  state.models = [...MODELS, wireModel('c/three')];
  await list(['--refresh']);
  expect((await list()).stdout).toContain('c/three');
  mark();
  expect((await list()).stdout).toContain('a/ONE');
  expect((await list(['--sandbox'])).stdout).not.toContain('a/ONE');
  writeFileSync(join(home, 'config.json'), JSON.stringify({ 'data-policy': 'strict' }));
  expect((await list()).stdout).not.toContain('a/ONE');
});
