import { beforeAll, describe, expect, test } from 'vitest';
import { type SdkName, sdkFaults } from '../support/sdk-requests.ts';
import { typeFaults } from '../support/sdk-types.ts';

type Wire = Record<string, unknown>;

const TEXT = [{ role: 'user', content: 'hi' }];
const GOOD: Readonly<Record<SdkName, Wire>> = {
  openai: { model: 'm', messages: TEXT, stream: true, stream_options: { include_usage: true } },
  compatible: {
    model: 'm',
    messages: [...TEXT, { role: 'assistant', content: 'a', reasoning_content: 'b' }],
    stream: true,
    top_k: 3,
    reasoning_effort: 'default',
  },
  vllm: {
    model: 'm',
    messages: [{ role: 'user', content: [{ type: 'video_url', video_url: { url: 'https://example.com/a.mp4' } }] }],
    stream: true,
    chat_template_kwargs: { enable_thinking: false },
  },
  responses: { model: 'm', input: [{ role: 'user', content: [{ type: 'input_text', text: 'hi' }] }], stream: true },
  anthropic: { model: 'm', messages: TEXT, stream: true, max_tokens: 10, temperature: 1 },
  gemini: {
    contents: [{ role: 'user', parts: [{ text: 'hi' }] }],
    toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['a'] } },
    generationConfig: { thinkingConfig: { thinkingLevel: 'LOW' } },
  },
  cohere: { model: 'm', messages: TEXT, stream: true, tool_choice: 'REQUIRED' },
  ollama: {
    model: 'm',
    messages: TEXT,
    stream: true,
    think: 'low',
    tools: [
      {
        type: 'function',
        function: { name: 'f', parameters: { type: 'object', properties: { a: { minimum: 1 } }, additionalProperties: false } },
      },
    ],
  },
  mistral: { model: 'm', messages: TEXT, stream: true, tool_choice: 'any' },
};

/** Each with the compiler's message about it. */
const BAD: readonly (readonly [sdk: SdkName, what: string, value: Wire, says: RegExp])[] = [
  ['openai', 'a wrong role', { ...GOOD.openai, messages: [{ role: 'human', content: 'hi' }] }, /"human"/],
  ['openai', 'no model', { ...GOOD.openai, model: undefined }, /'model'/],
  ['openai', 'an unknown field', { ...GOOD.openai, top_k: 1 }, /'top_k' does not exist/],
  ['openai', 'an unknown field deep inside', { ...GOOD.openai, stream_options: { usage: true } }, /'usage' does not exist/],
  [
    'responses',
    'a wrong part',
    { ...GOOD.responses, input: [{ role: 'user', content: [{ type: 'text', text: 'a' }] }] },
    /"text"/,
  ],
  ['anthropic', 'no limit of tokens', { ...GOOD.anthropic, max_tokens: undefined }, /'max_tokens'/],
  ['anthropic', 'an unknown field', { ...GOOD.anthropic, seed: 1 }, /'seed' does not exist/],
  ['anthropic', 'a system message that is a number', { ...GOOD.anthropic, system: 1 }, /number/],
  ['gemini', 'a mode that does not exist', { ...GOOD.gemini, toolConfig: { functionCallingConfig: { mode: 'SOME' } } }, /"SOME"/],
  ['gemini', 'an unknown field', { ...GOOD.gemini, generationConfig: { maxTokens: 1 } }, /'maxTokens' does not exist/],
  ['gemini', 'nothing said', { generationConfig: {} }, /'contents'/],
  ['cohere', 'a named tool', { ...GOOD.cohere, tool_choice: { name: 'a' } }, /name/],
  ['cohere', 'an unknown field', { ...GOOD.cohere, top_p: 1 }, /'top_p' does not exist[\s\S]*Unexpected key "top_p"/],
  ['ollama', 'content that is no text', { ...GOOD.ollama, messages: [{ role: 'user', content: [] }] }, /string/],
  ['ollama', 'an unknown field', { ...GOOD.ollama, max_tokens: 1 }, /'max_tokens' does not exist/],
  ['mistral', 'an unknown field', { ...GOOD.mistral, seed: 1 }, /'seed' does not exist[\s\S]*\.seed: 1 became undefined/],
  ['mistral', 'an unknown tier', { ...GOOD.mistral, service_tier: 'flex' }, /"flex"[\s\S]*standard_only/],
];

describe('the check of values against SDK types', () => {
  let faults: string[][] = [];
  beforeAll(async () => {
    const good = Object.entries(GOOD).map(([sdk, body]) => ({ sdk: sdk as SdkName, body }));
    faults = await sdkFaults([...good, ...BAD.map(([sdk, , body]) => ({ sdk, body }))]);
  });

  test.each(Object.keys(GOOD).map((sdk, index) => [sdk, index] as const))('accepts a request of %s', (_, index) => {
    expect(faults[index]).toEqual([]);
  });

  test.each(BAD.map(([sdk, what, , says], index) => [sdk, what, says, index] as const))('%s: finds %s', (_, __, says, index) => {
    expect(faults[Object.keys(GOOD).length + index]!.join('\n')).toMatch(says);
  });

  test('a type or module that does not exist is an error', () => {
    const value = {};
    expect(() => typeFaults([{ type: { module: 'openai', type: 'sdk.NoSuchType' }, value }])).toThrow('NoSuchType');
    expect(() => typeFaults([{ type: { module: 'no-such-module', type: 'sdk.Request' }, value }])).toThrow('no-such-module');
  });
});
