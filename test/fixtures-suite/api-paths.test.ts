import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { createHttpClient } from '../../src/http/client.ts';
import { createOpenRouterApi } from '../../src/apis/openrouter/openrouter-api.ts';
import { capability } from '../../src/apis/api.ts';
import type { RawMethod } from '../../src/apis/raw-call.ts';
import { mayCost } from '../../src/core/raw-api/may-cost.ts';
import { sendJson, startApiServer } from '../support/api-server.ts';

// Every endpoint of the API's own description can be reached with `orx api`, and is either known to be free or recorded.

const FILE = fileURLToPath(new URL('../../../shared/reference/openrouter-openapi.yaml', import.meta.url));
const isPresent = existsSync(FILE);
if (!isPresent)
  console.warn('skipped: the description of the API is not beside this project (../shared/reference/openrouter-openapi.yaml)');

/** Endpoints that answer with something that is paid for. */
const PAID = /^POST \/(?:chat\/completions|responses|messages|embeddings|rerank|images|videos|audio\/(?:speech|transcriptions))$/;
const SOME: readonly [RawMethod, string][] = [
  ['GET', '/models/{author}/{slug}/endpoints'],
  ['POST', '/chat/completions'],
  ['PATCH', '/keys/{hash}'],
  ['PUT', '/workspaces/{id}/budgets/{interval}'],
  ['DELETE', '/byok/{id}'],
];

describe('every endpoint', () => {
  let endpoints: readonly [RawMethod, string][] = SOME;
  beforeAll(() => {
    if (!isPresent) return;
    const { paths } = parse(readFileSync(FILE, 'utf8')) as { paths: Record<string, object> };
    endpoints = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods)
        .filter((name) => /^(?:get|post|put|patch|delete)$/.test(name))
        .map((name): [RawMethod, string] => [name.toUpperCase() as RawMethod, path]),
    );
  });

  test('is reached by its path', async () => {
    expect(endpoints.length).toBeGreaterThan(isPresent ? 80 : 4);
    const server = await startApiServer((_, response) => sendJson(response, 200, {}));
    const http = createHttpClient({ limits: { connectMs: 300_000, firstByteMs: 300_000, idleMs: 300_000 }, env: {} });
    onTestFinished(() => http.close());
    const app = { url: 'https://app.example', title: 'app', categories: 'cli-agent' };
    const api = createOpenRouterApi({
      http,
      baseUrl: server.url,
      apiKey: 'sk-or-v1-test',
      app,
      userAgent: 'orx/test',
      now: () => 0,
    });
    const raw = capability(api, 'raw');
    for (const [method, path] of endpoints) {
      const target = raw.resolve(path.replaceAll(/\{[^}]*\}/g, 'x'));
      await raw.send({ method, target, headers: {}, gathersFacts: false });
    }
    expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(
      endpoints.map(([method, path]) => `${method} /api/v1${path.replaceAll(/\{[^}]*\}/g, 'x')}`),
    );
  });

  test('that costs money is recorded, and no other', () => {
    for (const [method, path] of endpoints)
      expect([method, path, mayCost(method, { url: new URL('https://api.example'), path: path.slice(1) })]).toEqual([
        method,
        path,
        PAID.test(`${method} ${path}`),
      ]);
  });
});
