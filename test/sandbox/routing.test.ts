import { describe, expect, test } from 'vitest';
import type { ChatRequest, RoutingPreferences } from '../../src/apis/completion.ts';
import { eventOf, fastSandbox, play, userRequest } from '../support/sandbox.ts';

const answeredBy = async (model: string, routing: RoutingPreferences, more: Partial<ChatRequest> = {}) => {
  const { events, error } = await play(fastSandbox(), userRequest(model, undefined, { routing, ...more }), {
    includeRouting: true,
  });
  if (error !== undefined) throw error;
  return eventOf(events, 'response-start').provider;
};

describe('which endpoint answers', () => {
  const LLAMA = 'meta-llama/llama-3.3-70b-instruct';
  test.each<[string, RoutingPreferences, string]>([
    [LLAMA, {}, 'DeepInfra'],
    [LLAMA, { sort: 'price' }, 'DeepInfra'],
    [LLAMA, { sort: 'throughput' }, 'Groq'],
    [LLAMA, { sort: 'latency' }, 'Groq'],
    [LLAMA, { minThroughput: 100 }, 'Groq'],
    [LLAMA, { minThroughput: 1_000_000 }, 'DeepInfra'],
    [LLAMA, { maxLatency: 0.3 }, 'Groq'],
    [LLAMA, { maxLatency: 0 }, 'DeepInfra'],
    [LLAMA, { minThroughput: 100, order: ['novita'] }, 'Novita'],
    [LLAMA, { order: ['novita', 'groq'] }, 'Novita'],
    [LLAMA, { order: ['nobody', 'groq'] }, 'Groq'],
    [LLAMA, { order: ['Groq'] }, 'Groq'],
    [LLAMA, { order: ['deepinfra/turbo'] }, 'DeepInfra'],
    [LLAMA, { only: ['novita/bf16'] }, 'Novita'],
    [LLAMA, { only: ['groq', 'novita'] }, 'Novita'],
    [LLAMA, { ignore: ['deepinfra'] }, 'Novita'],
    [LLAMA, { ignore: ['deepinfra', 'novita'] }, 'Groq'],
    [LLAMA, { quantizations: ['bf16'] }, 'Novita'],
    [LLAMA, { quantizations: ['unknown'] }, 'Groq'],
    [LLAMA, { sort: 'throughput', maxPrice: { prompt: '0.5', completion: '10' } }, 'DeepInfra'],
    ['deepseek/deepseek-chat', { sort: 'latency', maxPrice: { prompt: '0.2574', completion: '1.0287' } }, 'DeepInfra'],
    ['deepseek/deepseek-chat', { ignore: ['deepinfra'] }, 'Chutes'],
    ['deepseek/deepseek-chat', { ignore: ['deepinfra'], dataCollection: 'deny' }, 'Novita'],
    ['anthropic/claude-sonnet-4.6', { zeroDataRetention: true }, 'Amazon Bedrock'],
    ['anthropic/claude-sonnet-4.6', { dataCollection: 'deny' }, 'Anthropic'],
    ['anthropic/claude-sonnet-4.6', { order: ['google-vertex'] }, 'Google'],
    [`${LLAMA}:nitro`, {}, 'Groq'],
    [`${LLAMA}:floor`, {}, 'DeepInfra'],
    [`${LLAMA}:nitro`, { sort: 'price' }, 'DeepInfra'],
  ])('%s %j → %s', async (model, routing, provider) => {
    expect(await answeredBy(model, routing)).toBe(provider);
  });

  test('a long prompt skips endpoints that are too short for it', async () => {
    const long = { messages: [{ role: 'user' as const, content: 'word '.repeat(20_000) }] };
    expect(await answeredBy(LLAMA, { order: ['novita'] }, long)).toBe('DeepInfra');
  });
});

describe('when no endpoint is left', () => {
  test.each<[string, RoutingPreferences, string, string]>([
    ['openai/gpt-4o', { only: ['nobody'] }, 'No allowed providers are available', 'allowed_providers'],
    ['openai/gpt-4o', { ignore: ['openai', 'azure'] }, 'No allowed providers are available', 'allowed_providers'],
    ['openai/gpt-4o', { order: ['nobody'], allowFallbacks: false }, 'No allowed providers are available', 'allowed_providers'],
    [
      'openai/gpt-4o',
      { zeroDataRetention: true },
      'No endpoints found matching your data policy (Zero data retention)',
      'data_policy:zdr',
    ],
    ['qwen/qwen3-coder:free', { dataCollection: 'deny' }, 'No endpoints found matching your data policy', 'data_policy:training'],
    ['openai/gpt-4o', { quantizations: ['fp8'] }, 'No endpoints found that match the requested quantizations', 'quantization'],
    [
      'openai/gpt-4o',
      { maxPrice: { prompt: '2.4999', completion: '100' } },
      'No endpoints found that satisfy the max price',
      'max_price',
    ],
  ])('%s %j: %s', async (model, routing, message, excludedBy) => {
    await expect(answeredBy(model, routing)).rejects.toMatchObject({
      kind: 'no-endpoint',
      status: 404,
      message: expect.stringContaining(message) as string,
      wire: { code: 404, availability: { retryable: false, requested_models: [model], excluded_by: [excludedBy] } },
    });
  });

  test('tools and images need a model that supports them', async () => {
    const image = { messages: [{ role: 'user' as const, content: [{ type: 'image' as const, url: 'https://x' }] }] };
    await expect(answeredBy('deepseek/deepseek-chat', {}, image)).rejects.toMatchObject({
      status: 404,
      message: expect.stringContaining('image input') as string,
    });
    expect(await answeredBy('openai/gpt-4o', {}, image)).toBe('OpenAI');
    await expect(answeredBy('perplexity/sonar', {}, { extra: { tools: [{}] } })).rejects.toMatchObject({
      message: expect.stringContaining('tool use') as string,
    });
  });

  test('a prompt that is too long is an error that names the limit', async () => {
    await expect(
      answeredBy('microsoft/phi-4', {}, { messages: [{ role: 'user', content: 'word '.repeat(20_000) }] }),
    ).rejects.toMatchObject({
      kind: 'usage',
      status: 400,
      message: expect.stringContaining('maximum context length is 16384 tokens') as string,
    });
  });

  test('an unknown model is a bad request', async () => {
    await expect(answeredBy('nobody/nothing', {})).rejects.toMatchObject({
      status: 400,
      message: 'unknown model: nobody/nothing is not a valid model ID',
    });
    await expect(answeredBy('openai/gpt-4o', {}, { fallbackModels: ['nobody/nothing'] })).rejects.toMatchObject({ status: 400 });
    await expect(answeredBy('openai/gpt-4o:turbo', {})).rejects.toMatchObject({ status: 400 });
  });
});

describe('which model or provider answers instead', () => {
  const routed = async (request: ChatRequest) => {
    const { events, error } = await play(fastSandbox(), request, { includeRouting: true });
    if (error !== undefined) throw error;
    return { start: eventOf(events, 'response-start'), routing: eventOf(events, 'routing') };
  };

  test('a fallback model, and the attempts before it', async () => {
    const { start, routing } = await routed(
      userRequest('sandbox/always-down', 'x', { fallbackModels: ['sandbox/rate-limit', 'openai/gpt-4o'] }),
    );
    expect(start.model).toBe('openai/gpt-4o');
    expect(routing).toEqual({
      type: 'routing',
      strategy: 'fallback',
      region: undefined,
      attempts: [
        { provider: 'Sandbox', model: 'sandbox/always-down', status: 502 },
        { provider: 'Sandbox', model: 'sandbox/rate-limit', status: 429 },
        { provider: 'OpenAI', model: 'openai/gpt-4o', status: 200 },
      ],
    });
  });

  test('a fallback even if routing left no endpoint of the first', async () => {
    const request = userRequest('openai/gpt-4o', 'x', {
      routing: { zeroDataRetention: true },
      fallbackModels: ['google/gemini-2.5-flash'],
    });
    expect((await routed(request)).start.model).toBe('google/gemini-2.5-flash');
  });

  test('the last failure if all fail', async () => {
    await expect(
      routed(userRequest('sandbox/always-down', 'x', { fallbackModels: ['sandbox/no-credits'] })),
    ).rejects.toMatchObject({ status: 402 });
  });

  test('the auto router picks by the prompt, deterministically, and charges for the model that it picks', async () => {
    const picked = new Set<string>();
    for (let index = 0; index < 24; index += 1) {
      const request = userRequest('openrouter/auto', `question ${index}`);
      const [first, second] = [await routed(request), await routed(request)];
      expect(second.start.model).toBe(first.start.model);
      expect(first.routing.strategy).toBe('auto');
      picked.add(first.start.model);
    }
    expect(picked.size).toBeGreaterThan(2);
    const { events } = await play(fastSandbox(), userRequest('openrouter/auto'));
    expect(Number(eventOf(events, 'usage').usage.cost)).toBeGreaterThan(0);
  });

  test('an alias resolves to its model, and a model is known by its permanent slug', async () => {
    expect(await routed(userRequest('~anthropic/claude-sonnet-latest'))).toMatchObject({
      start: { model: 'anthropic/claude-sonnet-5-20260630' },
      routing: { strategy: 'latest' },
    });
    expect((await routed(userRequest('anthropic/claude-4.5-haiku-20251001'))).start.model).toBe(
      'anthropic/claude-4.5-haiku-20251001',
    );
  });

  test('routing is reported only on request', async () => {
    const { events } = await play(fastSandbox(), userRequest('openai/gpt-4o'));
    expect(events.some((event) => event.type === 'routing')).toBe(false);
  });
});
