import { describe, expect, test } from 'vitest';
import { decodeOpenAiModels } from '../../../src/apis/wire/decode-model-list.ts';
import { decimal } from '../../../src/decimal.ts';

const list = (...data: unknown[]) => decodeOpenAiModels(JSON.stringify({ object: 'list', data }));

describe('a list of models', () => {
  test('of OpenAI, xAI, DeepSeek and LM Studio has names and dates', () => {
    expect(
      list(
        { id: 'gpt-4.1', object: 'model', created: 1_744_316_542, owned_by: 'system' },
        { id: 'deepseek-chat', object: 'model' },
      ),
    ).toEqual([{ id: 'gpt-4.1', created: 1_744_316_542 }, { id: 'deepseek-chat' }]);
  });

  test('of Mistral has capabilities, and one entry for each name', () => {
    const card = {
      id: 'm-large',
      created: 5,
      name: 'm-large-2411',
      description: 'big',
      max_context_length: 131_072,
      capabilities: { completion_chat: true, function_calling: true, vision: true, reasoning: false },
      type: 'base',
    };
    expect(list(card, card, { ...card, id: 'm-embed', capabilities: { completion_chat: false } })).toEqual([
      {
        id: 'm-large',
        name: 'm-large-2411',
        description: 'big',
        created: 5,
        contextLength: 131_072,
        inputModalities: ['text', 'image'],
        supportedParameters: ['tools', 'tool_choice'],
      },
    ]);
  });

  test('of Groq has limits; inactive models are omitted', () => {
    const model = { id: 'a/b', active: true, context_window: 131_072, max_completion_tokens: 32_768 };
    expect(list(model, { ...model, id: 'old', active: false }, { ...model, id: 'whisper-large-v3' })).toEqual([
      { id: 'a/b', contextLength: 131_072, maxCompletionTokens: 32_768 },
    ]);
  });

  test('of Together is a bare array with prices per million tokens', () => {
    const model = {
      id: 'a/b',
      type: 'chat',
      display_name: 'A B',
      context_length: 8192,
      pricing: { hourly: 0, input: 0.88, output: 1.5, cached_input: 0.2, base: 0 },
    };
    const models = decodeOpenAiModels(
      JSON.stringify([
        model,
        { ...model, id: 'hourly', pricing: { hourly: 3, input: 0, output: 0 } },
        { ...model, id: 'a/b-Free', pricing: { input: 0, output: 0 } },
        { ...model, id: 'draw', type: 'image' },
      ]),
    );
    expect(models.map(({ id, prices }) => [id, prices])).toEqual([
      ['a/b', { prompt: decimal('0.00000088'), completion: decimal('0.0000015'), cacheRead: decimal('0.0000002') }],
      ['hourly', undefined],
      ['a/b-Free', { prompt: decimal(0), completion: decimal(0) }],
    ]);
    expect(models[0]).toMatchObject({ name: 'A B', contextLength: 8192 });
  });

  test("of a host that uses OpenRouter's format", () => {
    const model = {
      id: 'a',
      context_length: 10,
      max_output_length: 5,
      pricing: { prompt: '0.0000005', completion: '0.000001', input_cache_read: '0' },
      input_modalities: ['text'],
      output_modalities: ['text'],
      supported_parameters: ['tools', 'seed'],
    };
    expect(list(model)).toEqual([
      {
        id: 'a',
        contextLength: 10,
        maxCompletionTokens: 5,
        prices: { prompt: decimal('0.0000005'), completion: decimal('0.000001') },
        inputModalities: ['text'],
        outputModalities: ['text'],
        supportedParameters: ['tools', 'seed'],
      },
    ]);
  });

  test('of Fireworks includes model capabilities', () => {
    const model = {
      id: 'accounts/fireworks/models/x',
      kind: 'HF_BASE_MODEL',
      supports_chat: true,
      supports_image_input: false,
      supports_tools: true,
      context_length: 4096,
    };
    expect(list(model, { ...model, id: 'draws', supports_chat: false })).toEqual([
      { id: model.id, contextLength: 4096, inputModalities: ['text'], supportedParameters: ['tools', 'tool_choice'] },
    ]);
  });

  test.each([
    ['vLLM', { id: 'x', max_model_len: 4096 }],
    ['llama.cpp', { id: 'x', meta: { n_ctx_train: 4096, n_params: 9 } }],
    ['a newer llama.cpp', { id: 'x', meta: { n_ctx: 4096, n_ctx_train: 32_768 } }],
  ])('of %s has the context', (_name, model) => expect(list(model)).toEqual([{ id: 'x', contextLength: 4096 }]));

  test('names identify models that do not chat, if nothing else does', () => {
    const others = [
      'text-embedding-3-small',
      'whisper-1',
      'tts-1-hd',
      'gpt-4o-mini-tts',
      'dall-e-3',
      'gpt-image-1',
      'omni-moderation-latest',
      'gpt-4o-transcribe',
      'gpt-4o-realtime-preview',
      'sora-2',
      'davinci-002',
      'gpt-3.5-turbo-instruct',
      'nomic-embed-text-v1.5',
      'meta-llama/llama-prompt-guard-2-86m',
    ];
    const chatting = [
      'gpt-5',
      'gpt-4o-audio-preview',
      'llama-3.1-8b-instant',
      'Qwen/Qwen2.5-7B-Instruct',
      'imagine',
      'kimi-k2-instruct',
    ];
    expect(list(...[...others, ...chatting].map((id) => ({ id }))).map(({ id }) => id)).toEqual(chatting);
  });

  test.each([
    ['{"data":[null,7,"x",{},{"id":""},{"id":7},{"id":"a","context_length":"many","created":-1,"pricing":7,"capabilities":[]}]}'],
    ['{"models":[{"name":"a","context_length":0,"pricing":{"input":"x","output":1},"input_modalities":[7,""]}]}'],
    ['[{"id":"a","pricing":{"input":-1,"output":2}}]'],
  ])('an invalid model or number is not read: %s', (body) => expect(decodeOpenAiModels(body)).toEqual([{ id: 'a' }]));

  test.each(['', '{', '<html>', '7', 'null', '{}', '{"data":{}}', '{"error":"no"}'])('%s is not a list', (body) => {
    expect(() => decodeOpenAiModels(body)).toThrow(expect.objectContaining({ kind: 'network', code: 'not-the-api' }));
  });
});
