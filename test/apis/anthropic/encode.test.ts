import { describe, expect, test } from 'vitest';
import { anthropic } from '../../../src/apis/anthropic/dialect.ts';
import type { ChatRequest } from '../../../src/apis/completion.ts';
import type { Message, ReasoningPart } from '../../../src/apis/message.ts';
import { findVendor } from '../../../src/apis/vendors.ts';
import { exactJson } from '../../../src/text/exact-json.ts';
import { SDK_REQUESTS } from '../../support/sdk-requests.ts';
import { typeFaults } from '../../support/sdk-types.ts';

const vendor = findVendor('anthropic')!;
const SONNET = 'claude-sonnet-4-6';
const OLDER = 'claude-sonnet-4-5-20250929';
const bodies: unknown[] = [];

function encode(request: Partial<ChatRequest>): { body: any; dropped: readonly string[] } {
  const messages: Message[] = [{ role: 'user', content: 'hi' }];
  const { body, dropped } = anthropic.encode({ model: SONNET, messages, stream: true, ...request }, vendor);
  const json = JSON.parse(exactJson(body));
  bodies.push(json);
  return { body: json, dropped };
}
const messagesOf = (...messages: Message[]): any => encode({ messages }).body.messages;
const user = (content: Message['content']): Message => ({ role: 'user', content });
const PNG = 'data:image/png;base64,iVBORw0KGgo=';
const PDF = 'data:application/pdf;base64,JVBERi0=';
const signed: ReasoningPart = { kind: 'text', text: 'so', signature: 'sig', format: 'anthropic-claude-v1', index: 0 };
const call = { id: 'toolu_1', name: 'look', arguments: '{"id":9007199254740993}' };
const tool = {
  type: 'function',
  name: 'look',
  description: 'Looks',
  parameters: { type: 'object', properties: { id: {} } },
} as const;

describe('messages', () => {
  test('instructions are separate, with their cache markers, wherever they are', () => {
    const { body } = encode({
      messages: [
        { role: 'system', content: [{ type: 'text', text: 'be brief', cacheControl: { type: 'ephemeral', ttl: '1h' } }] },
        user('hi'),
        { role: 'system', content: 'be kind' },
      ],
    });
    expect(body.system).toEqual([
      { type: 'text', text: 'be brief', cache_control: { type: 'ephemeral', ttl: '1h' } },
      { type: 'text', text: 'be kind' },
    ]);
    expect(body.messages).toEqual([{ role: 'user', content: [{ type: 'text', text: 'hi' }] }]);
  });

  test('roles alternate, and nothing is blank', () => {
    expect(
      messagesOf(
        user('a'),
        user([
          { type: 'text', text: ' \n' },
          { type: 'text', text: 'b' },
        ]),
        user(''),
      ),
    ).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
    ]);
  });

  test('images, documents and texts, inline or by URL', () => {
    const [{ content }] = messagesOf(
      user([
        { type: 'image', url: PNG },
        { type: 'image', url: 'https://a.example/b.png' },
        { type: 'file', name: 'a.pdf', url: PDF },
        { type: 'file', name: 'b.pdf', url: 'https://a.example/b.pdf' },
        { type: 'file', name: 'c.md', url: 'data:text/markdown;charset=utf-8,%23%20%C3%A9 100%' },
        { type: 'file', name: 'd.png', url: PNG },
      ]),
    );
    expect(content).toEqual([
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
      { type: 'image', source: { type: 'url', url: 'https://a.example/b.png' } },
      { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' }, title: 'a.pdf' },
      { type: 'document', source: { type: 'url', url: 'https://a.example/b.pdf' }, title: 'b.pdf' },
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: '# é 100%' }, title: 'c.md' },
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
    ]);
  });

  test.each([
    ['audio', { type: 'audio', data: 'AAAA', format: 'wav' }],
    ['video', { type: 'video', url: 'https://a.example/b.mp4' }],
    ['images of type image/tiff', { type: 'image', url: 'data:image/tiff;base64,AAAA' }],
    ['files of type application/zip', { type: 'file', name: 'a.zip', url: 'data:application/zip;base64,AAAA' }],
    ['this URL of an attachment', { type: 'file', name: 'a', url: 'file:///etc/passwd' }],
  ] as const)('%s cannot be read', (what, part) => {
    expect(() => encode({ messages: [user([part])] })).toThrow(
      expect.objectContaining({ kind: 'usage', message: `Anthropic does not support ${what}` }),
    );
  });

  test('calls keep their numbers, and all results come back in one message, before any text', () => {
    const messages = messagesOf(
      user('look'),
      {
        role: 'assistant',
        content: 'sure',
        toolCalls: [call, { id: 'a:b', name: 'look', arguments: '' }],
        reasoningParts: [signed],
      },
      { role: 'tool', content: 'one', toolCallId: 'toolu_1' },
      {
        role: 'tool',
        content: [
          { type: 'text', text: 'two', cacheControl: { type: 'ephemeral' } },
          { type: 'image', url: PNG },
        ],
        toolCallId: 'a:b',
      },
      user('and?'),
    );
    expect(messages).toHaveLength(3);
    expect(messages[1].content).toEqual([
      { type: 'thinking', thinking: 'so', signature: 'sig' },
      { type: 'text', text: 'sure' },
      { type: 'tool_use', id: 'toolu_1', name: 'look', input: { id: expect.anything() } },
      { type: 'tool_use', id: 'a_b', name: 'look', input: {} },
    ]);
    expect(messages[2].content).toEqual([
      { type: 'tool_result', tool_use_id: 'toolu_1', content: 'one' },
      {
        type: 'tool_result',
        tool_use_id: 'a_b',
        content: [
          { type: 'text', text: 'two' },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
        ],
        cache_control: { type: 'ephemeral' },
      },
      { type: 'text', text: 'and?' },
    ]);
    const { body } = anthropic.encode(
      { model: OLDER, stream: true, messages: [user('look'), { role: 'assistant', content: '', toolCalls: [call] }] },
      vendor,
    );
    expect(exactJson(body)).toContain('"input":{"id":9007199254740993}');
  });

  test("reasoning is sent back first and unchanged, and only Anthropic's own", () => {
    const answer: Message = {
      role: 'assistant',
      content: 'so be it',
      reasoningParts: [
        { kind: 'encrypted', encrypted: 'secret', format: 'anthropic-claude-v1' },
        { kind: 'text', signature: 'alone', format: 'anthropic-claude-v1' },
        signed,
        { kind: 'text', text: 'unsigned', format: 'anthropic-claude-v1' },
        { kind: 'text', text: 'foreign', signature: 'x', format: 'google-gemini-v1' },
        { kind: 'encrypted', encrypted: 'foreign', format: 'openai-responses-v1' },
        { kind: 'summary', text: 'a summary' },
      ],
    };
    expect(messagesOf(user('a'), answer, user('b'))[1].content).toEqual([
      { type: 'redacted_thinking', data: 'secret' },
      { type: 'thinking', thinking: '', signature: 'alone' },
      { type: 'thinking', thinking: 'so', signature: 'sig' },
      { type: 'text', text: 'so be it' },
    ]);
  });

  test('images of an answer are sent with the next question', () => {
    expect(
      messagesOf(user('draw'), { role: 'assistant', content: 'here', images: [PNG] }, user('what is it?'))[2].content,
    ).toEqual([
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
      { type: 'text', text: 'what is it?' },
    ]);
  });

  test('models that support it continue an answer that has begun', () => {
    const messages: Message[] = [user('a'), { role: 'assistant', content: 'Once upon \n' }];
    const { body, dropped } = encode({ model: OLDER, messages, reasoning: { effort: 'low' } });
    expect(body.messages[1].content).toEqual([{ type: 'text', text: 'Once upon' }]);
    expect(body.thinking).toBeUndefined();
    expect(dropped).toEqual(['reasoning: not while an answer that has begun is continued']);
    expect(() => encode({ messages })).toThrow(/claude-sonnet-4-6 cannot continue a partial response/);
  });

  test('four cache markers at most: the first and the last', () => {
    const marked = (text: string): Message => user([{ type: 'text', text, cacheControl: { type: 'ephemeral' } }]);
    const messages = ['a', 'b', 'c', 'd', 'e', 'f'].flatMap((text): Message[] => [
      marked(text),
      { role: 'assistant', content: 'ok' },
    ]);
    const of = (request: Partial<ChatRequest>): [string, readonly string[]] => {
      const { body, dropped } = encode({ messages: [...messages, user('g')], ...request });
      const blocks = body.messages
        .flatMap(({ content }: any) => content)
        .filter((block: any) => block.cache_control !== undefined);
      return [blocks.map(({ text }: any) => text).join(''), dropped];
    };
    const dropped = ['cache markers: four at most, the first and the last are sent'];
    expect(of({})).toEqual(['adef', dropped]);
    expect(of({ cacheControl: { type: 'ephemeral' } })).toEqual(['aef', dropped]);
    expect(of({ messages: messages.slice(0, 7) })).toEqual(['abcd', []]);
  });
});

describe('tools', () => {
  test.each([
    [{}, undefined],
    [{ toolChoice: 'auto' }, { type: 'auto' }],
    [{ toolChoice: 'required' }, { type: 'any' }],
    [{ toolChoice: 'none' }, { type: 'none' }],
    [{ toolChoice: { name: 'look' } }, { type: 'tool', name: 'look' }],
    [{ parallelToolCalls: false }, { type: 'auto', disable_parallel_tool_use: true }],
    [
      { toolChoice: 'required', parallelToolCalls: false },
      { type: 'any', disable_parallel_tool_use: true },
    ],
  ] as const)('%j', (parameters, choice) => {
    const { body } = encode({ tools: [tool], ...parameters });
    expect(body.tools).toEqual([
      { name: 'look', description: 'Looks', input_schema: { type: 'object', properties: { id: {} } } },
    ]);
    expect(body.tool_choice).toEqual(choice);
  });

  test('a schema is an object schema, and strict if the model supports it', () => {
    const strict = {
      type: 'function',
      name: 'f',
      strict: true,
      parameters: { properties: { n: { type: 'integer', minimum: 1 } } },
    } as const;
    const { body } = encode({ tools: [{ type: 'function', name: 'bare' }, strict] });
    expect(body.tools).toEqual([
      { name: 'bare', input_schema: { type: 'object', properties: {} } },
      {
        name: 'f',
        strict: true,
        input_schema: {
          type: 'object',
          properties: { n: { type: 'integer', description: 'minimum: 1' } },
          additionalProperties: false,
        },
      },
    ]);
    const old = encode({ model: 'claude-sonnet-4-20250514', tools: [strict] });
    expect(old.body.tools[0].strict).toBeUndefined();
    expect(old.dropped).toEqual(['strict tools: claude-sonnet-4-20250514 does not have them']);
  });

  test('a model that rejects a required call is offered only the named tool', () => {
    const { body, dropped } = encode({
      model: 'claude-opus-5-5',
      tools: [tool, { type: 'function', name: 'other' }],
      toolChoice: { name: 'look' },
    });
    expect(body.tools.map(({ name }: any) => name)).toEqual(['look']);
    expect(body.tool_choice).toEqual({ type: 'auto' });
    expect(dropped).toEqual(['required tool call: claude-opus-5-5 decides itself whether it calls a tool']);
  });

  test('tools that only OpenRouter runs are an error', () => {
    expect(() => encode({ tools: [{ type: 'openrouter:web_search' }] })).toThrow(expect.objectContaining({ kind: 'usage' }));
    expect(() => encode({ plugins: [{ id: 'web' }] })).toThrow(expect.objectContaining({ kind: 'usage' }));
    expect(() => encode({ extra: { n: 2 } })).toThrow(expect.objectContaining({ kind: 'usage' }));
  });
});

describe('the response format', () => {
  const schema = { type: 'object', properties: { a: { type: 'string', pattern: '^x' } }, required: ['a'] };
  const format = { type: 'json_schema', name: 'out', schema, strict: true } as const;

  test('structured output, with a schema that Anthropic accepts', () => {
    const { body, dropped } = encode({ responseFormat: format });
    expect(body.output_config).toEqual({
      format: {
        type: 'json_schema',
        schema: {
          type: 'object',
          properties: { a: { type: 'string', description: 'pattern: "^x"' } },
          required: ['a'],
          additionalProperties: false,
        },
      },
    });
    expect(dropped).toEqual([]);
  });

  test.each([
    ['an older model', 'claude-3-haiku-20240307', schema],
    ['a schema that contains itself', SONNET, { type: 'object', properties: { next: { $ref: '#' } } }],
    [
      'an object of any properties',
      SONNET,
      { type: 'object', properties: { map: { type: 'object', additionalProperties: true } } },
    ],
  ])('the input of a tool that must be called: %s', (_name, model, given) => {
    const { body } = encode({ model, responseFormat: { ...format, schema: given } });
    expect(body.output_config).toBeUndefined();
    expect(body.tools).toEqual([{ name: 'json', description: 'The answer.', input_schema: given }]);
    expect(body.tool_choice).toEqual({ type: 'tool', name: 'json', disable_parallel_tool_use: true });
  });

  test('with other tools, any of them must be called', () => {
    const request = { model: 'claude-3-haiku-20240307', responseFormat: format, tools: [tool] };
    expect(encode(request).body.tool_choice).toEqual({ type: 'any', disable_parallel_tool_use: true });
    expect(encode({ ...request, toolChoice: 'none' }).body.tools.map(({ name }: any) => name)).toEqual(['json']);
    expect(() => encode({ ...request, tools: [{ ...tool, name: 'json' }] })).toThrow(/a tool named json/);
  });

  test('JSON mode becomes an instruction', () => {
    const { body, dropped } = encode({ responseFormat: { type: 'json_object' } });
    expect(body.system).toEqual([{ type: 'text', text: expect.stringContaining('JSON object') }]);
    expect(dropped).toEqual(['JSON mode: the model is asked for a JSON object instead']);
  });

  test('requesting an image or speech is an error', () => {
    expect(() => encode({ modalities: ['image', 'text'] })).toThrow(expect.objectContaining({ kind: 'usage' }));
    expect(() => encode({ audio: { voice: 'a', format: 'wav' } })).toThrow(expect.objectContaining({ kind: 'usage' }));
  });
});

describe('reasoning', () => {
  test.each([
    [SONNET, { effort: 'high' }, { type: 'adaptive', display: 'summarized' }, 'high', []],
    [SONNET, { effort: 'minimal', exclude: true }, { type: 'adaptive', display: 'omitted' }, 'low', []],
    [SONNET, { enabled: true }, { type: 'adaptive', display: 'summarized' }, undefined, []],
    [
      SONNET,
      { effort: 'xhigh' },
      { type: 'adaptive', display: 'summarized' },
      'high',
      ['effort xhigh: claude-sonnet-4-6 is asked for high'],
    ],
    [SONNET, { maxTokens: 2000 }, { type: 'enabled', budget_tokens: 2000 }, undefined, []],
    [SONNET, { effort: 'none' }, { type: 'disabled' }, undefined, []],
    [SONNET, { enabled: false }, { type: 'disabled' }, undefined, []],
    [OLDER, { effort: 'medium' }, { type: 'enabled', budget_tokens: 19_200 }, undefined, []],
    [OLDER, { maxTokens: 10 }, { type: 'enabled', budget_tokens: 1024 }, undefined, []],
    [OLDER, { maxTokens: 64_000, exclude: true }, { type: 'enabled', budget_tokens: 57_600, display: 'omitted' }, undefined, []],
    ['claude-opus-4-8', { effort: 'xhigh' }, { type: 'adaptive', display: 'summarized' }, 'xhigh', []],
    [
      'claude-opus-4-8',
      { maxTokens: 2000 },
      { type: 'adaptive', display: 'summarized' },
      undefined,
      ['reasoning tokens: claude-opus-4-8 takes no limit, only an effort'],
    ],
    ['claude-fable-5', { effort: 'none' }, undefined, 'low', ['no reasoning: claude-fable-5 always reasons']],
    [
      'claude-sonnet-5-5',
      { effort: 'none' },
      { type: 'between_tools' },
      undefined,
      ['no reasoning: claude-sonnet-5-5 still reasons between tool calls'],
    ],
    ['claude-3-haiku-20240307', { effort: 'high' }, undefined, undefined, ['reasoning: claude-3-haiku-20240307 does not reason']],
    ['claude-3-haiku-20240307', { effort: 'none' }, undefined, undefined, []],
  ] as const)('%s %j', (model, reasoning, thinking, effort, dropped) => {
    const encoded = encode({ model, reasoning });
    expect([encoded.body.thinking, encoded.body.output_config?.effort, encoded.dropped]).toEqual([thinking, effort, dropped]);
  });

  test('a limit of output tokens includes the reasoning', () => {
    const { body } = encode({ model: OLDER, maxTokens: 2000, reasoning: { maxTokens: 5000 } });
    expect([body.max_tokens, body.thinking.budget_tokens]).toEqual([2000, 1800]);
    const { body: small, dropped } = encode({ model: OLDER, maxTokens: 1000, reasoning: { effort: 'high' } });
    expect([small.max_tokens, small.thinking, dropped]).toEqual([
      1000,
      undefined,
      ['reasoning: it takes more than 1024 output tokens'],
    ]);
  });

  test('verbosity is the effort, and without reasoning at most high if the model requires that', () => {
    expect(encode({ model: 'claude-opus-4-8', verbosity: 'max' }).body.output_config).toEqual({ effort: 'max' });
    const off = encode({ model: 'claude-opus-5', verbosity: 'max', reasoning: { effort: 'none' } }).body;
    expect([off.thinking, off.output_config]).toEqual([{ type: 'disabled' }, { effort: 'high' }]);
    expect(encode({ model: OLDER, verbosity: 'low' }).dropped).toEqual([`verbosity: ${OLDER} has no such parameter`]);
  });

  test('a tool turn without its reasoning continues without reasoning if the model has a budget', () => {
    const answer: Message = { role: 'assistant', content: '', toolCalls: [call] };
    const result: Message = { role: 'tool', content: 'ok', toolCallId: call.id };
    const open = { messages: [user('look'), answer, result], tools: [tool], reasoning: { effort: 'high' } };
    const lost = encode({ ...open, model: OLDER });
    expect(lost.body.thinking).toEqual({ type: 'disabled' });
    expect(lost.dropped).toEqual(['reasoning: the tool calls of this turn were made without it']);
    const kept = encode({ ...open, model: OLDER, messages: [user('look'), { ...answer, reasoningParts: [signed] }, result] });
    expect([kept.body.thinking.type, kept.dropped]).toEqual(['enabled', []]);
    const over = encode({
      ...open,
      model: OLDER,
      messages: [...open.messages, { role: 'assistant', content: 'x' }, user('again')],
    });
    expect(over.body.thinking.type).toBe('enabled');
    expect(encode(open).body.thinking.type).toBe('adaptive');
  });

  test('a required call excludes a reasoning budget', () => {
    const { body, dropped } = encode({ model: OLDER, reasoning: { effort: 'low' }, tools: [tool], toolChoice: 'required' });
    expect([body.thinking, body.tool_choice]).toEqual([undefined, { type: 'any' }]);
    expect(dropped).toEqual(['reasoning: not while a tool call is required']);
  });
});

describe('parameters', () => {
  test.each([
    ['claude-opus-4-8', 128_000],
    [SONNET, 128_000],
    [OLDER, 64_000],
    ['claude-sonnet-4-0', 64_000],
    ['claude-opus-4-1-20250805', 32_000],
    ['claude-3-5-haiku-latest', 4096],
    ['deepseek-chat', 4096],
  ])('%s answers with %i tokens at most by default', (model, most) => {
    expect(encode({ model }).body.max_tokens).toBe(most);
  });

  test('a limit that is too high is lowered', () => {
    const { body, dropped } = encode({ model: OLDER, maxTokens: 100_000 });
    expect([body.max_tokens, dropped]).toEqual([64_000, [`max_tokens 100000: ${OLDER} gives 64000 at most`]]);
    expect(encode({ model: 'deepseek-chat', maxTokens: 100_000 }).body.max_tokens).toBe(100_000);
  });

  test('sampling: clamped, one of two, and none if the model or its reasoning excludes it', () => {
    const sampling = { temperature: 1.5, topP: 0.5, topK: 4 };
    const plain = encode(sampling);
    expect([plain.body.temperature, plain.body.top_p, plain.body.top_k]).toEqual([1, undefined, 4]);
    expect(plain.dropped).toEqual([
      'temperature 1.5: the highest is 1, which is sent',
      'top_p: claude-sonnet-4-6 takes it or a temperature, not both',
    ]);
    expect(encode({ topP: 0.5 }).body.top_p).toBe(0.5);
    for (const request of [{ reasoning: { effort: 'low' } }, { model: 'claude-opus-4-7' }]) {
      const { body, dropped } = encode({ ...sampling, ...request });
      expect([body.temperature, body.top_p, body.top_k, dropped.length]).toEqual([undefined, undefined, undefined, 3]);
    }
    const compatible = encode({ ...sampling, model: 'deepseek-chat', temperature: 0.5 }).body;
    expect([compatible.temperature, compatible.top_p]).toEqual([0.5, 0.5]);
  });

  test('other parameters are mapped, or named as left out', () => {
    const { body, dropped } = encode({
      stop: ['\n\n', 'END'],
      user: 'u-1',
      serviceTier: 'default',
      cacheControl: { type: 'ephemeral' },
      seed: 1,
      frequencyPenalty: 0.1,
      logitBias: { 1: 2 },
      extra: { logprobs: true, inference_geo: 'us' },
    });
    expect(body).toMatchObject({
      stop_sequences: ['END'],
      metadata: { user_id: 'u-1' },
      service_tier: 'standard_only',
      cache_control: { type: 'ephemeral' },
      inference_geo: 'us',
      stream: true,
    });
    expect(dropped).toEqual([
      'frequency_penalty: Anthropic has no such parameter',
      'seed: Anthropic has no such parameter',
      'logit_bias: Anthropic has no such parameter',
      'logprobs: Anthropic has no such parameter',
      'stop: a text of white space alone',
    ]);
    expect(encode({ serviceTier: 'priority' }).body.service_tier).toBe('auto');
    expect(encode({ serviceTier: 'flex' }).dropped).toEqual(['service tier flex: Anthropic has none of that name']);
  });

  test('a request that requires all of its parameters fails instead', () => {
    expect(() => encode({ seed: 1, extra: { provider: { require_parameters: true } } })).toThrow(
      /Anthropic does not support this request \(seed: /,
    );
  });
});

test('a key has its own header, an access token the one for tokens', () => {
  expect(anthropic.keyHeaders('sk-ant-api03-x')).toEqual({ 'x-api-key': 'sk-ant-api03-x', 'anthropic-version': '2023-06-01' });
  expect(anthropic.keyHeaders('sk-ant-oat01-x')).toEqual({
    authorization: 'Bearer sk-ant-oat01-x',
    'anthropic-beta': 'oauth-2025-04-20',
    'anthropic-version': '2023-06-01',
  });
});

// Runs last, because it checks the bodies of all other tests.
test("every body matches the SDK's type", () => {
  const schemas = { ...SDK_REQUESTS.anthropic, schemaFields: ['schema', 'input_schema'] };
  expect(bodies.length).toBeGreaterThan(50);
  expect(typeFaults(bodies.map((value) => ({ value, type: schemas }))).flat()).toEqual([]);
});
