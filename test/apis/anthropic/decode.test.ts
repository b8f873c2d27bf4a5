import { decodeWith } from '../../support/decode-with.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anthropic } from '../../../src/apis/anthropic/dialect.ts';
import type { CompletionEvent } from '../../../src/apis/completion.ts';
import type { DecodeOptions } from '../../../src/apis/dialect.ts';
import { findVendor } from '../../../src/apis/vendors.ts';
import { EMPTY_ANSWER, reduceAnswer } from '../../../src/core/answer/answer.ts';
import { sseBatches } from '../../../src/http/sse.ts';
import { anyCuts, asPieces, cutAt } from '../../support/byte-pieces.ts';

const vendor = findVendor('anthropic')!;

type Wire = Record<string, unknown>;

async function decode(
  events: readonly (Wire | string)[],
  options: DecodeOptions = {},
  cuts: readonly number[] = [],
): Promise<{ events: CompletionEvent[]; error?: unknown }> {
  const text = events.map((event) => (typeof event === 'string' ? event : `data: ${JSON.stringify(event)}\n\n`)).join('');
  const told: CompletionEvent[] = [];
  try {
    const batches = sseBatches(asPieces(cutAt(new TextEncoder().encode(text), cuts)));
    for await (const event of decodeWith(anthropic, batches, options, vendor)) told.push(event);
    return { events: told };
  } catch (error) {
    return { events: told, error };
  }
}
const answerOf = (events: readonly CompletionEvent[]) => events.reduce(reduceAnswer, EMPTY_ANSWER);

const start = (message: Wire = {}): Wire => ({
  type: 'message_start',
  message: {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-x',
    content: [],
    usage: { input_tokens: 3, output_tokens: 1 },
    ...message,
  },
});
const block = (index: number, content: Wire, ...deltas: Wire[]): Wire[] => [
  { type: 'content_block_start', index, content_block: content },
  ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
  { type: 'content_block_stop', index },
];
const text = (said: string, index = 0): Wire[] => block(index, { type: 'text', text: '' }, { type: 'text_delta', text: said });
const end = (reason: string, usage: Wire = { output_tokens: 9 }): Wire[] => [
  { type: 'message_delta', delta: { stop_reason: reason, stop_sequence: null }, usage },
  { type: 'message_stop' },
];
const input = (json: string): Wire => ({ type: 'input_json_delta', partial_json: json });

describe('an answer', () => {
  test('of every block type, in any pieces', async () => {
    const events = [
      start(),
      { type: 'ping' },
      ...block(
        0,
        { type: 'thinking', thinking: '' },
        { type: 'thinking_delta', thinking: 'hm' },
        { type: 'signature_delta', signature: 's0' },
      ),
      ...block(1, { type: 'redacted_thinking', data: 'secret' }),
      ...block(2, { type: 'thinking', thinking: '', signature: '' }, { type: 'signature_delta', signature: 's2' }),
      ...text('🌍 says hi', 3),
      ...block(4, { type: 'tool_use', id: 'toolu_1', name: 'a', input: {} }, input(''), input('{"n":'), input('1}')),
      ...block(5, { type: 'tool_use', id: 'toolu_2', name: 'b', input: {} }),
      ...block(6, { type: 'tool_use', id: 'toolu_3', name: 'c', input: { id: 12 } }),
      { type: 'news', index: 0, delta: { type: 'text_delta', text: 'no' } },
      ...end('tool_use'),
    ];
    await fc.assert(
      fc.asyncProperty(anyCuts, async (cuts) => {
        const { events: told, error } = await decode(events, {}, cuts);
        expect(error).toBeUndefined();
        const answer = answerOf(told);
        expect(answer).toMatchObject({
          id: 'msg_1',
          model: 'claude-x',
          text: '🌍 says hi',
          reasoning: 'hm',
          finishReason: 'tool_calls',
          nativeFinishReason: 'tool_use',
          toolCalls: [
            { id: 'toolu_1', name: 'a', arguments: '{"n":1}' },
            { id: 'toolu_2', name: 'b', arguments: '{}' },
            { id: 'toolu_3', name: 'c', arguments: '{"id":12}' },
          ],
        });
        expect(answer.reasoningParts).toEqual([
          { kind: 'text', text: 'hm', signature: 's0', format: 'anthropic-claude-v1', index: 0 },
          { kind: 'encrypted', encrypted: 'secret', format: 'anthropic-claude-v1', index: 1 },
          { kind: 'text', signature: 's2', format: 'anthropic-claude-v1', index: 2 },
        ]);
        expect(told.filter(({ type }) => type === 'response-start' || type === 'usage' || type === 'response-end')).toHaveLength(
          3,
        );
      }),
      { numRuns: 25 },
    );
  });

  test('that is not streamed, with numbers that a double cannot hold', async () => {
    const whole = `{"type":"message","id":"msg_2","model":"claude-x","content":[{"type":"thinking","thinking":"hm","signature":"s"},{"type":"text","text":"hi"},{"type":"tool_use","id":"t","name":"a","input":{"id":9007199254740993}}],"stop_reason":"tool_use","usage":{"input_tokens":1,"output_tokens":2}}`;
    const { events, error } = await decode([`data: ${whole}\n\n`]);
    expect(error).toBeUndefined();
    expect(answerOf(events)).toMatchObject({
      text: 'hi',
      reasoning: 'hm',
      toolCalls: [{ id: 't', name: 'a', arguments: '{"id":9007199254740993}' }],
      finishReason: 'tool_calls',
      usage: { promptTokens: 1, completionTokens: 2, totalTokens: 3 },
    });
  });

  test('that cites pages and documents', async () => {
    const page = {
      type: 'web_search_result_location',
      url: 'https://a.example/',
      title: 'A',
      cited_text: 'x',
      encrypted_index: 'e',
    };
    const place = {
      type: 'char_location',
      cited_text: 'y',
      document_index: 0,
      document_title: 'd',
      start_char_index: 0,
      end_char_index: 1,
    };
    const source = { type: 'search_result_location', source: 'javascript:alert(1)', title: null };
    const citation = (one: Wire): Wire => ({ type: 'citations_delta', citation: one });
    const { events } = await decode([
      start(),
      ...block(0, { type: 'server_tool_use', id: 's', name: 'web_search', input: {} }, input('{"query":"x"}')),
      ...block(1, {
        type: 'web_search_tool_result',
        tool_use_id: 's',
        content: [{ type: 'web_search_result', url: 'https://b.example/' }],
      }),
      ...block(
        2,
        { type: 'text', text: '', citations: [] },
        { type: 'text_delta', text: 'so' },
        citation(page),
        citation(place),
        citation(source),
      ),
      ...end('end_turn'),
    ]);
    const answer = answerOf(events);
    expect([answer.text, answer.toolCalls]).toEqual(['so', []]);
    expect(answer.annotations).toEqual([
      { kind: 'citation', url: 'https://a.example/', title: 'A', apiData: { anthropic: page } },
      { kind: 'other', apiData: { anthropic: place } },
      { kind: 'other', apiData: { anthropic: source } },
    ]);
  });

  test('that is the input of the tool json, unless a tool of that name is offered', async () => {
    const events = [
      start(),
      ...block(0, { type: 'tool_use', id: 't', name: 'json', input: {} }, input('{"a":'), input('1}')),
      ...end('tool_use'),
    ];
    expect(answerOf((await decode(events, { toolNames: ['look'] })).events)).toMatchObject({
      text: '{"a":1}',
      toolCalls: [],
      finishReason: 'stop',
      nativeFinishReason: 'tool_use',
    });
    expect(answerOf((await decode(events, { toolNames: ['json'] })).events)).toMatchObject({
      text: '',
      toolCalls: [{ name: 'json', arguments: '{"a":1}' }],
      finishReason: 'tool_calls',
    });
  });

  test.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['pause_turn', 'stop'],
    ['compaction', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['refusal', 'content_filter'],
  ])('that ends with %s', async (native, reason) => {
    const { events } = await decode([start(), ...text('a'), ...end(native)]);
    expect(events.at(-1)).toEqual({ type: 'response-end', finishReason: reason, nativeFinishReason: native });
  });

  test('names the model that answers if another one falls back to it', async () => {
    const fallback = { type: 'fallback', from: { model: 'claude-x' }, to: { model: 'claude-y' } };
    const { events } = await decode([start(), { type: 'ping' }, ...block(0, fallback), ...text('hi', 1), ...end('end_turn')]);
    expect(events.filter(({ type }) => type === 'response-start')).toEqual([
      { type: 'response-start', id: 'msg_1', model: 'claude-y' },
    ]);
    expect(events.slice(0, 2).map(({ type }) => type)).toEqual(['heartbeat', 'response-start']);
  });

  test('whose start event comes twice is the same answer; a different start is a failure', async () => {
    const twice = await decode([start(), start(), ...text('hi'), ...end('end_turn')]);
    expect([answerOf(twice.events).text, twice.error]).toEqual(['hi', undefined]);
    const { error } = await decode([start(), ...text('hi'), start({ id: 'msg_2' }), ...text('ho'), ...end('end_turn')]);
    expect(error).toMatchObject({ kind: 'provider', code: 'mixed-answers', requestId: 'msg_1' });
  });
});

describe('a failure', () => {
  const overloaded = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' }, request_id: 'req_1' };

  test('before any output is transient', async () => {
    const { events, error } = await decode([start(), { type: 'ping' }, overloaded]);
    expect(events.map(({ type }) => type)).toEqual(['heartbeat', 'response-start']);
    expect(error).toMatchObject({
      message: 'Anthropic: Overloaded',
      kind: 'provider',
      code: 'overloaded_error',
      status: 529,
      isRetryable: true,
      requestId: 'req_1',
    });
  });

  test.each(['invalid_request_error', 'not_found_error', 'api_error'])(
    'after output has begun breaks the answer: %s',
    async (type) => {
      const { events, error } = await decode([start(), ...text('so far'), { ...overloaded, error: { type, message: 'no' } }]);
      expect(answerOf(events)).toMatchObject({ text: 'so far' });
      expect(error).toMatchObject({ kind: 'provider', code: type });
    },
  );

  test('that is a refusal has its own kind', async () => {
    const { error } = await decode([{ type: 'error', error: { type: 'authentication_error', message: 'invalid x-api-key' } }]);
    expect(error).toMatchObject({ kind: 'authentication', status: 401, isRetryable: false });
  });

  test.each([
    ['nothing', []],
    ['the start alone', [start()]],
    ['half a text', [start(), ...text('half').slice(0, 2)]],
    ['a reason without an end', [start(), ...text('all'), ...end('end_turn').slice(0, 1)]],
  ])('is a stream that ends with %s', async (_name, events) => {
    const decoded = await decode(events);
    expect(decoded.error).toMatchObject({ kind: 'network', code: 'stream-cut', isRetryable: true });
    expect(decoded.events.some(({ type }) => type === 'response-end')).toBe(false);
  });

  test('is an end without a message', async () => {
    expect((await decode([{ type: 'message_stop' }])).error).toMatchObject({ kind: 'provider', code: 'empty-reply' });
  });

  test('reports the usage only if the answer was counted', async () => {
    const usageOf = async (events: readonly Wire[]): Promise<unknown> => answerOf((await decode(events)).events).usage;
    expect(await usageOf([start(), ...text('half'), overloaded])).toBeUndefined();
    expect(await usageOf([start(), ...text('all'), ...end('end_turn').slice(0, 1), overloaded])).toMatchObject({
      promptTokens: 3,
      completionTokens: 9,
    });
  });
});

describe('usage', () => {
  const count = fc.nat({ max: 1_000_000 });
  const counts = fc.record({
    input_tokens: count,
    output_tokens: count,
    cache_creation_input_tokens: fc.option(count),
    cache_read_input_tokens: fc.option(count),
  });
  const sumOf = (...values: (number | null | undefined)[]): number => values.reduce<number>((sum, one) => sum + (one ?? 0), 0);

  test("its parts add up to Anthropic's counts", async () => {
    const hour = fc.nat({ max: 2_000_000 });
    await fc.assert(
      fc.asyncProperty(counts, counts, fc.option(count), fc.tuple(hour, hour), async (first, last, thinking, [short, long]) => {
        const breakdown = { ephemeral_5m_input_tokens: short, ephemeral_1h_input_tokens: long };
        const usage = { ...last, output_tokens_details: thinking === null ? null : { thinking_tokens: thinking } };
        const { events } = await decode([
          start({ usage: { ...first, cache_creation: breakdown } }),
          ...text('a'),
          ...end('end_turn', usage),
        ]);
        const told = answerOf(events).usage!;
        // Null carries no information: the value of the first event stays.
        const written = last.cache_creation_input_tokens ?? first.cache_creation_input_tokens;
        const read = last.cache_read_input_tokens ?? first.cache_read_input_tokens;
        expect(told.promptTokens).toBe(sumOf(last.input_tokens, written, read));
        expect(told.completionTokens).toBe(last.output_tokens);
        expect(told.totalTokens).toBe(told.promptTokens + told.completionTokens);
        expect([told.cachedTokens, told.cacheWriteTokens]).toEqual([read ?? undefined, written ?? undefined]);
        const uncached = told.promptTokens - sumOf(told.cachedTokens) - sumOf(told.cacheWriteTokens);
        expect(uncached).toBe(last.input_tokens);
        expect(sumOf(told.cacheWrite1hTokens)).toBeLessThanOrEqual(sumOf(told.cacheWriteTokens));
        expect(told.completionTokens - sumOf(told.reasoningTokens)).toBeGreaterThanOrEqual(0);
        expect(told.cost).toBeUndefined();
      }),
      { numRuns: 150 },
    );
  });

  test('of iterations: those of the model, not those of its advisor, and the totals if a fallback answered', async () => {
    const kind = fc.constantFrom('message', 'compaction', 'advisor_message', 'fallback_message');
    const iteration = fc.tuple(kind, counts).map(([type, one]) => ({ type, ...one }));
    await fc.assert(
      fc.asyncProperty(counts, fc.array(iteration, { maxLength: 6 }), async (totals, iterations) => {
        const { events } = await decode([start(), ...text('a'), ...end('end_turn', { ...totals, iterations })]);
        const own = iterations.filter(({ type }) => type === 'message' || type === 'compaction');
        const isTotal = own.length === 0 || iterations.some(({ type }) => type === 'fallback_message');
        const counted = isTotal ? [totals] : own;
        const told = answerOf(events).usage!;
        const hasCaches = counted.some((one) => (one.cache_read_input_tokens ?? one.cache_creation_input_tokens) !== null);
        const caches = hasCaches ? counted : [totals];
        expect(told.completionTokens).toBe(sumOf(...counted.map((one) => one.output_tokens)));
        expect(told.promptTokens).toBe(
          sumOf(
            ...counted.map((one) => one.input_tokens),
            ...caches.flatMap((one) => [one.cache_read_input_tokens, one.cache_creation_input_tokens]),
          ),
        );
      }),
      { numRuns: 150 },
    );
  });

  test.each([
    [{ cache_creation_input_tokens: 100 }, { ephemeral_5m_input_tokens: 60, ephemeral_1h_input_tokens: 40 }, 40],
    [{ cache_creation_input_tokens: 100 }, { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 70 }, 100],
    [{ cache_creation_input_tokens: 100 }, { ephemeral_5m_input_tokens: 70, ephemeral_1h_input_tokens: 0 }, 0],
    [{ cache_creation_input_tokens: 100 }, undefined, undefined],
    [{}, { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 }, undefined],
  ])('%j with %j: %s cached for an hour', async (usage, breakdown, hour) => {
    const { events } = await decode([
      start({ usage: { input_tokens: 1, output_tokens: 1, cache_creation: breakdown } }),
      ...end('end_turn', usage),
    ]);
    expect(answerOf(events).usage?.cacheWrite1hTokens).toBe(hour);
  });
});

describe('the list of models', () => {
  const { decode: decodeModels, path } = anthropic.models;

  test("with the vendor's facts about each", () => {
    expect(path).toBe('/models?limit=1000');
    const supported = { supported: true };
    const data = [
      {
        type: 'model',
        id: 'claude-x',
        display_name: 'Claude X',
        created_at: '2026-02-05T00:00:00Z',
        max_input_tokens: 1_000_000,
        max_tokens: 128_000,
        capabilities: {
          image_input: supported,
          pdf_input: supported,
          structured_outputs: supported,
          thinking: supported,
          effort: { supported: false },
        },
      },
      { type: 'model', id: 'claude-y', display_name: 'Claude Y', created_at: '1970-01-01T00:00:00Z', capabilities: null },
      { type: 'model' },
      null,
    ];
    expect(decodeModels(JSON.stringify({ data, has_more: false }))).toEqual([
      {
        id: 'claude-x',
        name: 'Claude X',
        created: 1_770_249_600,
        contextLength: 1_000_000,
        maxCompletionTokens: 128_000,
        inputModalities: ['text', 'image', 'file'],
        outputModalities: ['text'],
        supportedParameters: [
          'max_tokens',
          'stop',
          'tools',
          'tool_choice',
          'reasoning',
          'include_reasoning',
          'structured_outputs',
          'response_format',
        ],
      },
      { id: 'claude-y', name: 'Claude Y' },
    ]);
  });

  test.each(['<html>', '{}', '[]', '{"data":{}}'])('%s is not a model list', (body) => {
    expect(() => decodeModels(body)).toThrow(expect.objectContaining({ name: 'OrxError' }));
  });
});
