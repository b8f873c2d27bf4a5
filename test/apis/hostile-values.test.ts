import { describe, expect, test } from 'vitest';
import { anthropic } from '../../src/apis/anthropic/dialect.ts';
import { chatCompletions } from '../../src/apis/chat-completions/dialect.ts';
import { cohere } from '../../src/apis/cohere/dialect.ts';
import type { Dialect } from '../../src/apis/dialect.ts';
import { gemini } from '../../src/apis/gemini/dialect.ts';
import { ollama } from '../../src/apis/ollama/ollama.ts';
import { decodeCatalogue, decodeEndpoints } from '../../src/apis/openrouter/decode-catalogue.ts';
import { responses } from '../../src/apis/responses/responses.ts';
import { findVendor } from '../../src/apis/vendors.ts';
import { decodeApiError } from '../../src/apis/wire/errors/decode-error.ts';
import { OrxError } from '../../src/errors.ts';
import { parseChatRequest } from '../../src/gateway/dialects/chat/parse-request.ts';
import { parseGeminiRequest } from '../../src/gateway/dialects/gemini/parse-request.ts';
import { parseMessageRequest } from '../../src/gateway/dialects/messages/parse-request.ts';
import { parseResponsesRequest } from '../../src/gateway/dialects/responses/parse-request.ts';
import { wireModel } from '../support/catalogue.ts';
import { decodeWith } from '../support/decode-with.ts';

/** JSON that String, Number, a template and a member access throw for, because they call these members. */
const HOSTILE = { toString: false, valueOf: 1 };

/** Yields the value once for each place in it, with HOSTILE in that place. */
function* replaced(value: unknown): Generator<unknown> {
  yield HOSTILE;
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value)) {
    for (const inner of replaced((value as Record<string, unknown>)[key])) {
      const copy: Record<string, unknown> = structuredClone(value) as Record<string, unknown>;
      copy[key] = inner;
      yield copy;
    }
  }
}

const tool = { name: 'look', description: 'looks', parameters: { type: 'object', properties: { at: { type: 'string' } } } };

describe('a request to the gateway with an object where text is expected is read or refused', () => {
  const target = {
    parts: ['some-model', 'streamGenerateContent'],
    query: new URLSearchParams('alt=sse'),
    asksVendor: () => false,
  };
  test.each<[string, (body: string) => unknown, unknown]>([
    [
      'chat/completions',
      parseChatRequest,
      {
        model: 'a/b',
        models: ['a/b', 'c/d'],
        messages: [
          { role: 'system', content: 'be short' },
          {
            role: 'user',
            content: [
              { type: 'text', text: 'hi' },
              { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } },
            ],
          },
          {
            role: 'assistant',
            content: null,
            tool_calls: [{ id: 'c', type: 'function', function: { name: 'look', arguments: '{}' } }],
            reasoning_details: [{ type: 'reasoning.text', text: 'hm', signature: 's', index: 0 }],
          },
          { role: 'tool', tool_call_id: 'c', content: 'seen' },
        ],
        tools: [{ type: 'function', function: tool }],
        tool_choice: { type: 'function', function: { name: 'look' } },
        provider: { order: ['x'], sort: 'price', max_price: { prompt: 1 }, data_collection: 'deny' },
        reasoning: { effort: 'low' },
        response_format: { type: 'json_schema', json_schema: { name: 'n', schema: { type: 'object' } } },
        plugins: [{ id: 'web' }],
        stop: ['x'],
        temperature: 1,
        stream: true,
        stream_options: { include_usage: true },
        usage: { include: true },
        metadata: { tags: ['a'] },
        user: 'u',
      },
    ],
    [
      'messages',
      (body) => parseMessageRequest(body, { requestHeaders: {} }),
      {
        model: 'a/b',
        max_tokens: 10,
        system: [{ type: 'text', text: 'be short', cache_control: { type: 'ephemeral' } }],
        messages: [
          { role: 'user', content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA==' } }] },
          {
            role: 'assistant',
            content: [
              { type: 'thinking', thinking: 'hm', signature: 's' },
              { type: 'tool_use', id: 'c', name: 'look', input: { at: 'x' } },
            ],
          },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c', content: [{ type: 'text', text: 'seen' }] }] },
        ],
        tools: [{ name: 'look', input_schema: { type: 'object' } }],
        tool_choice: { type: 'tool', name: 'look' },
        thinking: { type: 'enabled', budget_tokens: 5 },
        stop_sequences: ['x'],
        metadata: { user_id: 'u' },
        stream: true,
      },
    ],
    [
      'responses',
      parseResponsesRequest,
      {
        model: 'a/b',
        instructions: 'be short',
        input: [
          {
            type: 'message',
            role: 'user',
            content: [
              { type: 'input_text', text: 'hi' },
              { type: 'input_image', image_url: 'https://x.test/a.png' },
            ],
          },
          { type: 'reasoning', id: 'r', summary: [{ type: 'summary_text', text: 'hm' }], encrypted_content: 'e' },
          { type: 'function_call', call_id: 'c', name: 'look', arguments: '{}' },
          { type: 'function_call_output', call_id: 'c', output: 'seen' },
        ],
        tools: [{ type: 'function', ...tool }, { type: 'web_search' }],
        tool_choice: { type: 'function', name: 'look' },
        reasoning: { effort: 'low', summary: 'auto' },
        text: { format: { type: 'json_schema', name: 'n', schema: { type: 'object' } } },
        max_output_tokens: 10,
        stream: true,
      },
    ],
    [
      'generateContent',
      (body) => parseGeminiRequest(body, target as never),
      {
        systemInstruction: { parts: [{ text: 'be short' }] },
        contents: [
          { role: 'user', parts: [{ text: 'hi' }, { inlineData: { mimeType: 'image/png', data: 'AA==' } }] },
          {
            role: 'model',
            parts: [
              { text: 'hm', thought: true },
              { functionCall: { name: 'look', args: { at: 'x' } }, thoughtSignature: 's' },
            ],
          },
          { role: 'user', parts: [{ functionResponse: { name: 'look', response: { output: 'seen' } } }] },
        ],
        tools: [{ functionDeclarations: [tool] }, { googleSearch: {} }],
        toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['look'] } },
        generationConfig: {
          temperature: 1,
          stopSequences: ['x'],
          responseMimeType: 'application/json',
          thinkingConfig: { thinkingBudget: 5 },
        },
      },
    ],
  ])('%s', (_, parse, sample) => {
    parse(JSON.stringify(sample));
    expect([...replaced(sample)].filter((body) => isUnexpected(() => parse(JSON.stringify(body))))).toEqual([]);
  });
});

describe('a reply with an object where text is expected is decoded or refused', () => {
  test.each<[string, Dialect, string, readonly object[]]>([
    [
      'chat completions',
      chatCompletions,
      'groq',
      [
        { id: 'g', model: 'm', choices: [{ index: 0, delta: { role: 'assistant', content: 'a', reasoning: 'r' } }] },
        {
          id: 'g',
          choices: [
            {
              index: 0,
              delta: { tool_calls: [{ index: 0, id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }] },
            },
          ],
        },
        {
          id: 'g',
          choices: [{ index: 0, delta: { annotations: [{ type: 'url_citation', url_citation: { url: 'https://x.test' } }] } }],
        },
        { id: 'g', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage: { prompt_tokens: 1, completion_tokens: 1 } },
      ],
    ],
    [
      'messages',
      anthropic,
      'anthropic',
      [
        { type: 'message_start', message: { id: 'm', model: 'x', role: 'assistant', content: [], usage: { input_tokens: 1 } } },
        { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '', signature: '' } },
        { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'hm' } },
        { type: 'content_block_stop', index: 0 },
        { type: 'content_block_start', index: 1, content_block: { type: 'tool_use', id: 'c', name: 'f', input: {} } },
        { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{}' } },
        { type: 'content_block_stop', index: 1 },
        { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 2 } },
        { type: 'message_stop' },
      ],
    ],
    [
      'responses',
      responses,
      'openai',
      [
        { type: 'response.created', response: { id: 'r', model: 'm', status: 'in_progress', output: [] } },
        {
          type: 'response.output_item.added',
          output_index: 0,
          item: { id: 'i', type: 'message', role: 'assistant', content: [] },
        },
        { type: 'response.output_text.delta', item_id: 'i', output_index: 0, content_index: 0, delta: 'a' },
        {
          type: 'response.output_item.added',
          output_index: 1,
          item: { id: 'j', type: 'function_call', call_id: 'c', name: 'f', arguments: '' },
        },
        { type: 'response.function_call_arguments.delta', item_id: 'j', output_index: 1, delta: '{}' },
        {
          type: 'response.completed',
          response: {
            id: 'r',
            status: 'completed',
            usage: { input_tokens: 1, output_tokens: 2 },
            output: [{ id: 'i', type: 'message', content: [] }],
          },
        },
      ],
    ],
    [
      'Gemini',
      gemini,
      'google',
      [
        {
          responseId: 'r',
          modelVersion: 'm',
          candidates: [{ index: 0, content: { role: 'model', parts: [{ text: 'hm', thought: true }] } }],
        },
        {
          candidates: [
            { index: 0, content: { parts: [{ functionCall: { name: 'f', args: { a: 1 } }, thoughtSignature: 's' }] } },
          ],
        },
        { candidates: [{ finishReason: 'STOP' }], usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 2 } },
      ],
    ],
    [
      'Ollama',
      ollama,
      'ollama',
      [
        {
          model: 'm',
          message: { role: 'assistant', content: 'a', thinking: 'hm', tool_calls: [{ function: { name: 'f', arguments: {} } }] },
        },
        { model: 'm', message: { content: '' }, done: true, done_reason: 'stop', prompt_eval_count: 1, eval_count: 2 },
      ],
    ],
    [
      'Cohere',
      cohere,
      'cohere',
      [
        { type: 'message-start', id: 'm', delta: { message: { role: 'assistant' } } },
        { type: 'content-delta', index: 0, delta: { message: { content: { text: 'a' } } } },
        {
          type: 'tool-call-start',
          index: 0,
          delta: { message: { tool_calls: { id: 'c', type: 'function', function: { name: 'f', arguments: '' } } } },
        },
        { type: 'tool-call-delta', index: 0, delta: { message: { tool_calls: { function: { arguments: '{}' } } } } },
        { type: 'message-end', delta: { finish_reason: 'COMPLETE', usage: { tokens: { input_tokens: 1, output_tokens: 2 } } } },
      ],
    ],
  ])('%s', async (_, dialect, vendor, sample) => {
    const unexpected: unknown[] = [];
    for (const events of [sample, ...(replaced(sample) as Iterable<readonly object[]>)]) {
      async function* batches() {
        for (const event of Array.isArray(events) ? events : [events])
          yield [{ type: 'data' as const, data: JSON.stringify(event) }];
      }
      try {
        for await (const event of decodeWith(dialect, batches(), {}, findVendor(vendor)!)) JSON.stringify(event);
      } catch (error) {
        if (!(error instanceof OrxError)) unexpected.push([error, events]);
      }
    }
    expect(unexpected).toEqual([]);
  });

  test('models, endpoints and errors', () => {
    const endpoint = {
      name: 'p | a/b',
      provider_name: 'P',
      tag: 'p/fp8',
      status: 0,
      pricing: { prompt: '0.1', overrides: [{ days: ['mon'], start: 900, end: 1700, pricing: { prompt: '0.2' } }] },
      uptime_last_30m: 99,
      latency_last_30m: { p50: 1 },
    };
    const list = { id: 'a/b', endpoints: [endpoint] };
    const error = {
      error: {
        code: 429,
        type: 'rate_limit',
        message: 'no',
        status: 'RESOURCE_EXHAUSTED',
        metadata: { raw: '{}', provider_name: 'P', headers: { 'X-RateLimit-Reset': '1' }, reasons: ['violence'] },
        details: [{ '@type': 'x', retryDelay: '3s', violations: [{ quotaId: 'q' }] }],
      },
    };
    const attempts: [unknown, (value: unknown) => unknown][] = [
      [wireModel('a/b'), (model) => decodeCatalogue(JSON.stringify({ data: [model] }))],
      [list, (data) => decodeEndpoints(JSON.stringify({ data }))],
      [error, (body) => decodeApiError({ status: 429, body, headers: {}, now: 0 })],
      [error, (body) => decodeApiError({ status: 500, body, headers: {}, vendor: findVendor('google') })],
    ];
    for (const [sample, decode] of attempts)
      expect([...replaced(sample)].filter((value) => isUnexpected(() => decode(value)))).toEqual([]);
  });
});

/** Returns whether it fails with an error that does not tell the user what is wrong. */
function isUnexpected(read: () => unknown): boolean {
  try {
    read();
    return false;
  } catch (error) {
    return !(error instanceof OrxError);
  }
}
