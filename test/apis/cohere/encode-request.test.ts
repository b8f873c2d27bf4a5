import { describe, expect, test } from 'vitest';
import type { ChatRequest } from '../../../src/apis/completion.ts';
import type { Message } from '../../../src/apis/message.ts';
import { cohere } from '../../../src/apis/cohere/dialect.ts';
import type { FunctionTool } from '../../../src/apis/request-parameters.ts';
import { findVendor } from '../../../src/apis/vendors.ts';
import { sendJson } from '../../support/api-server.ts';
import { openVendorServer } from '../../support/vendor-server.ts';

const COHERE = findVendor('cohere')!;
const PNG = 'data:image/png;base64,iVBORw0KGgo=';

const user = (content: Message['content']): Message => ({ role: 'user', content });
const tool = (name: string, rest: Partial<FunctionTool> = {}): FunctionTool => ({ type: 'function', name, ...rest });

function encode(request: Partial<ChatRequest>) {
  const asked = { model: 'command-a-reasoning-08-2025', messages: [user('hi')], stream: false, ...request };
  const { path, body, dropped } = cohere.encode(asked, COHERE);
  return { path, body: body as any, dropped };
}

test('a request is always streamed, and has the key', () => {
  expect(encode({})).toEqual({
    path: '/chat',
    body: { model: 'command-a-reasoning-08-2025', messages: [{ role: 'user', content: 'hi' }], stream: true },
    dropped: [],
  });
  expect(cohere.keyHeaders('k')).toEqual({ authorization: 'Bearer k' });
});

describe('messages', () => {
  test('text is a string, and parts if there are images', () => {
    const parts: Message['content'] = [
      { type: 'text', text: 'a' },
      { type: 'text', text: '' },
      { type: 'text', text: 'b' },
    ];
    const { messages } = encode({
      messages: [{ role: 'system', content: 's' }, user(parts), user([...parts.slice(0, 2), { type: 'image', url: PNG }])],
    }).body;
    expect(messages).toEqual([
      { role: 'system', content: 's' },
      { role: 'user', content: 'ab' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'image_url', image_url: { url: PNG } },
        ],
      },
    ]);
  });

  test('an answer with calls has a plan and no content', () => {
    const toolCalls = [{ id: 'c1', name: 'weather', arguments: '' }];
    const plan = (format: string) => [{ kind: 'text' as const, text: 'I look it up.', format }];
    const answer = (rest: Partial<Message>): Message => ({ role: 'assistant', content: '', toolCalls, ...rest });
    const called = [{ id: 'c1', type: 'function', function: { name: 'weather', arguments: '{}' } }];
    const { messages } = encode({
      messages: [
        answer({ reasoningParts: plan('cohere-tool-plan-v2') }),
        { role: 'tool', toolCallId: 'c1', content: '15°' },
        answer({ reasoningParts: plan('anthropic-claude-v1') }),
        answer({ content: 'Let me see.' }),
        { role: 'assistant', content: 'Done.', reasoningParts: plan('cohere-tool-plan-v2') },
      ],
    }).body;
    expect(messages).toEqual([
      { role: 'assistant', tool_plan: 'I look it up.', tool_calls: called },
      { role: 'tool', tool_call_id: 'c1', content: '15°' },
      { role: 'assistant', tool_calls: called },
      { role: 'assistant', tool_plan: 'Let me see.', tool_calls: called },
      { role: 'assistant', content: 'Done.' },
    ]);
  });

  test.each([
    ['a document', user([{ type: 'file', name: 'a.pdf', url: 'data:application/pdf;base64,JVBERg==' }])],
    ['audio', user([{ type: 'audio', data: 'AAAA', format: 'mp3' }])],
    ['video', user([{ type: 'video', url: 'https://a.example/v.mp4' }])],
    ['an image in a result', { role: 'tool', toolCallId: 'c', content: [{ type: 'image', url: PNG }] }],
  ] satisfies [string, Message][])('%s fails before anything is sent', (_, message) => {
    expect(() => encode({ messages: [message] })).toThrow(expect.objectContaining({ kind: 'usage' }));
  });
});

describe('tools', () => {
  const tools = [tool('a', { description: 'd', parameters: { type: 'object', properties: { x: {} } } }), tool('b')];
  const wireA = {
    type: 'function',
    function: { name: 'a', description: 'd', parameters: { type: 'object', properties: { x: {} } } },
  };
  const wireB = { type: 'function', function: { name: 'b', parameters: { type: 'object', properties: {} } } };

  test.each([
    [undefined, [wireA, wireB], undefined],
    ['auto', [wireA, wireB], undefined],
    ['required', [wireA, wireB], 'REQUIRED'],
    ['none', [wireA, wireB], 'NONE'],
    [{ name: 'b' }, [wireB], 'REQUIRED'],
  ] as const)('choice %j', (toolChoice, offered, choice) => {
    const { body } = encode({ tools, ...(toolChoice !== undefined && { toolChoice }) });
    expect(body.tools).toEqual(offered);
    expect(body.tool_choice).toBe(choice);
    expect(body).not.toHaveProperty('strict_tools');
  });

  test('one strict tool makes all strict', () =>
    expect(encode({ tools: [tool('a', { strict: true })] }).body.strict_tools).toBe(true));

  test.each([{ tools: [{ type: 'openrouter:web_search' as const }] }, { plugins: [{ id: 'web' }] }, { modalities: ['image'] }])(
    '%j is an error',
    (request) => expect(() => encode(request)).toThrow(expect.objectContaining({ kind: 'usage' })),
  );
});

describe('parameters', () => {
  test("have Cohere's names", () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } } };
    const { body, dropped } = encode({
      temperature: 0.4,
      maxTokens: 50,
      topP: 0.8,
      topK: 20,
      seed: 3,
      stop: ['END'],
      frequencyPenalty: 0.5,
      responseFormat: { type: 'json_schema', name: 'x', schema, strict: true },
      extra: { safety_mode: 'STRICT', provider: {} },
    });
    expect(body).toMatchObject({
      temperature: 0.4,
      max_tokens: 50,
      p: 0.8,
      k: 20,
      seed: 3,
      stop_sequences: ['END'],
      frequency_penalty: 0.5,
      response_format: { type: 'json_object', json_schema: schema },
      safety_mode: 'STRICT',
    });
    expect(body).not.toHaveProperty('provider');
    expect(dropped).toEqual([]);
    expect(encode({ responseFormat: { type: 'json_object' } }).body.response_format).toEqual({ type: 'json_object' });
  });

  test("beyond Cohere's limits, the nearest value is sent and reported", () => {
    const stop = ['1', '2', '3', '4', '5', '6'];
    const { body, dropped } = encode({ topP: 1, topK: 900, frequencyPenalty: 1.5, presencePenalty: -1, stop, minP: 0.1 });
    expect(body).toMatchObject({ p: 0.99, k: 500, frequency_penalty: 1, presence_penalty: 0, stop_sequences: stop.slice(0, 5) });
    expect(dropped).toEqual([
      'min_p: Cohere has no such parameter',
      'stop: Cohere accepts 5; orx sent the first 5',
      'top_p 1: Cohere accepts 0.01 to 0.99; orx sent 0.99',
      'top_k 900: Cohere accepts 0 to 500; orx sent 500',
      'frequency_penalty 1.5: Cohere accepts 0 to 1; orx sent 1',
      'presence_penalty -1: Cohere accepts 0 to 1; orx sent 0',
    ]);
  });

  test.each([
    ['command-a-reasoning-08-2025', { effort: 'none' }, { type: 'disabled' }, 0],
    ['command-a-reasoning-08-2025', { enabled: false }, { type: 'disabled' }, 0],
    ['command-a-reasoning-08-2025', { effort: 'high' }, { type: 'enabled' }, 0],
    ['command-a-reasoning-08-2025', { effort: 'low' }, { type: 'enabled', token_budget: 1024 }, 0],
    ['command-a-plus-05-2026', { maxTokens: 77 }, { type: 'enabled', token_budget: 77 }, 0],
    ['command-a-plus-05-2026', { exclude: true }, undefined, 1],
    ['command-a-03-2025', { effort: 'high' }, undefined, 1],
    ['command-r-plus-08-2024', { effort: 'none' }, undefined, 0],
  ] as const)('%s uses %j for reasoning', (model, reasoning, expected, lines) => {
    const { body, dropped } = encode({ model, reasoning });
    expect(body.thinking).toEqual(expected);
    expect(dropped).toHaveLength(lines);
  });
});

test('models are listed by version 1 of the same host', async () => {
  const models = [
    {
      name: 'command-a-03-2025',
      endpoints: ['chat', 'generate'],
      context_length: 288_000,
      features: ['json_mode', 'json_schema', 'tools', 'tool_choice', 'vision', 'constructor'],
    },
    { name: 'embed-v4', endpoints: ['embed'] },
    { name: 'command', endpoints: ['chat'], is_deprecated: true },
    { name: 'custom', endpoints: [], context_length: 0, features: null },
    {},
  ];
  const { api, server } = await openVendorServer('cohere', (_, response) => sendJson(response, 200, { models }), {
    path: '/proxy/v2',
    apiKey: 'key-of-cohere',
  });
  const listed = await api.listModels();
  expect(server.requests.map(({ url, headers }) => [url, headers.authorization])).toEqual([
    ['/proxy/v1/models?page_size=1000&endpoint=chat', 'Bearer key-of-cohere'],
  ]);
  expect(listed.map(({ id }) => id)).toEqual(['command-a-03-2025', 'custom']);
  expect(listed[0]).toMatchObject({ contextLength: 288_000, inputModalities: ['text', 'image'] });
  expect(listed[0]!.supportedParameters).toEqual(expect.arrayContaining(['tools', 'tool_choice', 'structured_outputs']));
  expect(listed[1]).toEqual({ id: 'custom', contextLength: undefined });
});
