import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createApis } from '../../../src/cli/services/apis.ts';
import { createStores } from '../../../src/cli/services/stores.ts';
import { streams } from '../../../src/cli/streams.ts';
import { sendJson, startApiServer } from '../../support/api-server.ts';
import { wireModel } from '../../support/catalogue.ts';
import { resolved } from '../../support/settings.ts';
import { tempFolder } from '../../support/temp-home.ts';

const now = (): number => Date.parse('2026-08-05T12:00:00Z');
const catalogueServer = (id: string) => startApiServer((_, response) => sendJson(response, 200, { data: [wireModel(id)] }));
const settingsOf = (url: string, key: string) =>
  resolved({ flags: { 'base-url': url }, env: { OPENROUTER_API_KEY: key } }).values;

function open() {
  const home = tempFolder();
  const paths = { config: home, ownsConfig: false, data: join(home, 'data'), cache: join(home, 'cache') };
  const secrets: string[] = [];
  const stores = createStores({ paths, env: {}, streams, now, secrets });
  const { signal } = new AbortController();
  const apis = createApis({ cache: paths.cache, config: paths.config, env: {}, streams, now, signal, secrets, stores });
  const close = async (): Promise<void> => {
    await apis.closeConnections();
    await apis.close();
    await stores.close();
  };
  return { stores, apis, close };
}

test('two connections are open at the same time, and the same one is opened once', async () => {
  const [one, other] = await Promise.all([catalogueServer('a/one'), catalogueServer('b/other')]);
  const { apis, close } = open();
  const ids = async (url: string, key: string): Promise<string[]> => {
    const { catalogue } = await apis.for(settingsOf(url, key)).readCatalogue({ refresh: true });
    return catalogue.models.map(({ id }) => id);
  };
  expect(await ids(one.url, 'sk-or-v1-first')).toEqual(['a/one']);
  expect(await ids(other.url, 'sk-or-v1-second')).toEqual(['b/other']);
  expect(await ids(one.url, 'sk-or-v1-first')).toEqual(['a/one']);
  expect(await ids(one.url, 'sk-or-v1-third')).toEqual(['a/one']);
  const keys = (requests: typeof one.requests) => requests.map(({ headers }) => headers.authorization);
  expect(keys(one.requests)).toEqual(['first', 'first', 'third'].map((name) => `Bearer sk-or-v1-${name}`));
  expect(keys(other.requests)).toEqual(['Bearer sk-or-v1-second']);
  // Each key has its own connection; the second request of the first key reuses the first key's connection.
  expect([one.connections(), other.connections()]).toEqual([2, 1]);
  await close();
});

test('the sandbox has its own ledger, APIs share one', async () => {
  const { stores, close } = open();
  const real = [settingsOf('https://a.example', 'x'), settingsOf('https://b.example', 'y')];
  const sandbox = resolved({ flags: { sandbox: true } }).values;
  const [one, other, simulated] = await Promise.all([...real, sandbox].map((settings) => stores.for(settings).openLedger()));
  expect(other).toBe(one);
  expect([one, simulated].map((ledger) => ledger?.path)).toEqual([
    expect.stringMatching(/ledger\.db$/),
    expect.stringMatching(/ledger-sandbox\.db$/),
  ]);
  const markets = await Promise.all(real.map((settings) => stores.for(settings).openMarket()));
  expect(markets[0]).not.toBe(markets[1]);
  await close();
});
