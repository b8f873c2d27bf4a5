import { describe, expect, onTestFinished, test } from 'vitest';
import { type Gateway, startGateway } from '../../src/gateway/start-gateway.ts';
import { scriptedProvider } from '../support/scripted-provider.ts';

const MODELS = [
  {
    id: 'a/text',
    canonical_slug: 'a/text-20260101',
    name: 'A: Text',
    architecture: { input_modalities: ['text'], output_modalities: ['text'] },
    supported_parameters: ['tools'],
  },
  { id: 'a/eyes:free', name: 'A: Eyes', architecture: { input_modalities: ['text', 'image'], output_modalities: ['text'] } },
  { id: 'b/picture', name: 'B: Picture', architecture: { input_modalities: ['text'], output_modalities: ['image'] } },
  {
    id: '~a/text-latest',
    name: 'A: Latest',
    architecture: { output_modalities: ['text'] },
    alias_target: { slug: 'a/text', name: 'A: Text' },
  },
];
const BODY = `{ "data": ${JSON.stringify(MODELS)} , "unknown": 1 }`;

async function open(): Promise<Gateway> {
  const gateway = await startGateway({ api: scriptedProvider(() => [], BODY), port: 0, now: Date.now, monotonic: () => 0 });
  onTestFinished(() => gateway.close());
  return gateway;
}

async function get(path: string, init: RequestInit = {}): Promise<{ status: number; body: any; headers: Headers }> {
  const gateway = await open();
  const response = await fetch(gateway.origin + path, { headers: { authorization: 'Bearer any' }, ...init });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text), headers: response.headers };
}

test('the endpoints with zero data retention are the provider’s', async () => {
  expect(await get('/api/v1/endpoints/zdr', { headers: {} })).toMatchObject({ status: 200, body: { data: [] } });
});

describe('the catalogue', () => {
  test('without a query is the provider’s own body', async () => {
    const gateway = await open();
    for (const base of ['/api/v1', '/v1']) expect(await (await fetch(`${gateway.origin}${base}/models`)).text()).toBe(BODY);
  });

  test.each([
    ['?output_modalities=all', ['a/text', 'a/eyes:free', 'b/picture', '~a/text-latest']],
    ['?output_modalities=image', ['b/picture']],
    ['?input_modalities=image', ['a/eyes:free']],
    ['?supported_parameters=tools', ['a/text']],
    ['?q=EYES', ['a/eyes:free']],
    ['?limit=2', ['a/text', 'a/eyes:free']],
    ['?limit=2&offset=2', ['~a/text-latest']],
    ['?q=nothing', []],
  ])('with %s', async (query, ids) => {
    const { body } = await get(`/api/v1/models${query}`);
    expect(body.data.map((model: { id: string }) => model.id)).toEqual(ids);
  });

  test('pages link to the next one', async () => {
    const { body } = await get('/api/v1/models?limit=2&q=a');
    expect(body).toMatchObject({ total_count: 3, links: { next: '/api/v1/models?limit=2&q=a&offset=2' } });
  });

  test('counts', async () => {
    expect((await get('/api/v1/models/count')).body).toEqual({ data: { count: 3 } });
    expect((await get('/api/v1/models/count?output_modalities=all')).body).toEqual({ data: { count: 4 } });
  });

  test.each([
    ['a/text', 'a/text'],
    ['a/text-20260101', 'a/text'],
    ['a/eyes:free', 'a/eyes:free'],
    ['a/eyes%3Afree', 'a/eyes:free'],
    ['~a/text-latest', 'a/text'],
  ])('describes %s', async (asked, id) => {
    expect((await get(`/api/v1/model/${asked}`)).body.data.id).toBe(id);
  });
});

test.each([
  ['GET', '/api/v1/models/~a/text-latest/endpoints', { data: { id: '~a/text-latest', endpoints: [] } }],
  ['GET', '/api/v1/endpoints/zdr', { data: [] }],
  ['GET', '/v1/key', { data: { label: 'scripted' } }],
  ['GET', '/api/v1/auth/key', { data: { label: 'scripted' } }],
  ['GET', '/api/v1/credits', { data: { total_credits: 1, total_usage: 0 } }],
  ['GET', '/api/v1/generation?id=gen-7', { data: { id: 'gen-7' } }],
])('%s %s', async (method, path, body) => {
  expect(await get(path, { method })).toMatchObject({ status: 200, body });
});

test.each([
  ['GET', '/', 404],
  ['GET', '/api/v1', 404],
  ['GET', '/api/v1/', 404],
  ['GET', '/api/v1/nothing', 404],
  ['GET', '/api/v1/constructor', 404],
  ['GET', '/api/v1/model/*/*', 404],
  ['GET', '/api/v1/models/a/b/c/endpoints', 404],
  ['GET', '/api/v1/models/a//endpoints', 404],
  ['GET', '/api/v1/model/a/none', 404],
  ['GET', '/api/v1/model/a/%zz', 400],
  ['GET', '/api/v1/generation', 400],
  ['GET', '/api/v1/models?limit=0', 400],
  ['GET', '/api/v1/models?offset=-1', 400],
  ['GET', '/api/v1/chat/completions', 405],
  ['DELETE', '/api/v1/models', 405],
  ['POST', '/api/v1/key', 405],
])('%s %s is an error in the API’s format: %i', async (method, path, status) => {
  const { body, status: got } = await get(path, { method });
  expect(got).toBe(status);
  expect(body).toMatchObject({ error: { code: status, message: expect.any(String) as string } });
});

test('a wrong method is answered with the right one', async () => {
  expect((await get('/api/v1/models', { method: 'PUT' })).headers.get('allow')).toBe('GET');
});

test('a body in another encoding is rejected, and a byte order mark is not part of its text', async () => {
  const post = (body: Buffer): ReturnType<typeof get> => get('/api/v1/chat/completions', { method: 'POST', body });
  const request = '{"model":"a/text","messages":[{"role":"user","content":"café"}]}';
  expect(await post(Buffer.from(request, 'latin1'))).toMatchObject({
    status: 400,
    body: { error: { message: 'the request body is not UTF-8 text' } },
  });
  expect((await post(Buffer.from(`\ufeff${request}`))).status).toBe(200);
});
