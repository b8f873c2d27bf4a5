import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { type ApiServer, sendJson, startApiServer } from '../../support/api-server.ts';
import { runOrx } from '../../support/run-orx.ts';
import { serveVendors } from '../../support/served-vendors.ts';

// Embeddings with OpenAI's official client, against the built gateway over real HTTP.

const SMALL = 'openai/text-embedding-3-small';
const vectorOf = (input: unknown): number[] => [String(input).length / 8, -0.25, 1];

/** OpenRouter and OpenAI at one URL, with model lists and embeddings. OpenRouter states the cost. */
function startHost(): Promise<ApiServer> {
  return startApiServer((request, response) => {
    if (request.method !== 'POST') {
      const pricing = { prompt: '0.00000002', completion: '0' };
      const model = {
        id: SMALL,
        name: 'Small',
        context_length: 8192,
        pricing,
        architecture: { output_modalities: ['embeddings'] },
      };
      return sendJson(response, 200, { data: request.url.includes('/api/v1/models') ? [model] : [] });
    }
    const { input, model } = request.json();
    const prompt = input.length * 1000;
    const isRouted = request.url.startsWith('/api/');
    return sendJson(response, 200, {
      object: 'list',
      model,
      data: input.map((one: unknown, index: number) => ({ object: 'embedding', index, embedding: vectorOf(one) })),
      usage: { prompt_tokens: prompt, total_tokens: prompt, ...(isRouted && { cost: 0.0007 }) },
    });
  });
}

async function serve() {
  const host = await startHost();
  const served = await serveVendors({ openrouter: host, openai: host });
  const client = new OpenAI({ baseURL: `${served.origin}/v1`, apiKey: 'any', maxRetries: 0 });
  return { ...served, host, client };
}

describe('embeddings behind the gateway', () => {
  test('work for one text, a list and tokens, in either encoding, from OpenRouter and from a vendor', async () => {
    const { client, host, home, stop } = await serve();
    for (const model of [SMALL, 'openai:text-embedding-3-small']) {
      // The client requests base64 and decodes it.
      const one = await client.embeddings.create({ model, input: 'hello', dimensions: 3 });
      expect(one).toMatchObject({
        object: 'list',
        data: [{ object: 'embedding', index: 0, embedding: vectorOf('hello') }],
        model,
      });
      const several = await client.embeddings.create({ model, input: ['a', 'bcd'], encoding_format: 'float' });
      expect(several.data.map(({ embedding }) => embedding)).toEqual([vectorOf('a'), vectorOf('bcd')]);
      expect(several.usage).toMatchObject({ prompt_tokens: 2000, total_tokens: 2000 });
      const tokens = await client.embeddings.create({ model, input: [[1, 2, 3]], encoding_format: 'float' });
      expect(tokens.data).toHaveLength(1);
    }
    const posted = host.requests.filter(({ method }) => method === 'POST');
    expect(posted.map(({ url }) => url)).toEqual([
      ...Array.from({ length: 3 }, () => '/api/v1/embeddings'),
      ...Array.from({ length: 3 }, () => '/v1/embeddings'),
    ]);
    expect(posted.map((request) => request.json().input)).toEqual(
      Array.from({ length: 2 }, () => [['hello'], ['a', 'bcd'], [[1, 2, 3]]]).flat(),
    );
    await stop();
    const { stdout } = await runOrx(['ledger', 'export', '-o', 'jsonl'], { home });
    const entries = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    // The cost that OpenRouter states, and the listed price of the tokens that a vendor counts.
    expect(entries.map(({ cost, cost_source: source }) => `${cost} ${source}`).toSorted()).toEqual(
      ['0.0007 billed', '0.0007 billed', '0.0007 billed', '0.00002 computed', '0.00002 computed', '0.00004 computed'].toSorted(),
    );
  });

  test("work for Google's client, which also finds the model", async () => {
    const { origin, host } = await serve();
    const client = new GoogleGenAI({ apiKey: 'any', httpOptions: { baseUrl: origin, retryOptions: { attempts: 1 } } });
    const several = await client.models.embedContent({
      model: SMALL,
      contents: ['a', 'bcd'],
      config: { outputDimensionality: 3, taskType: 'RETRIEVAL_QUERY' },
    });
    expect(several.embeddings?.map(({ values }) => values)).toEqual([vectorOf('a'), vectorOf('bcd')]);
    expect(host.requests.at(-1)!.json()).toMatchObject({
      model: SMALL,
      input: ['a', 'bcd'],
      dimensions: 3,
      input_type: 'search_query',
    });
    const ask = (method: string, body: object): Promise<Response> =>
      fetch(`${origin}/v1beta/models/${SMALL}:${method}?key=any`, { method: 'POST', body: JSON.stringify(body) });
    const one = await ask('embedContent', { content: { parts: [{ text: 'hello' }] } });
    expect(await one.json()).toEqual({
      embedding: { values: vectorOf('hello') },
      usageMetadata: { promptTokenCount: 1000, cost: 0.0007 },
    });
    expect(await (await ask('embedContent', { content: { parts: [] } })).json()).toMatchObject({
      error: { code: 400, status: 'INVALID_ARGUMENT', message: 'content is empty; there is nothing to embed' },
    });
    const mixed = {
      requests: ['RETRIEVAL_QUERY', 'CLUSTERING'].map((taskType) => ({ content: { parts: [{ text: 'a' }] }, taskType })),
    };
    expect((await ask('batchEmbedContents', mixed)).status).toBe(400);
    const found = await client.models.get({ model: SMALL });
    expect(found).toMatchObject({ name: `models/${SMALL}`, supportedActions: ['embedContent', 'batchEmbedContents'] });
  });

  test('fail as at OpenAI: a wrong field, a vendor without embeddings, and a request beyond a budget', async () => {
    const { client, host, home } = await serve();
    const ask = (more: object): Promise<unknown> => client.embeddings.create({ model: SMALL, input: 'hi', ...more } as never);
    const refused = (message: string): object => ({
      status: 400,
      type: 'invalid_request_error',
      message: expect.stringContaining(message) as string,
    });
    await expect(ask({ input: [] })).rejects.toMatchObject(refused('input is empty'));
    await expect(ask({ input: ['a', ''] })).rejects.toMatchObject(refused('input[1] is empty'));
    await expect(ask({ input: [{ a: 1 }] })).rejects.toMatchObject(refused('input[0] must be a string or a list of tokens'));
    await expect(ask({ encoding_format: 'hex' })).rejects.toMatchObject(refused('encoding_format'));
    await expect(ask({ dimensions: 0 })).rejects.toMatchObject(refused('dimensions'));
    await expect(ask({ model: 'nobody:x' })).rejects.toMatchObject({ status: 404 });
    const asked = host.requests.filter(({ method }) => method === 'POST').length;
    expect(asked).toBe(0);
    expect((await runOrx(['budget', 'add', '--day', '0.0000001'], { home })).code).toBe(0);
    await expect(ask({ input: 'word '.repeat(2000) })).rejects.toMatchObject({ status: 402 });
    expect(host.requests.filter(({ method }) => method === 'POST')).toHaveLength(0);
  });
});
