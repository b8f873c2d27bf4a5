import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/decimal.ts';
import { CATALOGUE_DATE, PROVIDERS } from '../../src/sandbox/model-facts.ts';
import { ALL_MODELS, endpointTag, findFacts } from '../../src/sandbox/catalogue.ts';
import { eventOf, fastSandbox, play, steadySandbox, userRequest } from '../support/sandbox.ts';

describe('generations', () => {
  test('a finished one is recorded with its cost', async () => {
    const sandbox = fastSandbox();
    const { events } = await play(sandbox, userRequest('deepseek/deepseek-chat'));
    const { id } = eventOf(events, 'response-start');
    expect(id).toMatch(/^gen-\d{10}-[A-Za-z0-9]{20}$/);
    const { usage } = eventOf(events, 'usage');
    const generation = await sandbox.getGeneration!(id);
    expect(generation).toMatchObject({
      id,
      cost: usage.cost,
      promptTokens: usage.promptTokens,
      completionTokens: usage.completionTokens,
      provider: 'DeepInfra',
    });
    expect(generation.wire).toMatchObject({ cancelled: false, finish_reason: 'stop', streamed: true });
    expect(generation.wire).toMatchObject({
      provider_responses: [
        {
          provider_name: 'DeepInfra',
          status: 200,
          is_byok: false,
          model_permaslug: findFacts('deepseek/deepseek-chat')!.canonicalSlug,
        },
      ],
    });
    const { latency, provider_responses: responses } = generation.wire as {
      latency: number;
      provider_responses: { latency: number }[];
    };
    expect([Number.isInteger(latency), responses.map((one) => one.latency)]).toEqual([true, [latency]]);
    expect(generation.attempts).toEqual([{ provider: 'DeepInfra', status: 200, latencyMs: latency }]);
    expect((await sandbox.account!.getCredits()).totalUsage).toBe(usage.cost);
    expect((await sandbox.account!.getKey()).usage).toBe(usage.cost);
  });

  test.each(['abort', 'break'])('one that was stopped by %s is billed for its received part', async (how) => {
    const sandbox = steadySandbox();
    const controller = new AbortController();
    let id = '';
    let pieces = 0;
    const run = async (): Promise<void> => {
      for await (const event of sandbox.streamCompletion(userRequest('deepseek/deepseek-chat'), { signal: controller.signal })) {
        if (event.type === 'response-start') id = event.id;
        if (event.type === 'text-delta') pieces += 1;
        if (pieces < 3) continue;
        if (how === 'break') break;
        controller.abort(new Error('stopped'));
      }
    };
    const thrown = await run().catch((error: Error) => error.message);
    expect(thrown).toBe(how === 'break' ? undefined : 'stopped');
    const generation = await sandbox.getGeneration!(id);
    expect(generation.wire).toMatchObject({ cancelled: true, finish_reason: null });
    const { promptTokens, completionTokens, cost } = generation;
    expect(completionTokens).toBeGreaterThan(0);
    expect(cost).toBe(
      decimal('0.0000002574').times(promptTokens!).plus(decimal('0.0000010287').times(completionTokens!)).toFixed(),
    );
  });

  test('one that broke costs nothing', async () => {
    const sandbox = fastSandbox();
    const { events } = await play(sandbox, userRequest('sandbox/cut'));
    expect(await sandbox.getGeneration!(eventOf(events, 'response-start').id)).toMatchObject({
      cost: '0',
      wire: { finish_reason: 'error' },
    });
    expect((await sandbox.account!.getCredits()).totalUsage).toBe('0');
  });

  test('ids differ, unknown ones are not found, and only the newest are stored', async () => {
    const sandbox = fastSandbox();
    const ids = new Set<string>();
    for (let index = 0; index < 1005; index += 1) {
      const { events } = await play(sandbox, userRequest('deepseek/deepseek-chat', 'x', { maxTokens: 1 }));
      ids.add(eventOf(events, 'response-start').id);
    }
    expect(ids.size).toBe(1005);
    const all = [...ids];
    await expect(sandbox.getGeneration!(all[0]!)).rejects.toMatchObject({ kind: 'no-endpoint', status: 404 });
    expect((await sandbox.getGeneration!(all.at(-1)!)).id).toBe(all.at(-1));
    await expect(sandbox.getGeneration!('gen-unknown')).rejects.toMatchObject({ status: 404 });
  });
});

describe('the catalogue', () => {
  test('is a selection that describes itself correctly', async () => {
    const { models, body } = await fastSandbox().catalogue!.listModels();
    expect(models.length).toBe(ALL_MODELS.length);
    expect(JSON.parse(body)).toMatchObject({
      sandbox: expect.stringContaining(CATALOGUE_DATE) as string,
      total_count: models.length,
    });
    for (const model of models) expect(model.description).toContain(CATALOGUE_DATE);
  });

  test('has one of each kind that a client must handle', async () => {
    const { models } = await fastSandbox().catalogue!.listModels();
    const some = (fits: (model: (typeof models)[number]) => boolean) => models.filter(fits).map(({ id }) => id);
    expect(some(({ pricing }) => pricing.prompt === 'varies')).toEqual(['openrouter/auto']);
    expect(some(({ pricing }) => pricing.prompt !== 'varies' && pricing.prompt?.eq(0) === true).length).toBeGreaterThan(1);
    expect(some(({ pricing }) => pricing.overrides.length > 0).length).toBeGreaterThan(2);
    expect(some(({ aliasTarget }) => aliasTarget !== undefined)).toEqual(['~anthropic/claude-sonnet-latest']);
    expect(some(({ expirationDate }) => expirationDate !== undefined)).toEqual(['z-ai/glm-4.5']);
    expect(some(({ inputModalities }) => inputModalities.includes('image')).length).toBeGreaterThan(5);
    expect(some(({ outputModalities }) => outputModalities.includes('image'))).toContain('google/gemini-2.5-flash-image');
  });

  test('is consistent: ids, aliases and tags are unique and resolvable', async () => {
    expect(new Set(ALL_MODELS.map(({ id }) => id)).size).toBe(ALL_MODELS.length);
    const broken = ALL_MODELS.filter((model) => {
      const tags = model.endpoints.map(endpointTag);
      const leads =
        model.aliasOf === undefined ? tags.length > 0 || model.id === 'openrouter/auto' : findFacts(model.aliasOf) !== undefined;
      return !leads || new Set(tags).size !== tags.length;
    });
    expect(broken).toEqual([]);
    const used = new Set(ALL_MODELS.flatMap(({ endpoints }) => endpoints.map(({ provider }) => provider)));
    expect([...used].toSorted()).toEqual(Object.keys(PROVIDERS).toSorted());
  });

  test('lists the endpoints with zero data retention, by its own policies', async () => {
    const { endpoints } = await fastSandbox().endpoints!.listZdrEndpoints();
    const tags = (model: string) => endpoints.filter(({ modelId }) => modelId === model).map(({ tag }) => tag);
    expect([tags('deepseek/deepseek-chat'), tags('openai/gpt-4o')]).toEqual([['deepinfra/fp4', 'novita/fp8'], []]);
  });

  test('lists the endpoints of a model, of an alias, of a router, and of nothing', async () => {
    const sandbox = fastSandbox();
    const { endpoints } = await sandbox.endpoints!.listEndpoints('deepseek/deepseek-chat');
    expect(endpoints.map(({ tag }) => tag)).toEqual(['deepinfra/fp4', 'novita/fp8', 'chutes/fp8']);
    expect((await sandbox.endpoints!.listEndpoints('~anthropic/claude-sonnet-latest')).endpoints.length).toBe(3);
    expect((await sandbox.endpoints!.listEndpoints('openrouter/auto')).endpoints).toEqual([]);
    await expect(sandbox.endpoints!.listEndpoints('nobody/nothing')).rejects.toMatchObject({ status: 404 });
  });
});
