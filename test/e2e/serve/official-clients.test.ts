import { OpenRouter } from '@openrouter/sdk';
import {
  ChatResult$inboundSchema,
  ChatStreamChunk$inboundSchema,
  ListEndpointsResponse$inboundSchema,
  ModelsListResponse$inboundSchema,
} from '@openrouter/sdk/models';
import * as errors from '@openrouter/sdk/models/errors';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALL_MODELS } from '../../../src/sandbox/catalogue.ts';
import { serveSandbox } from '../../support/sandbox.ts';

// The clients that OpenRouter's users have, against the built program over real HTTP.
let url = '';
let openai: OpenAI;
let openrouter: OpenRouter;
let stop: () => Promise<void> = async () => undefined;

beforeAll(async () => {
  ({ url } = await serveSandbox(['-q'], { cleanUp: (work) => (stop = work) }));
  openai = new OpenAI({ baseURL: url, apiKey: 'any', maxRetries: 0 });
  openrouter = new OpenRouter({ serverURL: url, apiKey: 'any', retryConfig: { strategy: 'none' } });
});

afterAll(() => stop());

const MESSAGES = [{ role: 'user' as const, content: 'Why is the sky blue?' }];

/** Without an output modality, the API lists only models with text. */
const CHAT_MODELS = ALL_MODELS.filter(({ output }) => output?.includes('text') !== false);

describe('openai', () => {
  test('streams an answer up to its usage', async () => {
    const stream = await openai.chat.completions.create({
      model: 'openai/gpt-4o-mini',
      messages: MESSAGES,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    let usage: OpenAI.CompletionUsage | null | undefined;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      usage = chunk.usage ?? usage;
    }
    expect(text).toMatch(/^This is a simulated answer from the orx sandbox/);
    expect(usage).toMatchObject({ prompt_tokens: 10, cost: expect.any(Number) as number });
  });

  test('gets a complete answer, under both paths', async () => {
    for (const baseURL of [url, url.replace('/api/v1', '/v1')]) {
      const client = new OpenAI({ baseURL, apiKey: 'any' });
      const answer = await client.chat.completions.create({
        model: 'openai/gpt-4o-mini',
        messages: MESSAGES,
        max_completion_tokens: 12,
      });
      expect(answer.choices[0]).toMatchObject({
        finish_reason: 'length',
        message: { role: 'assistant', content: expect.stringMatching(/^This is a simulated/) as string },
      });
      expect(answer.usage).toMatchObject({ completion_tokens: 12 });
    }
  });

  test('its stream helper assembles the same answer', async () => {
    const whole = await openai.chat.completions.create({ model: 'openai/gpt-4.1', messages: MESSAGES });
    const streamed = await openai.chat.completions.stream({ model: 'openai/gpt-4.1', messages: MESSAGES }).finalChatCompletion();
    expect(streamed.choices[0]!.message.content).toBe(whole.choices[0]!.message.content);
  });

  test('lists the models', async () => {
    const ids: string[] = [];
    for await (const model of openai.models.list()) ids.push(model.id);
    expect(await openai.models.retrieve('openai/gpt-4o')).toMatchObject({
      id: 'openai/gpt-4o',
      object: 'model',
      owned_by: 'openai',
      context_length: 128000,
    });
    expect(ids.toSorted()).toEqual(ALL_MODELS.map(({ id }) => id).toSorted());
  });

  test('raises its own error classes', async () => {
    const ask = (model: string) => openai.chat.completions.create({ model, messages: MESSAGES, stream: true });
    await expect(ask('sandbox/rate-limit')).rejects.toBeInstanceOf(OpenAI.RateLimitError);
    await expect(ask('nobody/nothing')).rejects.toBeInstanceOf(OpenAI.BadRequestError);
    await expect(ask('sandbox/moderated')).rejects.toBeInstanceOf(OpenAI.PermissionDeniedError);
    await expect(ask('sandbox/always-down')).rejects.toBeInstanceOf(OpenAI.InternalServerError);
    const nobody = new OpenAI({ baseURL: url, apiKey: 'any', maxRetries: 0, defaultHeaders: { Authorization: null } });
    await expect(nobody.chat.completions.create({ model: 'openai/gpt-4o', messages: MESSAGES })).rejects.toMatchObject({
      status: 401,
    });
  });

  test('its own retries get past a model that fails once', async () => {
    const patient = new OpenAI({ baseURL: url, apiKey: 'any', maxRetries: 1 });
    const answer = await patient.chat.completions.create({
      model: 'sandbox/fails-once',
      messages: [{ role: 'user', content: 'openai retries' }],
    });
    expect(answer.choices[0]!.finish_reason).toBe('stop');
  });

  test.each(['sandbox/cut', 'sandbox/error-midstream', 'sandbox/malformed-chunk'])(
    'treats %s as a failure, after the received text',
    async (model) => {
      let text = '';
      const read = async (): Promise<void> => {
        const stream = await openai.chat.completions.create({ model, messages: MESSAGES, stream: true });
        for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
      };
      await expect(read()).rejects.toThrow();
      expect(text).toMatch(/^This is a simulated answer/);
    },
  );

  test('a stream that it abandons is recorded as canceled', async () => {
    const slow = await serveSandbox(['-q'], { env: { ORX_SANDBOX_SPEED: '1' } });
    const client = new OpenAI({ baseURL: slow.url, apiKey: 'any' });
    const stream = await client.chat.completions.create({
      model: 'meta-llama/llama-3.1-8b-instruct',
      messages: MESSAGES,
      stream: true,
    });
    let id = '';
    for await (const chunk of stream) {
      id = chunk.id;
      break;
    }
    const generation = async (): Promise<unknown> => {
      const response = await fetch(`${slow.url}/generation?id=${id}`, { headers: { authorization: 'Bearer any' } });
      return ((await response.json()) as { data?: { cancelled?: boolean } }).data?.cancelled;
    };
    await expect.poll(generation).toBe(true);
  });
});

describe('@openrouter/sdk', () => {
  test('streams an answer with reasoning, usage and routing', async () => {
    const stream = await openrouter.chat.send({
      chatRequest: { model: 'deepseek/deepseek-r1-0528', messages: MESSAGES, stream: true },
      xOpenRouterMetadata: 'enabled',
    });
    if (!(Symbol.asyncIterator in stream)) throw new Error('not a stream');
    let text = '';
    let reasoning = '';
    let last: unknown;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      reasoning += chunk.choices[0]?.delta.reasoning ?? '';
      last = chunk;
    }
    expect(text).toMatch(/^This is a simulated answer from the orx sandbox/);
    expect(reasoning).not.toBe('');
    expect(last).toMatchObject({
      usage: { cost: expect.any(Number) as number, completionTokensDetails: { reasoningTokens: expect.any(Number) as number } },
      openrouterMetadata: { strategy: 'direct', attempts: [{ provider: 'DeepInfra', status: 200 }] },
    });
  });

  test('gets a complete answer with the fallback that gave it', async () => {
    const answer = await openrouter.chat.send({
      chatRequest: {
        model: 'sandbox/always-down',
        models: ['anthropic/claude-haiku-4.5'],
        messages: MESSAGES,
        provider: { sort: 'price' },
      },
      xOpenRouterMetadata: 'enabled',
    });
    if (!('choices' in answer)) throw new Error('not a whole answer');
    expect(answer.model).toBe('anthropic/claude-4.5-haiku-20251001');
    expect(answer.choices[0]!.message.content).toMatch(/^This is a simulated/);
    expect(answer.openrouterMetadata).toMatchObject({ strategy: 'fallback', attempts: [{ status: 502 }, { status: 200 }] });
  });

  test('reads the catalogue, also by page', async () => {
    const ids: string[] = [];
    for await (const page of await openrouter.models.list({ limit: 20 })) ids.push(...page.result.data.map(({ id }) => id));
    expect(ids.toSorted()).toEqual(CHAT_MODELS.map(({ id }) => id).toSorted());
    expect((await openrouter.models.count()).data.count).toBe(CHAT_MODELS.length);
    expect((await openrouter.models.get({ author: 'openai', slug: 'gpt-4o' })).data.name).toBe('OpenAI: GPT-4o');
    const { data } = await openrouter.endpoints.list({ author: 'deepseek', slug: 'deepseek-chat' });
    expect(data.endpoints.map(({ tag }) => tag)).toEqual(['deepinfra/fp4', 'novita/fp8', 'chutes/fp8']);
  });

  test('reads key, credits and a generation', async () => {
    expect((await openrouter.apiKeys.getCurrentKeyMetadata()).data.label).toContain('sandbox');
    expect((await openrouter.credits.getCredits()).data.totalCredits).toBe(100);
    const answer = await openrouter.chat.send({ chatRequest: { model: 'openai/gpt-4o', messages: MESSAGES } });
    if (!('choices' in answer)) throw new Error('not a whole answer');
    const { data } = await openrouter.generations.getGeneration({ id: answer.id });
    expect(data).toMatchObject({ id: answer.id, totalCost: answer.usage!.cost, cancelled: false, streamed: false });
  });

  test.each([
    ['sandbox/rate-limit', errors.TooManyRequestsResponseError],
    ['sandbox/no-credits', errors.PaymentRequiredResponseError],
    ['sandbox/moderated', errors.ForbiddenResponseError],
    ['sandbox/always-down', errors.BadGatewayResponseError],
    ['sandbox/fails-once', errors.ServiceUnavailableResponseError],
    ['nobody/nothing', errors.BadRequestResponseError],
  ])('raises its own error class for %s', async (model, kind) => {
    for (const stream of [true, false]) {
      const messages = [{ role: 'user' as const, content: `sdk ${stream}` }];
      await expect(openrouter.chat.send({ chatRequest: { model, messages, stream } })).rejects.toBeInstanceOf(kind);
    }
  });

  test('raises its own error classes for policy, key and not found', async () => {
    const refused = openrouter.chat.send({
      chatRequest: { model: 'openai/gpt-4o', messages: MESSAGES, provider: { zdr: true } },
    });
    await expect(refused).rejects.toBeInstanceOf(errors.NotFoundResponseError);
    await expect(openrouter.generations.getGeneration({ id: 'gen-unknown' })).rejects.toBeInstanceOf(
      errors.NotFoundResponseError,
    );
    const nobody = new OpenRouter({ serverURL: url, apiKey: '', retryConfig: { strategy: 'none' } });
    await expect(nobody.apiKeys.getCurrentKeyMetadata()).rejects.toBeInstanceOf(errors.UnauthorizedResponseError);
  });
});

describe('the official schemas', () => {
  const post = (body: Record<string, unknown>): Promise<Response> =>
    fetch(`${url}/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer any', 'x-openrouter-metadata': 'enabled' },
      body: JSON.stringify({ messages: MESSAGES, ...body }),
    });
  const special = (...names: string[]): Set<string> => new Set(names.map((name) => `sandbox/${name}`));
  const refusing = special('rate-limit', 'no-credits', 'moderated', 'always-down', 'silence', 'fails-once');
  const breaking = special('cut', 'error-midstream', 'malformed-chunk');
  const answering = CHAT_MODELS.map(({ id }) => id).filter((id) => !refusing.has(id));

  test.each(answering.filter((id) => id !== 'sandbox/cut'))('accept every chunk of %s', async (model) => {
    const body = await (await post({ model, stream: true })).text();
    const chunks = body.split('\n\n').filter((event) => event.startsWith('data: {'));
    expect(chunks.length).toBeGreaterThan(3);
    expect(body.endsWith('data: [DONE]\n\n')).toBe(true);
    const sound = chunks.filter((chunk) => !chunk.includes('"gen-broken"'));
    expect(sound.length).toBe(model === 'sandbox/malformed-chunk' ? chunks.length - 1 : chunks.length);
    for (const chunk of sound) ChatStreamChunk$inboundSchema.parse(JSON.parse(chunk.slice(6)));
  });

  test.each(answering.filter((id) => !breaking.has(id)))('accept the complete reply of %s', async (model) => {
    const wire = (await (await post({ model })).json()) as Record<string, unknown>;
    expect(() => ChatResult$inboundSchema.parse(wire)).not.toThrow();
    expect(Object.keys(wire).join(' ')).toBe(
      'id object created model provider system_fingerprint service_tier choices usage openrouter_metadata',
    );
  });

  test('accept the catalogue and every model’s endpoints', async () => {
    ModelsListResponse$inboundSchema.parse(await (await fetch(`${url}/models`)).json());
    for (const { id } of ALL_MODELS) {
      const { data } = (await (await fetch(`${url}/models/${id}/endpoints`)).json()) as { data: unknown };
      ListEndpointsResponse$inboundSchema.parse(data);
    }
  });
});
