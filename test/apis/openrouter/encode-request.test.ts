import { decodeAnnotations } from '../../../src/apis/annotations.ts';
import { decodeReasoningDetails } from '../../../src/apis/reasoning-details.ts';
import { describe, expect, test } from 'vitest';
import type { ChatRequest } from '../../../src/apis/completion.ts';
import type { Message } from '../../../src/apis/message.ts';
import { encodeRequest } from '../../../src/apis/openrouter/encode-request.ts';

const encode = (request: Partial<ChatRequest>): any =>
  JSON.parse(JSON.stringify(encodeRequest({ model: 'a/b', messages: [], stream: true, ...request })));
const encodeOne = (message: Message): unknown => encode({ messages: [message] }).messages[0];

describe('messages', () => {
  test.each<[string, Message, unknown]>([
    ['text', { role: 'user', content: 'hi' }, { role: 'user', content: 'hi' }],
    [
      'parts, in their order',
      {
        role: 'user',
        content: [
          { type: 'text', text: 'look', cacheControl: { type: 'ephemeral', ttl: '1h' } },
          { type: 'image', url: 'https://x/y.png' },
          { type: 'file', name: 'a.pdf', url: 'data:application/pdf;base64,AA==' },
          { type: 'audio', data: 'AA==', format: 'wav' },
          { type: 'video', url: 'data:video/mp4;base64,AA==' },
          { type: 'text', text: 'again' },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'look', cache_control: { type: 'ephemeral', ttl: '1h' } },
          { type: 'image_url', image_url: { url: 'https://x/y.png' } },
          { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AA==' } },
          { type: 'input_audio', input_audio: { data: 'AA==', format: 'wav' } },
          { type: 'video_url', video_url: { url: 'data:video/mp4;base64,AA==' } },
          { type: 'text', text: 'again' },
        ],
      },
    ],
    [
      'calls of tools, with the reasoning that led to them as it came',
      {
        role: 'assistant',
        content: '',
        toolCalls: [{ id: 'c1', name: 'now', arguments: '{"zone":' }],
        reasoningParts: decodeReasoningDetails([{ type: 'reasoning.encrypted', data: 'x', id: null }]),
        annotations: decodeAnnotations([{ type: 'file', file: { hash: 'h' } }]),
      },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'now', arguments: '{"zone":' } }],
        reasoning_details: [{ type: 'reasoning.encrypted', data: 'x', id: null }],
        annotations: [{ type: 'file', file: { hash: 'h' } }],
      },
    ],
    [
      'the result of a tool',
      { role: 'tool', content: '12:00', toolCallId: 'c1' },
      { role: 'tool', content: '12:00', tool_call_id: 'c1' },
    ],
    [
      'a message of the wire',
      { role: 'user', content: 'x', apiData: { openrouter: { role: 'user', name: 'n' } } },
      { role: 'user', name: 'n' },
    ],
  ])('%s', (_name, message, expected) => {
    expect(encodeOne(message)).toEqual(expected);
  });
});

describe('parameters', () => {
  test.each<[keyof ChatRequest, unknown, object]>([
    ['topP', 0.9, { top_p: 0.9 }],
    ['topK', 0, { top_k: 0 }],
    ['minP', 0.1, { min_p: 0.1 }],
    ['topA', 0.2, { top_a: 0.2 }],
    ['frequencyPenalty', -1, { frequency_penalty: -1 }],
    ['presencePenalty', 1, { presence_penalty: 1 }],
    ['repetitionPenalty', 1.1, { repetition_penalty: 1.1 }],
    ['seed', 0, { seed: 0 }],
    ['stop', ['a', 'b'], { stop: ['a', 'b'] }],
    ['logitBias', { 50256: -100 }, { logit_bias: { 50256: -100 } }],
    ['reasoning', { effort: 'high', exclude: true }, { reasoning: { effort: 'high', exclude: true } }],
    ['reasoning', { maxTokens: 2000, enabled: true }, { reasoning: { max_tokens: 2000, enabled: true } }],
    ['verbosity', 'low', { verbosity: 'low' }],
    ['modalities', ['image', 'text'], { modalities: ['image', 'text'] }],
    ['imageConfig', { aspect_ratio: '16:9' }, { image_config: { aspect_ratio: '16:9' } }],
    ['audio', { voice: 'alloy', format: 'wav' }, { audio: { voice: 'alloy', format: 'wav' } }],
    ['responseFormat', { type: 'json_object' }, { response_format: { type: 'json_object' } }],
    [
      'responseFormat',
      { type: 'json_schema', name: 'x', schema: { type: 'object' }, strict: true },
      { response_format: { type: 'json_schema', json_schema: { name: 'x', strict: true, schema: { type: 'object' } } } },
    ],
    [
      'tools',
      [
        { type: 'function', name: 'f', description: 'd', parameters: { type: 'object' }, strict: true },
        { type: 'openrouter:web_search', parameters: { max_results: 3 } },
      ],
      {
        tools: [
          { type: 'function', function: { name: 'f', description: 'd', parameters: { type: 'object' }, strict: true } },
          { type: 'openrouter:web_search', parameters: { max_results: 3 } },
        ],
      },
    ],
    ['toolChoice', 'none', { tool_choice: 'none' }],
    ['toolChoice', { name: 'f' }, { tool_choice: { type: 'function', function: { name: 'f' } } }],
    ['parallelToolCalls', false, { parallel_tool_calls: false }],
    ['maxToolCalls', 3, { max_tool_calls: 3 }],
    [
      'plugins',
      [{ id: 'file-parser', pdf: { engine: 'native' } }],
      { plugins: [{ id: 'file-parser', pdf: { engine: 'native' } }] },
    ],
    ['sessionId', 's', { session_id: 's' }],
    ['cacheControl', { type: 'ephemeral' }, { cache_control: { type: 'ephemeral' } }],
    ['serviceTier', 'flex', { service_tier: 'flex' }],
    ['transforms', [], { transforms: [] }],
    ['metadata', { run: '1' }, { metadata: { run: '1' } }],
    ['user', 'u', { user: 'u' }],
  ])('%s %j', (name, value, expected) => {
    expect(encode({ [name]: value })).toEqual({ model: 'a/b', messages: [], stream: true, ...expected });
  });

  test('fields unknown to orx are sent, and never replace known ones', () => {
    const request = {
      extra: { tomorrow: [1], seed: 7, temperature: 1, provider: { new: true } },
      temperature: 0.5,
      routing: { sort: 'price' },
    };
    expect(encode(request as Partial<ChatRequest>)).toEqual({
      model: 'a/b',
      messages: [],
      stream: true,
      tomorrow: [1],
      seed: 7,
      temperature: 0.5,
      provider: { new: true, sort: 'price' },
    });
  });
});
