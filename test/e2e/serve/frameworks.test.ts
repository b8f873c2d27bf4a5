import { randomUUID } from 'node:crypto';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { HumanMessage } from '@langchain/core/messages';
import { tool as langchainTool } from '@langchain/core/tools';
import { ChatOpenAI } from '@langchain/openai';
import { createOpenRouter } from '@openrouter/ai-sdk-provider';
import { APICallError, generateText, jsonSchema, type LanguageModel, stepCountIs, streamText, tool } from 'ai';
import { describe, expect, test } from 'vitest';
import { SERVED_MODELS, type ServedModel } from '../../support/fake-vendors/participants.ts';
import type { Spoken } from '../../support/fake-vendors/spoken.ts';
import { startFakeVendor } from '../../support/fake-vendors/start.ts';
import { serveVendors, vendorNameOf } from '../../support/served-vendors.ts';

// Frameworks that use chat completions, against the built gateway over real HTTP.

const CITY = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } as const;

/** Starts the gateway in front of one vendor with planned answers. */
async function serve({ model, wire, dialect }: ServedModel, answers: (Spoken | 'down')[]) {
  const fake = await startFakeVendor(wire(), () => answers.shift() ?? 'down');
  const served = await serveVendors({ [vendorNameOf(model)]: { origin: fake.server.origin, dialect } });
  return { fake, baseURL: `${served.origin}/v1` };
}

const PROVIDERS: Readonly<Record<string, (baseURL: string, model: string) => LanguageModel>> = {
  '@ai-sdk/openai-compatible': (baseURL, model) =>
    createOpenAICompatible({ name: 'orx', baseURL, apiKey: 'any', includeUsage: true })(model),
  '@openrouter/ai-sdk-provider': (baseURL, model) => createOpenRouter({ baseURL, apiKey: 'any' }).chat(model),
};

describe.each(SERVED_MODELS)('$model', (participant) => {
  const { model } = participant;

  test.each(Object.entries(PROVIDERS))(
    'ai with %s: streams text, calls a tool and continues, counts tokens',
    async (_, provider) => {
      const said = randomUUID();
      const city = randomUUID();
      const { fake, baseURL } = await serve(participant, [
        { reasoning: '', text: '', calls: [{ name: 'weather', arguments: { city } }] },
        { reasoning: '', text: `Rain: ${said}`, calls: [] },
      ]);
      const seen: unknown[] = [];
      const result = streamText({
        model: provider(baseURL, model),
        prompt: 'Will it rain?',
        maxRetries: 0,
        stopWhen: stepCountIs(3),
        tools: {
          weather: tool({
            description: 'The weather of a city.',
            inputSchema: jsonSchema<{ city: string }>(CITY),
            execute: async (input) => {
              seen.push(input);
              return `It rains in ${input.city}.`;
            },
          }),
        },
      });
      let text = '';
      for await (const piece of result.textStream) text += piece;
      expect(text).toBe(`Rain: ${said}`);
      expect(seen).toEqual([{ city }]);
      const { inputTokens, outputTokens } = await result.totalUsage;
      expect([inputTokens! > 0, outputTokens! > 0]).toEqual([true, true]);
      expect(await result.finishReason).toBe('stop');
      expect(fake.faults).toEqual([]);
      expect(JSON.stringify(fake.bodies[1])).toContain(`It rains in ${city}.`);
    },
  );

  test('LangChain: streams text and calls a tool', async () => {
    const said = randomUUID();
    const city = randomUUID();
    const { fake, baseURL } = await serve(participant, [
      { reasoning: '', text: `Hello ${said}`, calls: [] },
      { reasoning: '', text: '', calls: [{ name: 'weather', arguments: { city } }] },
    ]);
    const chat = new ChatOpenAI({ model, apiKey: 'any', maxRetries: 0, streamUsage: true, configuration: { baseURL } });
    let text = '';
    let tokens = 0;
    for await (const piece of await chat.stream([new HumanMessage('hi')])) {
      text += piece.text;
      // Its types have no counts for a streamed piece.
      tokens += (piece as unknown as { usage_metadata?: { output_tokens: number } }).usage_metadata?.output_tokens ?? 0;
    }
    expect(text).toBe(`Hello ${said}`);
    expect(tokens).toBeGreaterThan(0);
    const weather = langchainTool(async () => 'rain', { name: 'weather', description: 'The weather.', schema: CITY });
    const answer = await chat.bindTools([weather]).invoke([new HumanMessage('Will it rain?')]);
    expect(answer.tool_calls).toMatchObject([{ name: 'weather', args: { city } }]);
    expect(fake.faults).toEqual([]);
  });
});

test('ai receives the status of a failure', async () => {
  const { baseURL } = await serve(SERVED_MODELS[0]!, []);
  const model = PROVIDERS['@ai-sdk/openai-compatible']!(baseURL, SERVED_MODELS[0]!.model);
  const failure = await generateText({ model, prompt: 'hi', maxRetries: 0 }).catch((error: unknown) => error);
  expect(APICallError.isInstance(failure)).toBe(true);
  expect((failure as APICallError).statusCode).toBeGreaterThanOrEqual(500);
});
