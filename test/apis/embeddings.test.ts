import { describe, expect, test } from 'vitest';
import type { Embeddings, EmbeddingRequest } from '../../src/apis/embeddings.ts';
import { type Handler, sendJson } from '../support/api-server.ts';
import { openVendorServer } from '../support/vendor-server.ts';

const vectorOf = (text: string): number[] => [text.length, text.codePointAt(0)! / 1000, -0.5];
const openAi: Handler = (request, response) => {
  const { input, model } = request.json();
  // In a different order than requested.
  const data = input
    .map((text: string, index: number) => ({ object: 'embedding', index, embedding: vectorOf(String(text)) }))
    .toReversed();
  sendJson(response, 200, {
    object: 'list',
    data,
    model,
    usage: { prompt_tokens: input.length * 3, total_tokens: input.length * 3 },
  });
};
const google: Handler = (request, response) =>
  sendJson(response, 200, {
    embeddings: request.json().requests.map(({ content }: any) => ({ values: vectorOf(content.parts[0].text) })),
    usageMetadata: { promptTokenCount: request.json().requests.length * 3 },
  });
const cohere: Handler = (request, response) =>
  sendJson(response, 200, {
    id: 'e1',
    embeddings: { float: request.json().texts.map(vectorOf) },
    meta: { billed_units: { input_tokens: request.json().texts.length * 3 } },
  });
const ollama: Handler = (request, response) => {
  const { input, model } = request.json();
  sendJson(response, 200, { model, embeddings: input.map(vectorOf), prompt_eval_count: input.length * 3 });
};

async function embed(vendor: string, handler: Handler, request: Partial<EmbeddingRequest>) {
  const { api, server } = await openVendorServer(vendor, handler, { apiKey: 'key-of-the-vendor' });
  const asked: EmbeddingRequest = { model: 'the-model', inputs: ['a', 'bcd'], ...request };
  return { made: await (api.embed!(asked) as Promise<Embeddings>), server };
}

describe('embeddings of a vendor', () => {
  test.each([
    [
      'openai',
      openAi,
      '/v1/embeddings',
      { model: 'the-model', input: ['a', 'bcd'], encoding_format: 'float', dimensions: 3, user: 'u' },
    ],
    [
      'mistral',
      openAi,
      '/v1/embeddings',
      { model: 'the-model', input: ['a', 'bcd'], encoding_format: 'float', output_dimension: 3 },
    ],
    [
      'google',
      google,
      '/v1/models/the-model:batchEmbedContents',
      {
        requests: ['a', 'bcd'].map((text) => ({
          model: 'models/the-model',
          content: { parts: [{ text }] },
          outputDimensionality: 3,
        })),
      },
    ],
    [
      'cohere',
      cohere,
      '/v1/embed',
      { model: 'the-model', texts: ['a', 'bcd'], input_type: 'search_document', embedding_types: ['float'], output_dimension: 3 },
    ],
    ['ollama', ollama, '/v1/embed', { model: 'the-model', input: ['a', 'bcd'], truncate: false, dimensions: 3 }],
  ] as const)('%s has its own request format', async (vendor, handler, path, body) => {
    const { made, server } = await embed(vendor, handler, { dimensions: 3, user: 'u' });
    expect(server.requests.map(({ url, json }) => [url, json()])).toEqual([[path, body]]);
    const { headers } = server.requests[0]!;
    expect(String(headers.authorization ?? headers['x-goog-api-key'])).toContain('key-of-the-vendor');
    expect(made.vectors).toEqual([vectorOf('a'), vectorOf('bcd')]);
    expect(made.model).toBe(`${vendor}:the-model`);
    expect(made.usage).toMatchObject({ promptTokens: 6, completionTokens: 0, totalTokens: 6 });
  });

  test.each([
    ['google', google, 100, 'taskType', 'RETRIEVAL_QUERY'],
    ['cohere', cohere, 96, 'input_type', 'search_query'],
  ] as const)('%s gets many inputs in several requests, with their purpose', async (vendor, handler, most, field, value) => {
    const inputs = Array.from({ length: 250 }, (_, at) => 'x'.repeat(at + 1));
    const { made, server } = await embed(vendor, handler, { inputs, inputType: 'search_query' });
    expect(made.vectors.map(([length]) => length)).toEqual(inputs.map(({ length }) => length));
    const sizes = server.requests.map((request) => (request.json().requests ?? request.json().texts).length);
    expect(sizes).toEqual([most, most, 250 - 2 * most]);
    expect(server.requests[0]!.body).toContain(`"${field}":"${value}"`);
    expect(made.usage?.promptTokens).toBe(750);
  });

  test('tokens go only to vendors that have the tokenizer', async () => {
    const { server } = await embed('openai', openAi, { inputs: [[1, 2], [3]] });
    expect(server.requests[0]!.json().input).toEqual([[1, 2], [3]]);
    await expect(embed('google', google, { inputs: [[1]] })).rejects.toMatchObject({ kind: 'usage' });
    await expect(embed('anthropic', google, {})).rejects.toMatchObject({
      kind: 'usage',
      message: 'Anthropic does not offer embeddings',
    });
  });

  test.each([
    ['no list', { data: {} }],
    ['no numbers', { data: [{ embedding: ['a'] }, { embedding: [1] }] }],
    ['fewer than asked', { data: [{ embedding: [1] }] }],
  ])('a reply with %s is not an answer', async (_, body) => {
    await expect(embed('openai', (__, response) => sendJson(response, 200, body), {})).rejects.toMatchObject({
      kind: 'provider',
      code: 'malformed-embeddings',
    });
  });

  test('an error is reported like that of a completion, without the key', async () => {
    const refuse: Handler = (_, response) =>
      sendJson(response, 401, { error: { message: 'Incorrect API key provided: key-of-the-vendor', code: 'invalid_api_key' } });
    const error: any = await embed('openai', refuse, {}).catch((one: unknown) => one);
    expect(error).toMatchObject({ kind: 'authentication', status: 401 });
    expect(error.message).not.toContain('key-of-the-vendor');
  });
});
