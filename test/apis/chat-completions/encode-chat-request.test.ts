import { describe, expect, test } from 'vitest';
import type { ChatRequest } from '../../../src/apis/completion.ts';
import type { Message } from '../../../src/apis/message.ts';
import type { FunctionTool } from '../../../src/apis/request-parameters.ts';
import { encodeFor, PLAIN_HOST } from '../../support/plain-host.ts';

const HI: Message = { role: 'user', content: 'hi' };

function refusal(vendor: string, request: Partial<ChatRequest>): unknown {
  try {
    return encodeFor(vendor, request);
  } catch (error) {
    return error;
  }
}

describe('a plain request', () => {
  test('has the requested fields, and requests usage', () => {
    expect(encodeFor('openai', { model: 'gpt-4.1' }).body).toEqual({
      model: 'gpt-4.1',
      messages: [{ role: 'user', content: 'hi' }],
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(encodeFor('openai', { stream: false }).body).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'hi' }],
      stream: false,
    });
  });

  test.each(['mistral', 'groq'])('%s gets no stream_options', (name) => {
    expect(encodeFor(name, {}).body).not.toHaveProperty('stream_options');
  });
});

describe('parameters', () => {
  const ALL = {
    temperature: 0.5,
    topP: 0.9,
    topK: 40,
    minP: 0.1,
    topA: 0.2,
    frequencyPenalty: 0.1,
    presencePenalty: 0.2,
    repetitionPenalty: 1.1,
    seed: 7,
    stop: ['END'],
    logitBias: { '5': 1 },
    maxTokens: 100,
  };

  test('an unknown host gets all of them', () => {
    const { body, dropped } = encodeFor(PLAIN_HOST, ALL);
    expect(body).toMatchObject({
      top_k: 40,
      min_p: 0.1,
      top_a: 0.2,
      repetition_penalty: 1.1,
      seed: 7,
      max_tokens: 100,
      stop: ['END'],
    });
    expect(dropped).toEqual([]);
  });

  test('orx drops parameters that a vendor does not support, and reports them', () => {
    const { body, dropped } = encodeFor('openai', ALL);
    expect(Object.keys(body)).not.toEqual(expect.arrayContaining(['top_k']));
    expect(dropped).toEqual([
      'top_k: OpenAI has no such parameter',
      'min_p: OpenAI has no such parameter',
      'top_a: OpenAI has no such parameter',
      'repetition_penalty: OpenAI has no such parameter',
    ]);
  });

  test.each([
    ['openai', 'max_completion_tokens'],
    ['groq', 'max_completion_tokens'],
    ['cerebras', 'max_completion_tokens'],
    ['mistral', 'max_tokens'],
    ['deepseek', 'max_tokens'],
    ['xai', 'max_tokens'],
    ['together', 'max_tokens'],
    ['fireworks', 'max_tokens'],
    ['vllm', 'max_tokens'],
  ])('%s limits the answer by %s', (name, field) => {
    expect(encodeFor(name, { maxTokens: 5 }).body).toHaveProperty(field, 5);
  });

  test('Mistral and local servers have their own names', () => {
    expect(encodeFor('mistral', { seed: 1 }).body).toHaveProperty('random_seed', 1);
    expect(encodeFor('llamacpp', { repetitionPenalty: 1.2 }).body).toHaveProperty('repeat_penalty', 1.2);
    expect(encodeFor('lmstudio', { repetitionPenalty: 1.2 }).body).toHaveProperty('repeat_penalty', 1.2);
    expect(encodeFor('vllm', { repetitionPenalty: 1.2 }).body).toHaveProperty('repetition_penalty', 1.2);
  });

  test.each(['o3', 'o4-mini', 'gpt-5', 'gpt-5-mini', 'GPT-5.1-codex', 'ft:o4-mini:acme'])(
    '%s rejects sampling parameters',
    (model) => {
      const { body, dropped } = encodeFor('openai', { ...ALL, model, messages: [{ role: 'system', content: 'be brief' }, HI] });
      for (const field of ['temperature', 'top_p', 'frequency_penalty', 'presence_penalty', 'logit_bias', 'stop'])
        expect(body).not.toHaveProperty(field);
      expect(dropped).toContain(`temperature: ${model} does not accept it`);
      expect(body).toMatchObject({ max_completion_tokens: 100, seed: 7 });
      expect(body.messages[0].role).toBe('developer');
    },
  );

  test.each(['gpt-4.1', 'gpt-4o', 'gpt-5-chat-latest', 'gpt-5.2-chat-latest'])('%s accepts sampling parameters', (model) => {
    const { body, dropped } = encodeFor('openai', {
      model,
      temperature: 1,
      messages: [{ role: 'system', content: 'be brief' }, HI],
    });
    expect(body).toMatchObject({ temperature: 1, messages: [{ role: 'system' }, { role: 'user' }] });
    expect(dropped).toEqual([]);
  });

  test('GPT-5.1 accepts sampling parameters if reasoning is off', () => {
    const { body } = encodeFor('openai', { model: 'gpt-5.1', temperature: 1, presencePenalty: 1, reasoning: { effort: 'none' } });
    expect(body).toMatchObject({ temperature: 1, reasoning_effort: 'none' });
    expect(body).not.toHaveProperty('presence_penalty');
    expect(encodeFor('openai', { model: 'gpt-5', temperature: 1, reasoning: { effort: 'none' } }).body).not.toHaveProperty(
      'temperature',
    );
  });

  test('a host in front of OpenAI gets its rules too', () => {
    expect(encodeFor(PLAIN_HOST, { model: 'gpt-5', maxTokens: 9 }).body).toHaveProperty('max_completion_tokens', 9);
  });

  test('parameters that only OpenRouter has are dropped with a notice, or an error', () => {
    expect(encodeFor('groq', { maxToolCalls: 3, transforms: ['middle-out'] }).dropped).toEqual([
      'max_tool_calls: Groq has no such parameter',
      'transforms: Groq has no such parameter',
    ]);
    expect(encodeFor('groq', { sessionId: 'abc', cacheControl: { type: 'ephemeral' } })).toEqual(encodeFor('groq', {}));
    expect(refusal('groq', { plugins: [{ id: 'web' }] })).toMatchObject({
      kind: 'usage',
      message: expect.stringContaining('"web"'),
    });
    expect(refusal('groq', { tools: [{ type: 'openrouter:web_search' }] })).toMatchObject({ kind: 'usage' });
    expect(refusal('groq', { modalities: ['image', 'text'] })).toMatchObject({ kind: 'usage' });
    expect(refusal('groq', { modalities: ['audio'] })).toMatchObject({ kind: 'usage' });
    expect(refusal('openai', { extra: { n: 2 } })).toMatchObject({ kind: 'usage' });
  });

  test('fields unknown to orx are sent, except those of OpenRouter', () => {
    const { body } = encodeFor('openai', {
      extra: { logprobs: true, n: 1, provider: { only: ['a'] }, models: ['b'], model: 'other' },
    });
    expect(body).toMatchObject({ logprobs: true, model: 'm' });
    expect(body).not.toHaveProperty('provider');
    expect(body).not.toHaveProperty('models');
  });

  test('OpenAI speaks', () => {
    const { body } = encodeFor('openai', { modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'pcm16' } });
    expect(body).toMatchObject({ modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'pcm16' } });
    expect(encodeFor('groq', { modalities: ['text'] }).body).not.toHaveProperty('modalities');
  });
});

describe('reasoning', () => {
  test.each([
    ['openai', 'gpt-5', { effort: 'minimal' }, { reasoning_effort: 'minimal' }],
    ['openai', 'gpt-5.1', { enabled: false }, { reasoning_effort: 'none' }],
    ['deepseek', 'deepseek-chat', { effort: 'high' }, { thinking: { type: 'enabled' }, reasoning_effort: 'high' }],
    ['deepseek', 'deepseek-chat', { effort: 'none' }, { thinking: { type: 'disabled' } }],
    ['deepseek', 'deepseek-chat', { enabled: true }, { thinking: { type: 'enabled' } }],
    ['together', 'a/b', { effort: 'minimal' }, { reasoning: { enabled: true }, reasoning_effort: 'low' }],
    ['together', 'a/b', { enabled: false }, { reasoning: { enabled: false } }],
    ['groq', 'openai/gpt-oss-120b', { effort: 'low', exclude: true }, { reasoning_effort: 'low', include_reasoning: false }],
    ['groq', 'qwen/qwen3-32b', { effort: 'high' }, { reasoning_format: 'parsed', reasoning_effort: 'default' }],
    ['groq', 'qwen/qwen3-32b', { effort: 'none' }, { reasoning_format: 'parsed', reasoning_effort: 'none' }],
    ['groq', 'qwen/qwen3-32b', { exclude: true }, { reasoning_format: 'hidden' }],
    ['mistral', 'magistral-medium-latest', { effort: 'xhigh' }, { reasoning_effort: 'xhigh' }],
    ['vllm', 'qwen3', { effort: 'none' }, { chat_template_kwargs: { enable_thinking: false } }],
    ['llamacpp', 'qwen3', { effort: 'low' }, { chat_template_kwargs: { enable_thinking: true }, reasoning_effort: 'low' }],
    ['xai', 'grok-4.3', { effort: 'low' }, { reasoning_effort: 'low' }],
    ['xai', 'grok-3-mini', { effort: 'low' }, { reasoning_effort: 'low' }],
  ])('%s %s %o', (name, model, reasoning, expected) => {
    const { body, dropped } = encodeFor(name, { model, reasoning });
    const { model: _, messages: _m, stream: _s, stream_options: _o, ...fields } = body;
    expect(fields).toEqual(expected);
    expect(dropped).toEqual([]);
  });

  test('Qwen at Groq keeps its reasoning out of the text, requested or not', () => {
    expect(encodeFor('groq', { model: 'qwen/qwen3-32b' }).body).toHaveProperty('reasoning_format', 'parsed');
    expect(encodeFor('groq', { model: 'llama-3.3-70b-versatile' }).body).not.toHaveProperty('reasoning_format');
  });

  test.each([
    ['xai', 'grok-4', { effort: 'low' }, 'reasoning.effort: grok-4 does not accept it'],
    ['xai', 'grok-4-fast-non-reasoning', { effort: 'low' }, 'reasoning.effort: grok-4-fast-non-reasoning does not accept it'],
    ['groq', 'llama-3.3-70b-versatile', { effort: 'low' }, 'reasoning.effort: llama-3.3-70b-versatile does not accept it'],
    ['groq', 'openai/gpt-oss-20b', { effort: 'none' }, 'reasoning.effort: openai/gpt-oss-20b always reasons'],
    [
      'mistral',
      'magistral-medium-latest',
      { effort: 'max' },
      'reasoning.effort max: Mistral accepts up to xhigh; orx sent xhigh',
    ],
    ['groq', 'openai/gpt-oss-20b', { effort: 'xhigh' }, 'reasoning.effort xhigh: Groq accepts up to high; orx sent high'],
    ['openai', 'gpt-5', { maxTokens: 500 }, 'reasoning.max_tokens: OpenAI has no such parameter'],
    ['deepseek', 'deepseek-chat', { exclude: true }, 'reasoning.exclude: DeepSeek has no such parameter'],
  ])('%s %s cannot do %o', (name, model, reasoning, line) => {
    expect(encodeFor(name, { model, reasoning }).dropped).toEqual([line]);
  });

  test('reasoning models of xAI reject penalties and stop sequences', () => {
    const asked = { presencePenalty: 1, frequencyPenalty: 1, stop: ['x'], temperature: 1 };
    const { body, dropped } = encodeFor('xai', { ...asked, model: 'grok-4.3' });
    expect(body).toHaveProperty('temperature', 1);
    expect(dropped).toHaveLength(3);
    expect(encodeFor('xai', { ...asked, model: 'grok-4-fast-non-reasoning' }).dropped).toEqual([]);
  });
});

const LOOK: FunctionTool = { type: 'function', name: 'look', description: 'looks', parameters: { type: 'object' }, strict: true };
const WAIT: FunctionTool = { type: 'function', name: 'wait' };

describe('tools', () => {
  const look = {
    type: 'function',
    function: { name: 'look', description: 'looks', parameters: { type: 'object' }, strict: true },
  };
  const wait = { type: 'function', function: { name: 'wait' } };

  test("in OpenAI's format", () => {
    const { body } = encodeFor('openai', { tools: [LOOK, WAIT], toolChoice: { name: 'wait' }, parallelToolCalls: false });
    expect(body).toMatchObject({
      tools: [look, wait],
      tool_choice: { type: 'function', function: { name: 'wait' } },
      parallel_tool_calls: false,
    });
    expect(encodeFor('openai', { tools: [LOOK], toolChoice: 'required' }).body.tool_choice).toBe('required');
  });

  test('Mistral has another name for a required call, and is offered only the named tool', () => {
    expect(encodeFor('mistral', { tools: [LOOK, WAIT], toolChoice: 'required' }).body).toMatchObject({
      tools: [look, wait],
      tool_choice: 'any',
    });
    expect(encodeFor('mistral', { tools: [LOOK, WAIT], toolChoice: { name: 'wait' } }).body).toMatchObject({
      tools: [wait],
      tool_choice: 'any',
    });
    expect(encodeFor('mistral', { tools: [LOOK], toolChoice: 'auto' }).body.tool_choice).toBe('auto');
  });

  test('without tools there is no tool choice', () => {
    const { body, dropped } = encodeFor('openai', { toolChoice: 'none', parallelToolCalls: true, tools: [] });
    expect(Object.keys(body)).toEqual(['model', 'messages', 'stream', 'stream_options']);
    expect(dropped).toEqual([]);
  });
});

describe('structured output', () => {
  const format = { type: 'json_schema', name: 'point', schema: { type: 'object' }, strict: true } as const;

  test("in OpenAI's format", () => {
    expect(encodeFor('openai', { responseFormat: format }).body.response_format).toEqual({
      type: 'json_schema',
      json_schema: { name: 'point', strict: true, schema: { type: 'object' } },
    });
    expect(encodeFor('xai', { responseFormat: { type: 'json_object' } }).body.response_format).toEqual({ type: 'json_object' });
  });

  test('DeepSeek gets the schema in the prompt, and the user is told that it is not enforced', () => {
    const { body, dropped } = encodeFor('deepseek', {
      responseFormat: format,
      messages: [{ role: 'system', content: 'be brief' }, HI],
    });
    expect(body.response_format).toEqual({ type: 'json_object' });
    expect(body.messages[0].content).toMatch(/^be brief\n\nAnswer with one JSON object.*\{"type":"object"\}$/s);
    expect(dropped[0]).toMatch(/^response_format: DeepSeek does not enforce a JSON Schema/);
    expect(encodeFor('deepseek', { responseFormat: format }).body.messages).toHaveLength(2);
  });
});
