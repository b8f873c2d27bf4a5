import type Anthropic from '@anthropic-ai/sdk';
import { describe, expect, test } from 'vitest';
import { encodeMessageRequest } from '../../../../src/apis/anthropic/encode-message-request.ts';
import type { ChatRequest } from '../../../../src/apis/completion.ts';
import { findVendor } from '../../../../src/apis/vendors.ts';
import { messagesDialect } from '../../../../src/gateway/dialects/messages/dialect.ts';
import { sealReasoning } from '../../../../src/gateway/dialects/sealed-reasoning.ts';

type Body = Partial<Anthropic.MessageCreateParams> & Record<string, unknown>;

const HI = [{ role: 'user' as const, content: 'hi' }];
const PNG = { type: 'base64' as const, media_type: 'image/png' as const, data: 'iVBORw0KGgo=' };
const PDF = { type: 'base64' as const, media_type: 'application/pdf' as const, data: 'JVBERi0=' };
const MARK = { type: 'ephemeral' as const };

function parse(body: Body | string, headers: Record<string, string> = {}): ChatRequest {
  const text = typeof body === 'string' ? body : JSON.stringify({ model: 'm', max_tokens: 9, messages: HI, ...body });
  return messagesDialect.parse(text, { parts: [], query: new URLSearchParams(), requestHeaders: headers });
}

const refusal = (body: Body | string): unknown => {
  try {
    return parse(body);
  } catch (error) {
    return error;
  }
};

describe('a message request', () => {
  test('means the same to another vendor as to Anthropic', () => {
    const body: Body = {
      model: 'claude-sonnet-4-5',
      max_tokens: 9000,
      system: [
        { type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral', ttl: '1h' } },
        { type: 'text', text: 'Be kind.' },
      ],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Look.', cache_control: MARK },
            { type: 'image', source: PNG },
            { type: 'image', source: { type: 'url', url: 'https://a.example/b.png' } },
            { type: 'document', source: PDF, title: 'a.pdf' },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'Hm.', signature: 'c2ln' },
            { type: 'redacted_thinking', data: 'c2VjcmV0' },
            { type: 'text', text: 'Two calls.' },
            { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Oslo' } },
            { type: 'tool_use', id: 'toolu_2', name: 'map', input: {} },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'toolu_1', content: 'Rain.' },
            {
              type: 'tool_result',
              tool_use_id: 'toolu_2',
              content: [
                { type: 'text', text: 'Here.' },
                { type: 'image', source: PNG },
              ],
              cache_control: MARK,
            },
            { type: 'text', text: 'And now?' },
          ],
        },
      ],
      tools: [
        { name: 'weather', description: 'Says it.', input_schema: { type: 'object', properties: { city: { type: 'string' } } } },
        { name: 'map', input_schema: { type: 'object', properties: {} } },
      ],
      tool_choice: { type: 'auto', disable_parallel_tool_use: true },
      thinking: { type: 'enabled', budget_tokens: 2000 },
      stop_sequences: ['END'],
      metadata: { user_id: 'user-1' },
      service_tier: 'standard_only',
      output_config: {
        format: {
          type: 'json_schema',
          schema: { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false },
        },
      },
      stream: true,
    };
    const { body: again, dropped } = encodeMessageRequest(parse(body), findVendor('anthropic')!);
    expect(dropped).toEqual([]);
    expect(again).toEqual(body);
  });

  test('has sampling, and every form of reasoning parameters', () => {
    expect(parse({ temperature: 0.5, top_p: 0.9, top_k: 40 })).toMatchObject({ temperature: 0.5, topP: 0.9, topK: 40 });
    const reasoning = (body: Body) => {
      const { reasoning: asked, verbosity } = parse(body);
      return { ...asked, ...(verbosity !== undefined && { verbosity }) };
    };
    expect(reasoning({})).toEqual({});
    expect(reasoning({ thinking: { type: 'enabled', budget_tokens: 1024, display: 'omitted' } })).toEqual({
      maxTokens: 1024,
      exclude: true,
    });
    expect(reasoning({ thinking: { type: 'adaptive' } })).toEqual({ enabled: true });
    expect(reasoning({ thinking: { type: 'adaptive' }, output_config: { effort: 'xhigh' } })).toEqual({ effort: 'xhigh' });
    expect(reasoning({ thinking: { type: 'disabled' }, output_config: { effort: 'low' } })).toEqual({
      enabled: false,
      verbosity: 'low',
    });
    expect(reasoning({ output_config: { effort: 'max' } })).toEqual({ verbosity: 'max' });
  });

  test('reads the choice of a tool', () => {
    const choice = (given: Anthropic.ToolChoice) => {
      const { toolChoice, parallelToolCalls } = parse({ tool_choice: given });
      return [toolChoice, parallelToolCalls];
    };
    expect(choice({ type: 'any' })).toEqual(['required', undefined]);
    expect(choice({ type: 'tool', name: 'a', disable_parallel_tool_use: true })).toEqual([{ name: 'a' }, false]);
    expect(choice({ type: 'none' })).toEqual(['none', undefined]);
  });

  test('passes texts of documents and search results to any model, and reports failed tools', () => {
    const { messages } = parse({
      messages: [
        {
          role: 'user',
          content: [
            { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'Body.' }, title: 'T', context: 'C' },
            { type: 'document', source: { type: 'content', content: [{ type: 'text', text: 'Part.' }] }, title: 'U' },
            { type: 'search_result', title: 'S', source: 'https://s.example', content: [{ type: 'text', text: 'Found.' }] },
          ],
        },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'f', input: {} }] },
        {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: 'a', content: 'No such file.', is_error: true }],
        },
      ],
    });
    expect(messages[0]!.content).toEqual([
      { type: 'text', text: 'T\n\nC\n\nBody.' },
      { type: 'text', text: 'U' },
      { type: 'text', text: 'Part.' },
      { type: 'text', text: 'S\n\nhttps://s.example\n\nFound.' },
    ]);
    expect(messages.at(-1)).toEqual({
      role: 'tool',
      toolCallId: 'a',
      content: [
        { type: 'text', text: 'Error:' },
        { type: 'text', text: 'No such file.' },
      ],
    });
  });

  test('keeps exact numbers in the input of a call', () => {
    const [answer] = parse(
      '{"model":"m","max_tokens":9,"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":{"n":12345678901234567890}}]}]}',
    ).messages;
    expect(answer!.toolCalls![0]!.arguments).toBe('{"n":12345678901234567890}');
  });

  test("drops Claude Code's accounting line, which differs each time", () => {
    const line = 'x-anthropic-billing-header: cc_version=2.1.177.01c; cc_entrypoint=cli; cch=36ee5;';
    const { messages, original } = parse({ system: [line, 'You are Claude Code.'].map((text) => ({ type: 'text', text })) });
    expect(messages[0]).toEqual({ role: 'system', content: [{ type: 'text', text: 'You are Claude Code.' }] });
    expect(parse({ system: `${line}\nYou are.` }).messages[0]!.content).toBe('You are.');
    // Anthropic itself gets it.
    expect(original!.body).toContain('cch=36ee5');
  });

  test('identifies its user in a form that other vendors accept', () => {
    const long = `user_${'0'.repeat(64)}_account__session_${'1'.repeat(36)}`;
    const { user, original } = parse({ metadata: { user_id: long } });
    expect(user).toMatch(/^[0-9a-f]{64}$/);
    expect(original!.body).toContain(long);
  });

  test("supports OpenRouter's fields, and lists of models", () => {
    const asked = parse({
      models: ['b/c'],
      fallbacks: [{ model: 'd:e' }],
      provider: { only: ['x'], require_parameters: true },
      session_id: 's',
    });
    expect(asked).toMatchObject({
      model: 'm',
      fallbackModels: ['b/c', 'd:e'],
      routing: { only: ['x'] },
      extra: { session_id: 's', provider: { require_parameters: true } },
    });
  });

  test("supports LiteLLM's fields, which are sent to no vendor", () => {
    const { wishes, fallbackModels, original } = parse({
      fallbacks: ['b/c', { m: ['d:e'] }],
      num_retries: 1,
      metadata: { user_id: 'u', tags: ['team-a'] } as never,
    });
    expect(fallbackModels).toEqual(['b/c', 'd:e']);
    expect(wishes).toEqual({ retries: 1, tags: ['team-a'] });
    expect(JSON.parse(original!.body).metadata).toEqual({ user_id: 'u' });
  });

  test.each<[string, Body | string, RegExp]>([
    ['no JSON', '{', /not valid JSON/],
    ['no model', '{"messages":[]}', /model is missing/],
    ['no messages', { messages: [] }, /messages is missing/],
    ['another role', { messages: [{ role: 'tool', content: '' }] as never }, /messages\[0\]\.role/],
    ['a count that is none', { max_tokens: -1 }, /max_tokens must be a whole number/],
    ['a budget that is missing', { thinking: { type: 'enabled' } as never }, /budget_tokens/],
    ['a call without a name', { messages: [{ role: 'assistant', content: [{ type: 'tool_use', id: 'a' }] }] as never }, /name/],
    ['another format', { output_config: { format: { type: 'xml' } } as never }, /json_schema/],
    ['a tool without a name', { tools: [{ input_schema: {} }] as never }, /tools\[0\]\.name/],
  ])('fails with status 400 for %s', (_, body, message) => {
    expect(refusal(body)).toMatchObject({ status: 400, message: expect.stringMatching(message) });
  });
});

describe('the original of a message request', () => {
  test('is the unchanged text, with the headers for the vendor', () => {
    const text = '{ "model": "m", "messages": [{"role": "user", "content": "\\u0068i"}], "max_tokens": 5 }';
    const { original } = parse(text, {
      'anthropic-version': '2023-06-01',
      'anthropic-beta': 'a,b',
      'x-api-key': 'secret',
      authorization: 'Bearer secret',
      'user-agent': 'client/1',
    });
    expect(original).toEqual({
      dialect: 'anthropic',
      body: text,
      headers: { 'anthropic-version': '2023-06-01', 'anthropic-beta': 'a,b' },
      untranslated: [],
    });
  });

  test('lists the features that only Anthropic has', () => {
    const untranslated = (body: Body) => parse(body).original!.untranslated;
    expect(untranslated({ tools: [{ type: 'bash_20250124', name: 'bash' }] })).toEqual(['the tool bash_20250124']);
    expect(untranslated({ mcp_servers: [{ type: 'url', url: 'https://a', name: 'a' }] })).toHaveLength(1);
    const file = { type: 'file', file_id: 'f' };
    expect(untranslated({ messages: [{ role: 'user', content: [{ type: 'document', source: file }] }] as never })).toEqual([
      'documents from a source of the type file',
    ]);
    // Results of Anthropic's own tools are not part of the answer's text.
    const ran = { type: 'server_tool_use', id: 's', name: 'web_search', input: {} };
    expect(untranslated({ messages: [...HI, { role: 'assistant', content: [ran] }] as never })).toEqual([]);
  });

  test('contains nothing that another vendor has added to the conversation', () => {
    const signature = sealReasoning({
      parts: [{ kind: 'encrypted', encrypted: 'secret', format: 'google-gemini-v1', id: 'call:1' }],
      answeredBy: 'google:gemini-3',
    });
    const { original, messages } = parse({
      thinking: { type: 'enabled', budget_tokens: 2000 },
      messages: [
        ...HI,
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'Hm.', signature },
            { type: 'redacted_thinking', data: signature },
            { type: 'thinking', thinking: 'Unsigned.', signature: '' },
            { type: 'image', source: PNG } as never,
            {
              type: 'text',
              text: 'Cited.',
              citations: [
                { type: 'web_search_result_location', url: 'https://a', title: 'A', cited_text: '', encrypted_index: '' },
              ],
            },
            { type: 'tool_use', id: 'call:1', name: 'f', input: {} },
          ],
        },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call:1', content: 'r' }] },
      ],
    });
    expect(JSON.parse(original!.body)).toMatchObject({
      thinking: { type: 'disabled' },
      messages: [
        ...HI,
        {
          role: 'assistant',
          content: [
            { type: 'text', text: '[image]' },
            { type: 'text', text: 'Cited.' },
            { type: 'tool_use', id: 'call_1', name: 'f', input: {} },
          ],
        },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_1', content: 'r' }] },
      ],
    });
    expect(original!.body).not.toContain('citations');
    // Its own vendor gets all of it.
    expect(messages[1]).toMatchObject({
      answeredBy: 'google:gemini-3',
      reasoningParts: [{ kind: 'encrypted', encrypted: 'secret', format: 'google-gemini-v1', id: 'call:1' }, {}],
      toolCalls: [{ id: 'call:1' }],
      images: [`data:image/png;base64,${PNG.data}`],
    });
  });
});
