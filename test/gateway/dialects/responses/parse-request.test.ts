import { describe, expect, test } from 'vitest';
import type { ChatRequest } from '../../../../src/apis/completion.ts';
import { responsesDialect } from '../../../../src/gateway/dialects/responses/dialect.ts';

const parse = (body: object): ChatRequest =>
  responsesDialect.parse(JSON.stringify({ model: 'x/bard', input: 'hi', ...body }), {
    parts: [],
    query: new URLSearchParams(),
    requestHeaders: {},
  });
const PNG = 'data:image/png;base64,iVBORw0KGgo=';

test("LiteLLM's fields are read, and a vendor gets no list in its metadata", () => {
  const request = parse({
    fallbacks: ['slow'],
    num_retries: 1,
    timeout: 3,
    tags: ['a'],
    metadata: { tags: ['b'], trace: 't' },
    litellm_metadata: { tags: ['c'] },
  });
  expect(request).toMatchObject({
    fallbackModels: ['slow'],
    wishes: { retries: 1, answerMs: 3000, tags: ['a', 'b', 'c'] },
    metadata: { trace: 't' },
  });
  expect(JSON.parse(request.original!.body)).toMatchObject({ metadata: { trace: 't' } });
  const only = parse({ metadata: { tags: ['b'] } });
  expect([only.metadata, JSON.parse(only.original!.body)]).toEqual([undefined, { model: 'x/bard', input: 'hi' }]);
  expect(() => parse({ metadata: { tags: ['b'], count: 1 } })).toThrow('metadata.count must be text');
});

describe('the input of a response', () => {
  test('is text, or messages with their parts', () => {
    expect(parse({ instructions: 'Be short.' }).messages).toEqual([
      { role: 'system', content: 'Be short.' },
      { role: 'user', content: 'hi' },
    ]);
    const input = [
      { role: 'developer', content: 'Speak French.' },
      {
        type: 'message',
        role: 'user',
        content: [
          { type: 'input_text', text: 'What is this?' },
          { type: 'input_image', image_url: PNG, detail: 'auto' },
          { type: 'input_file', filename: 'a.pdf', file_data: 'JVBERi0=' },
          { type: 'input_file', file_url: 'https://x.example/papers/b.pdf?v=1' },
          { type: 'input_audio', input_audio: { data: 'UklG', format: 'wav' } },
        ],
      },
      { role: 'assistant', content: [{ type: 'output_text', text: 'A cat.', annotations: [] }] },
      { role: 'user', content: [{ type: 'input_text', text: 'Sure?' }] },
    ];
    expect(parse({ input }).messages).toEqual([
      { role: 'system', content: 'Speak French.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is this?' },
          { type: 'image', url: PNG },
          { type: 'file', name: 'a.pdf', url: 'data:application/pdf;base64,JVBERi0=' },
          { type: 'file', name: 'b.pdf', url: 'https://x.example/papers/b.pdf?v=1' },
          { type: 'audio', data: 'UklG', format: 'wav' },
        ],
      },
      { role: 'assistant', content: 'A cat.' },
      { role: 'user', content: 'Sure?' },
    ]);
  });

  test('joins the items of one answer, with the reasoning of an OpenAI model', () => {
    const input = [
      { role: 'user', content: 'Weather?' },
      { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'A call.' }], encrypted_content: 'gAAAA' },
      { type: 'message', role: 'assistant', id: 'msg_1', status: 'completed', content: [{ type: 'output_text', text: 'Wait.' }] },
      { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'weather', arguments: '{"city":"Oslo"}' },
      { type: 'function_call', id: 'fc_2', call_id: 'call_2', name: 'camera', arguments: '{}' },
      { type: 'function_call_output', call_id: 'call_1', output: 'sun' },
      {
        type: 'function_call_output',
        call_id: 'call_2',
        output: [
          { type: 'input_text', text: 'seen:' },
          { type: 'input_image', image_url: PNG },
        ],
      },
      { type: 'web_search_call', id: 'ws_1', status: 'completed' },
      { type: 'custom_tool_call', call_id: 'call_3', name: 'patch', input: '*** "x"' },
      { type: 'custom_tool_call_output', call_id: 'call_3', output: 'done' },
    ];
    const format = 'openai-responses-v1';
    expect(parse({ input }).messages).toEqual([
      { role: 'user', content: 'Weather?' },
      {
        role: 'assistant',
        content: 'Wait.',
        reasoningParts: [
          { kind: 'summary', text: 'A call.', format, index: 0 },
          { kind: 'encrypted', encrypted: 'gAAAA', format, index: 0, id: 'rs_1' },
        ],
        toolCalls: [
          { id: 'call_1', name: 'weather', arguments: '{"city":"Oslo"}' },
          { id: 'call_2', name: 'camera', arguments: '{}' },
        ],
      },
      { role: 'tool', toolCallId: 'call_1', content: 'sun' },
      {
        role: 'tool',
        toolCallId: 'call_2',
        content: [
          { type: 'text', text: 'seen:' },
          { type: 'image', url: PNG },
        ],
      },
      { role: 'assistant', content: '', toolCalls: [{ id: 'call_3', name: 'patch', arguments: '{"input":"*** \\"x\\""}' }] },
      { role: 'tool', toolCallId: 'call_3', content: 'done' },
    ]);
  });

  test.each([
    [{ input: undefined }, /input is missing/],
    [{ input: [] }, /input is missing/],
    [{ input: ['hi'] }, /input\[0\] must be an object/],
    [{ input: [{ type: 'item_reference', id: 'msg_1' }] }, /input\[0\] refers to a stored item/],
    [{ input: [{ type: 'seance' }] }, /input\[0\]\.type is unknown/],
    [{ input: [{ role: 'ghost', content: 'boo' }] }, /input\[0\]\.role must be one of/],
    [{ input: [{ type: 'function_call', name: 'f' }] }, /input\[0\]\.call_id is missing/],
    [{ input: [{ role: 'user', content: [{ type: 'input_smell' }] }] }, /input\[0\]\.content\[0\]\.type must be one of/],
    [
      { input: [{ role: 'user', content: [{ type: 'input_image', file_id: 'file-1' }] }] },
      /file_id is not supported: nothing is stored/,
    ],
    [{ input: [{ role: 'user', content: [{ type: 'input_image' }] }] }, /image_url is missing/],
    [{ model: '' }, /model is missing/],
    [{ store: true }, /^store: true is not supported: responses are not stored/],
    [{ previous_response_id: 'resp_1' }, /^previous_response_id is not supported/],
    [{ conversation: 'conv_1' }, /^conversation is not supported/],
    [{ background: true }, /^background: true is not supported/],
    [{ prompt: { id: 'pmpt_1' } }, /^prompt is not supported/],
    [{ temperature: 'hot' }, /temperature must be a number/],
    [{ max_output_tokens: 0 }, /max_output_tokens must be a whole number from 1/],
    [{ tools: [{ type: 'function' }] }, /tools\[0\]\.name is missing/],
    [{ tool_choice: 'often' }, /tool_choice must be none, auto/],
    [{ text: { format: { type: 'yaml' } } }, /text\.format\.type must be one of/],
    [{ text: { format: { type: 'json_schema', name: 'a' } } }, /text\.format\.schema is missing/],
    [{ truncation: 'sometimes' }, /truncation must be one of/],
    [{ metadata: { a: 1 } }, /metadata\.a must be text/],
    [{ include: 'all' }, /include must be a list of strings/],
  ])('fails for %j', (body, message) => {
    expect(() => parse(body)).toThrow(
      expect.objectContaining({ message: expect.stringMatching(message) as string, status: 400 }),
    );
  });
});

describe('the parameters of a response', () => {
  test('are mapped to the fields of a request', () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } } };
    const request = parse({
      models: ['y/other'],
      stream: true,
      temperature: 0.5,
      top_p: 0.9,
      max_output_tokens: 100,
      max_tool_calls: 3,
      parallel_tool_calls: false,
      reasoning: { effort: 'low', summary: 'auto' },
      text: { format: { type: 'json_schema', name: 'a', schema, strict: true }, verbosity: 'low' },
      truncation: 'auto',
      metadata: { a: 'b' },
      service_tier: 'flex',
      safety_identifier: 'u1',
      prompt_cache_key: 'k1',
      store: false,
      previous_response_id: null,
      include: ['reasoning.encrypted_content'],
      provider: { order: ['globe'], zdr: true },
      plugins: [{ id: 'web' }],
      route: 'fallback',
    });
    expect(request).toEqual({
      model: 'x/bard',
      fallbackModels: ['y/other'],
      stream: true,
      messages: [{ role: 'user', content: 'hi' }],
      temperature: 0.5,
      topP: 0.9,
      maxTokens: 100,
      maxToolCalls: 3,
      parallelToolCalls: false,
      reasoning: { effort: 'low' },
      responseFormat: { type: 'json_schema', name: 'a', schema, strict: true },
      verbosity: 'low',
      transforms: ['middle-out'],
      metadata: { a: 'b' },
      serviceTier: 'flex',
      user: 'u1',
      sessionId: 'k1',
      routing: expect.objectContaining({ order: ['globe'], zeroDataRetention: true }) as object,
      plugins: [{ id: 'web' }],
      extra: { route: 'fallback' },
      original: { dialect: 'responses', body: expect.stringContaining('"route":"fallback"') as string, untranslated: [] },
    });
  });

  test('offer functions, searches and free-text tools', () => {
    const parameters = { type: 'object', properties: {} };
    const { tools, toolChoice } = parse({
      tools: [
        { type: 'function', name: 'weather', description: 'of a city', parameters, strict: true },
        { type: 'function', function: { name: 'nested' } },
        { type: 'web_search_preview', search_context_size: 'low', filters: { allowed_domains: ['x.example'] } },
        { type: 'openrouter:datetime' },
        {
          type: 'custom',
          name: 'patch',
          description: 'edits',
          format: { type: 'grammar', syntax: 'lark', definition: 'start: "x"' },
        },
      ],
      tool_choice: { type: 'function', name: 'weather' },
    });
    expect(toolChoice).toEqual({ name: 'weather' });
    expect(tools).toEqual([
      { type: 'function', name: 'weather', description: 'of a city', parameters, strict: true },
      { type: 'function', name: 'nested' },
      { type: 'openrouter:web_search', parameters: { search_context_size: 'low', allowed_domains: ['x.example'] } },
      { type: 'openrouter:datetime' },
      {
        type: 'function',
        name: 'patch',
        description: 'edits\n\nThe input follows this lark grammar:\nstart: "x"',
        parameters: {
          type: 'object',
          properties: { input: { type: 'string' } },
          required: ['input'],
          additionalProperties: false,
        },
      },
    ]);
    expect(parse({ tools: [{ type: 'code_interpreter', container: { type: 'auto' } }] })).toMatchObject({
      original: { untranslated: ['the tool code_interpreter'] },
    });
    const allowed = parse({
      tools: [
        { type: 'function', name: 'a' },
        { type: 'function', name: 'b' },
      ],
      tool_choice: { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'b' }] },
    });
    expect([allowed.tools, allowed.toolChoice]).toEqual([[{ type: 'function', name: 'b' }], 'required']);
  });

  test('in a group have the name of their group in front, in calls as well', () => {
    const long = 'n'.repeat(60);
    const request = parse({
      input: [
        { role: 'user', content: 'hi' },
        { type: 'function_call', call_id: 'c1', namespace: 'agents', name: 'close', arguments: '{}' },
        { type: 'function_call_output', call_id: 'c1', output: 'closed' },
      ],
      tools: [
        { type: 'function', name: 'close' },
        {
          type: 'namespace',
          name: 'agents',
          description: 'Agents',
          tools: [
            { type: 'function', name: 'close', parameters: { type: 'object', properties: {} } },
            { type: 'custom', name: 'tell' },
            { type: 'function', name: long },
          ],
        },
      ],
      tool_choice: { type: 'function', namespace: 'agents', name: 'close' },
    });
    expect(request.tools?.map((tool) => tool.type === 'function' && tool.name)).toEqual([
      'close',
      'agents__close',
      'agents__tell',
      long,
    ]);
    expect(request.toolChoice).toEqual({ name: 'agents__close' });
    expect(request.messages[1]?.toolCalls).toMatchObject([{ id: 'c1', name: 'agents__close' }]);
    expect(request.original?.untranslated).toEqual([]);
  });

  test('a search beside tools of the client is optional, unless a tool is required', () => {
    const search = { type: 'web_search' };
    const isOptional = (tools: object[], choice?: unknown): unknown =>
      parse({ tools, ...(choice !== undefined && { tool_choice: choice }) })
        .tools?.filter((tool) => tool.type === 'openrouter:web_search')
        .map((tool) => 'isOptional' in tool);
    expect(isOptional([search, { type: 'function', name: 'a' }])).toEqual([true]);
    expect(isOptional([search, { type: 'function', name: 'a' }], 'auto')).toEqual([true]);
    expect(isOptional([search, { type: 'function', name: 'a' }], 'required')).toEqual([false]);
    expect(isOptional([search])).toEqual([false]);
  });
});
