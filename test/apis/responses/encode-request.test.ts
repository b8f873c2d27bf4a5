import { describe, expect, test } from 'vitest';
import type { ChatRequest } from '../../../src/apis/completion.ts';
import type { Message } from '../../../src/apis/message.ts';
import { encodeResponsesRequest } from '../../../src/apis/responses/encode-request.ts';
import { findVendor, type Vendor } from '../../../src/apis/vendors.ts';
import { SDK_REQUESTS } from '../../support/sdk-requests.ts';
import { typeFaults } from '../../support/sdk-types.ts';

const OPENAI = findVendor('openai')!;
const XAI = findVendor('xai')!;
const HOST: Vendor = {
  name: 'lab',
  label: 'lab',
  dialect: 'responses',
  baseUrl: 'http://lab.example/v1',
  baseUrlVariables: [],
  keyVariables: [],
};
const QUESTION: Message = { role: 'user', content: 'hi' };
const encode = (request: Partial<ChatRequest> = {}, vendor: Vendor = OPENAI) =>
  encodeResponsesRequest({ model: 'gpt-5-mini', messages: [QUESTION], stream: true, ...request }, vendor);
const bodyOf = (request: Partial<ChatRequest> = {}, vendor?: Vendor): any => encode(request, vendor).body;
const PNG = 'data:image/png;base64,iVBORw0KGgo=';
const FORMAT = 'openai-responses-v1';

const CONVERSATION: readonly Message[] = [
  { role: 'system', content: 'Be brief.' },
  { role: 'system', content: [{ type: 'text', text: 'Be kind.' }] },
  {
    role: 'user',
    content: [
      { type: 'text', text: 'What is this?', cacheControl: { type: 'ephemeral' } },
      { type: 'image', url: PNG },
      { type: 'image', url: 'https://x.example/a.png' },
      { type: 'file', name: 'a.pdf', url: 'data:application/pdf;base64,AA==' },
      { type: 'file', name: 'b.pdf', url: 'https://x.example/b.pdf' },
    ],
  },
  {
    role: 'assistant',
    content: 'Let me see.',
    toolCalls: [{ id: 'call_1', name: 'weather', arguments: '{"a":12345678901234567890}' }],
    reasoningParts: [
      { kind: 'summary', text: 'First', format: FORMAT, index: 0 },
      { kind: 'encrypted', encrypted: 'gAAA', format: FORMAT, id: 'rs_1', index: 0 },
      { kind: 'summary', text: 'A summary alone', format: FORMAT, index: 1 },
      { kind: 'encrypted', encrypted: 'foreign', format: 'anthropic-claude-v1', index: 2 },
      { kind: 'text', text: 'said openly', format: FORMAT, id: 'rs_3', index: 3 },
    ],
    images: [PNG],
  },
  { role: 'tool', content: 'rain', toolCallId: 'call_1' },
  { role: 'user', content: 'Thanks' },
];

describe('a request', () => {
  test('is not stored, and keeps the reasoning of a reasoning model', () => {
    expect(encode()).toEqual({
      path: '/responses',
      body: {
        model: 'gpt-5-mini',
        input: [QUESTION],
        stream: true,
        store: false,
        include: ['reasoning.encrypted_content'],
      },
      dropped: [],
    });
  });

  test('has the items of a conversation', () => {
    const { instructions, input } = bodyOf({ messages: CONVERSATION });
    expect(instructions).toBe('Be brief.\n\nBe kind.');
    expect(input).toEqual([
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'What is this?' },
          { type: 'input_image', image_url: PNG, detail: 'auto' },
          { type: 'input_image', image_url: 'https://x.example/a.png', detail: 'auto' },
          { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,AA==' },
          { type: 'input_file', file_url: 'https://x.example/b.pdf' },
        ],
      },
      { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'First' }], encrypted_content: 'gAAA' },
      { type: 'reasoning', id: 'rs_3', summary: [], content: [{ type: 'reasoning_text', text: 'said openly' }] },
      { role: 'assistant', content: 'Let me see.' },
      {
        role: 'user',
        content: [
          { type: 'input_text', text: '(Images that you made:)' },
          { type: 'input_image', image_url: PNG, detail: 'auto' },
        ],
      },
      { type: 'function_call', call_id: 'call_1', name: 'weather', arguments: '{"a":12345678901234567890}' },
      { type: 'function_call_output', call_id: 'call_1', output: 'rain' },
      { role: 'user', content: 'Thanks' },
    ]);
  });

  test('to xAI has system messages among the items', () => {
    const body = bodyOf({ model: 'grok-4.3', messages: CONVERSATION.slice(0, 1) }, XAI);
    expect(body).not.toHaveProperty('instructions');
    expect(body.input).toEqual([{ role: 'system', content: 'Be brief.' }]);
  });

  test.each([
    [OPENAI, 'gpt-5.1-codex-max', undefined, true],
    [OPENAI, 'ft:o4-mini-2025-04-16:org::1', undefined, true],
    [OPENAI, 'gpt-5-chat-latest', undefined, false],
    [OPENAI, 'gpt-5.2-chat-latest', undefined, false],
    [OPENAI, 'gpt-4o', undefined, false],
    [OPENAI, 'gpt-4o', { effort: 'high' }, false],
    [XAI, 'grok-4.3', undefined, true],
    [XAI, 'grok-4-1-fast-non-reasoning', undefined, false],
    [HOST, 'gpt-oss-20b', undefined, false],
    [HOST, 'gpt-oss-20b', { effort: 'high' }, true],
    [HOST, 'gpt-oss-20b', { effort: 'none' }, false],
  ] as const)('with %j requests the reasoning of %s (%j) in encrypted form: %s', (vendor, model, reasoning, isKept) => {
    expect(bodyOf({ model, reasoning }, vendor).include).toEqual(isKept ? ['reasoning.encrypted_content'] : undefined);
  });

  test.each([
    [{ effort: 'high' }, { effort: 'high', summary: 'auto' }],
    [{ enabled: true }, { summary: 'auto' }],
    [{ effort: 'low', exclude: true }, { effort: 'low' }],
    [{ effort: 'none' }, { effort: 'none' }],
    [{ enabled: false }, { effort: 'none' }],
    [undefined, undefined],
  ] as const)('requests reasoning %j as %j', (reasoning, wire) => {
    expect(bodyOf({ reasoning }).reasoning).toEqual(wire);
  });

  test('has parameters under their names', () => {
    expect(
      bodyOf({
        model: 'gpt-4.1',
        maxTokens: 100,
        temperature: 0.5,
        topP: 0.9,
        parallelToolCalls: false,
        serviceTier: 'flex',
        user: 'me',
        verbosity: 'low',
        sessionId: 'conversation-1',
        toolChoice: { name: 'weather' },
        tools: [{ type: 'function', name: 'weather', description: 'Weather', strict: true, parameters: { type: 'object' } }],
        responseFormat: { type: 'json_schema', name: 'x', schema: { type: 'object' }, strict: true },
        extra: { truncation: 'auto', provider: { only: ['x'] } },
      }),
    ).toEqual({
      truncation: 'auto',
      model: 'gpt-4.1',
      input: [QUESTION],
      stream: true,
      store: false,
      max_output_tokens: 100,
      temperature: 0.5,
      top_p: 0.9,
      text: { format: { type: 'json_schema', name: 'x', schema: { type: 'object' }, strict: true }, verbosity: 'low' },
      tools: [{ type: 'function', name: 'weather', description: 'Weather', parameters: { type: 'object' }, strict: true }],
      tool_choice: { type: 'function', name: 'weather' },
      parallel_tool_calls: false,
      service_tier: 'flex',
      safety_identifier: 'me',
      prompt_cache_key: 'conversation-1',
    });
    const tools = bodyOf({ tools: [{ type: 'function', name: 'f' }], responseFormat: { type: 'json_object' } });
    expect(tools.tools).toEqual([{ type: 'function', name: 'f', parameters: { type: 'object', properties: {} }, strict: false }]);
    expect(tools.text).toEqual({ format: { type: 'json_object' } });
    expect(bodyOf({ user: 'me' }, HOST)).toMatchObject({ user: 'me' });
    expect(bodyOf({ sessionId: 'x'.repeat(65), toolChoice: 'auto' })).not.toHaveProperty('prompt_cache_key');
  });

  test('reports what it leaves out', () => {
    const sampling = { temperature: 0.5, topP: 0.9 };
    expect(
      encode({ ...sampling, seed: 1, stop: ['a'], topK: 4, metadata: { a: 'b' }, reasoning: { maxTokens: 9 } }).dropped,
    ).toEqual([
      'temperature: OpenAI has no such parameter',
      'top_p: OpenAI has no such parameter',
      'top_k: OpenAI has no such parameter',
      'seed: OpenAI has no such parameter',
      'stop: OpenAI has no such parameter',
      'metadata: OpenAI has no such parameter',
      'reasoning.max_tokens: OpenAI has no such parameter',
    ]);
    expect(encode({ ...sampling, model: 'gpt-5.1', reasoning: { effort: 'none' } })).toMatchObject({
      body: { temperature: 0.5, top_p: 0.9 },
      dropped: [],
    });
    expect(encode({ ...sampling, model: 'grok-4', reasoning: { effort: 'high' } }, XAI)).toMatchObject({
      body: { temperature: 0.5 },
      dropped: ['reasoning: grok-4 controls its own reasoning'],
    });
  });

  test.each<[string, Partial<ChatRequest>, RegExp]>([
    ['audio', { messages: [{ role: 'user', content: [{ type: 'audio', data: 'AA', format: 'wav' }] }] }, /audio/],
    ['video', { messages: [{ role: 'user', content: [{ type: 'video', url: 'data:video/mp4;base64,AA' }] }] }, /video/],
    ['an image as answer', { modalities: ['image', 'text'] }, /image output/],
    ['a spoken answer', { audio: { voice: 'alloy', format: 'wav' } }, /audio output/],
    ['a plugin', { plugins: [{ id: 'web' }] }, /plugin "web"/],
    ['a tool of OpenRouter', { tools: [{ type: 'openrouter:web_search' }] }, /openrouter:web_search/],
  ])('fails for %s', (_name, request, message) => {
    expect(() => encode(request)).toThrow(expect.objectContaining({ kind: 'usage', message: expect.stringMatching(message) }));
  });

  test("matches the SDK's type", { timeout: 60_000 }, () => {
    const requests = [
      bodyOf(),
      bodyOf({ messages: CONVERSATION, reasoning: { effort: 'high' }, user: 'me', serviceTier: 'flex', sessionId: 's' }),
      bodyOf({
        model: 'gpt-4.1',
        temperature: 1,
        maxTokens: 1000,
        verbosity: 'high',
        tools: [{ type: 'function', name: 'f' }],
        toolChoice: 'required',
        responseFormat: { type: 'json_schema', name: 'x', description: 'An x', schema: { type: 'object' }, strict: false },
      }),
      bodyOf({ model: 'grok-4.3', messages: CONVERSATION, user: 'me' }, XAI),
    ];
    expect(typeFaults(requests.map((value) => ({ value, type: SDK_REQUESTS.responses })))).toEqual(requests.map(() => []));
  });
});
