import { describe, expect, test } from 'vitest';
import type { ChatRequest } from '../../../src/apis/completion.ts';
import type { Message } from '../../../src/apis/message.ts';
import { encodeOllamaRequest } from '../../../src/apis/ollama/encode-request.ts';
import { findVendor } from '../../../src/apis/vendors.ts';
import { exactJson } from '../../../src/text/exact-json.ts';
import { SDK_REQUESTS } from '../../support/sdk-requests.ts';
import { typeFaults } from '../../support/sdk-types.ts';

const OLLAMA = findVendor('ollama')!;
const QUESTION: Message = { role: 'user', content: 'hi' };
const encode = (request: Partial<ChatRequest> = {}) =>
  encodeOllamaRequest({ model: 'llama3.2:3b', messages: [QUESTION], stream: true, ...request }, OLLAMA);
const bodyOf = (request: Partial<ChatRequest> = {}): any => encode(request).body;
const TOOL = {
  type: 'function',
  name: 'weather',
  description: 'Weather',
  parameters: { type: 'object', properties: {} },
} as const;
const PNG = 'data:image/png;base64,iVBORw0KGgo=';

const CONVERSATION: readonly Message[] = [
  { role: 'system', content: 'Be brief.' },
  {
    role: 'user',
    content: [
      { type: 'text', text: 'What is this?' },
      { type: 'image', url: PNG },
    ],
  },
  {
    role: 'assistant',
    content: 'Let me see.',
    toolCalls: [
      { id: 'c1', name: 'weather', arguments: '{"id":12345678901234567890}' },
      { id: 'c2', name: 'time', arguments: '' },
    ],
    reasoningParts: [
      { kind: 'text', text: 'Hm', format: 'ollama-chat-v1' },
      { kind: 'text', text: 'foreign', signature: 's', format: 'anthropic-claude-v1' },
      { kind: 'encrypted', encrypted: 'xxx', format: 'openai-responses-v1' },
    ],
  },
  { role: 'tool', content: 'noon', toolCallId: 'c2' },
  { role: 'tool', content: 'rain', toolCallId: 'c1' },
];

describe('a request', () => {
  test('is streamed, and has only the requested fields', () => {
    expect(encode({ stream: false })).toEqual({
      path: '/chat',
      body: { model: 'llama3.2:3b', messages: [QUESTION], stream: true },
      dropped: [],
    });
  });

  test("has images as bare base64, arguments as objects, and the tool's name with its result", () => {
    const body = bodyOf({ messages: CONVERSATION });
    expect(JSON.parse(exactJson(body.messages).replace('12345678901234567890', '"exact"'))).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'What is this?', images: ['iVBORw0KGgo='] },
      {
        role: 'assistant',
        content: 'Let me see.',
        thinking: 'Hm',
        tool_calls: [
          { function: { name: 'weather', arguments: { id: 'exact' } } },
          { function: { name: 'time', arguments: {} } },
        ],
      },
      { role: 'tool', content: 'noon', tool_name: 'time' },
      { role: 'tool', content: 'rain', tool_name: 'weather' },
    ]);
  });

  test("has parameters in options under Ollama's names", () => {
    expect(
      bodyOf({
        maxTokens: 100,
        temperature: 0.5,
        topP: 0.9,
        topK: 40,
        minP: 0.1,
        seed: 7,
        stop: ['END'],
        repetitionPenalty: 1.1,
        presencePenalty: 0.2,
        frequencyPenalty: 0.3,
        extra: { keep_alive: '10m', options: { mirostat: 1 }, provider: { only: ['x'] } },
      }),
    ).toEqual({
      model: 'llama3.2:3b',
      messages: [QUESTION],
      stream: true,
      keep_alive: '10m',
      options: {
        num_predict: 100,
        temperature: 0.5,
        top_p: 0.9,
        top_k: 40,
        min_p: 0.1,
        seed: 7,
        stop: ['END'],
        repeat_penalty: 1.1,
        presence_penalty: 0.2,
        frequency_penalty: 0.3,
        mirostat: 1,
      },
    });
  });

  test('accepts a response format', () => {
    const schema = { type: 'object', properties: { a: { type: 'number' } } };
    expect(bodyOf({ responseFormat: { type: 'json_object' } }).format).toBe('json');
    expect(bodyOf({ responseFormat: { type: 'json_schema', name: 'x', schema, strict: true } }).format).toEqual(schema);
  });

  test.each([
    ['auto', ['weather', 'time'], []],
    [undefined, ['weather', 'time'], []],
    ['none', [], []],
    ['required', ['weather', 'time'], ['tool_choice: Ollama leaves it to the model whether it calls a tool']],
    [{ name: 'time' }, ['time'], ['tool_choice: Ollama leaves it to the model whether it calls a tool']],
  ] as const)('offers the tools of the choice %j', (toolChoice, names, dropped) => {
    const encoded = encode({ tools: [TOOL, { type: 'function', name: 'time' }], toolChoice });
    const tools: any[] = (encoded.body['tools'] as any[] | undefined) ?? [];
    expect(tools.map((tool) => tool.function.name)).toEqual(names);
    expect(encoded.dropped).toEqual(dropped);
  });

  test.each([
    ['qwen3', undefined, undefined],
    ['qwen3', { effort: 'none' }, false],
    ['qwen3', { enabled: false }, false],
    ['qwen3', { effort: 'minimal' }, true],
    ['qwen3', { maxTokens: 2000 }, true],
    ['qwen3', { enabled: true }, true],
    ['gpt-oss:120b', undefined, undefined],
    ['gpt-oss:120b', { enabled: true }, undefined],
    ['gpt-oss:120b', { effort: 'minimal' }, 'low'],
    ['gpt-oss:120b', { effort: 'medium' }, 'medium'],
    ['hf.co/unsloth/gpt-oss-20b-GGUF', { effort: 'xhigh' }, 'high'],
    ['gpt-oss:120b', { effort: 'none' }, 'low'],
  ] as const)('sends %s with reasoning %j as think: %s', (model, reasoning, think) => {
    expect(bodyOf({ model, reasoning }).think).toBe(think);
  });

  test('reports what it leaves out', () => {
    expect(
      encode({
        topA: 0.1,
        logitBias: { '1': 5 },
        serviceTier: 'flex',
        parallelToolCalls: false,
        user: 'me',
        reasoning: { maxTokens: 100, exclude: true },
        routing: { order: ['x'] },
      }).dropped,
    ).toEqual([
      'top_a: Ollama has no such parameter',
      'logit_bias: Ollama has no such parameter',
      'parallel_tool_calls: Ollama has no such parameter',
      'service_tier: Ollama has no such parameter',
      'user: Ollama has no such parameter',
      'routing preferences: requests to Ollama are not routed',
      'reasoning.max_tokens: Ollama has no such parameter',
      'reasoning.exclude: Ollama always sends the reasoning',
    ]);
    expect(encode({ parallelToolCalls: true, serviceTier: 'auto', transforms: [], routing: { order: [] } }).dropped).toEqual([]);
  });

  test.each<[string, Partial<ChatRequest>, RegExp]>([
    ['an image by URL', { messages: [withPart({ type: 'image', url: 'https://x.example/a.png' })] }, /images by URL/],
    ['a document', { messages: [withPart({ type: 'file', name: 'a.pdf', url: 'data:application/pdf;base64,AA' })] }, /a\.pdf/],
    ['audio', { messages: [withPart({ type: 'audio', data: 'AA', format: 'wav' })] }, /audio/],
    ['video', { messages: [withPart({ type: 'video', url: 'data:video/mp4;base64,AA' })] }, /video/],
    ['a spoken answer', { modalities: ['text', 'audio'] }, /audio output/],
    ['a plugin', { plugins: [{ id: 'web' }] }, /plugin "web"/],
    ['a tool of OpenRouter', { tools: [{ type: 'openrouter:web_search' }] }, /openrouter:web_search/],
    ['several answers', { extra: { n: 2 } }, /one response/],
  ])('fails for %s', (_name, request, message) => {
    expect(() => encode(request)).toThrow(expect.objectContaining({ kind: 'usage', message: expect.stringMatching(message) }));
  });

  test("matches the SDK's type", { timeout: 60_000 }, () => {
    const requests = [
      bodyOf(),
      bodyOf({
        messages: CONVERSATION.with(2, {
          role: 'assistant',
          content: '',
          toolCalls: [{ id: 'c', name: 'f', arguments: '{"a":1}' }],
        }),
      }),
      bodyOf({ tools: [TOOL], reasoning: { effort: 'high' }, maxTokens: 50_000, responseFormat: { type: 'json_object' } }),
      bodyOf({ model: 'gpt-oss', reasoning: { effort: 'high' }, temperature: 1, stop: ['a'], extra: { keep_alive: 60 } }),
    ];
    expect(typeFaults(requests.map((value) => ({ value, type: SDK_REQUESTS.ollama })))).toEqual(requests.map(() => []));
  });
});

describe('the context', () => {
  const ofWords = (count: number): any => bodyOf({ messages: [{ role: 'user', content: 'word '.repeat(count) }] });

  test('is left to the server if the smallest one is enough', () => {
    expect(ofWords(1000)).not.toHaveProperty('options');
    expect(ofWords(1000)).not.toHaveProperty('truncate');
  });

  test('grows in steps, so that a growing conversation reloads the model only a few times', () => {
    const sizes = [2000, 3000, 4000, 6000, 7000, 20_000, 100_000].map((count) => ofWords(count).options.num_ctx);
    expect(sizes).toEqual([8192, 8192, 16_384, 16_384, 16_384, 65_536, 131_072]);
    expect(ofWords(2000)).toMatchObject({ truncate: false, shift: false });
  });

  test('has room for the answer, for images and for tools', () => {
    expect(bodyOf({ maxTokens: 10_000 }).options).toEqual({ num_ctx: 16_384, num_predict: 10_000 });
    const images = Array.from({ length: 4 }, () => ({ type: 'image', url: PNG }) as const);
    expect(bodyOf({ messages: [{ role: 'user', content: images }] }).options).toEqual({ num_ctx: 8192 });
    const long = { ...TOOL, description: 'x'.repeat(20_000) };
    expect(bodyOf({ tools: [long] }).options).toEqual({ num_ctx: 16_384 });
  });

  test('can be set by the user', () => {
    expect(bodyOf({ maxTokens: 10_000, extra: { options: { num_ctx: 9000 }, truncate: true } })).toMatchObject({
      options: { num_ctx: 9000 },
      truncate: true,
      shift: false,
    });
  });
});

function withPart(part: Exclude<Message['content'], string>[number]): Message {
  return { role: 'user', content: [part] };
}
