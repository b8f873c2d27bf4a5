import { ollama } from '../../../src/apis/ollama/ollama.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChatRequest, CompletionEvent } from '../../../src/apis/completion.ts';
import { decodeOllamaModels } from '../../../src/apis/ollama/decode-models.ts';
import { decodeWith } from '../../support/decode-with.ts';
import { findVendor } from '../../../src/apis/vendors.ts';
import { EMPTY_ANSWER, reduceAnswer } from '../../../src/core/answer/answer.ts';
import { measure } from '../../../src/core/pipeline/measure.ts';
import { ndjsonBatches } from '../../../src/http/ndjson.ts';
import { anyCuts, asPieces, cutAt } from '../../support/byte-pieces.ts';
import { type OllamaAnswer, ollamaServer, type OllamaServerOptions } from '../../support/ollama-server.ts';
import { ollamaExpected } from '../../support/vendor-oracles/ollama.ts';
import { answerOf, openVendorServer } from '../../support/vendor-server.ts';

const OLLAMA = findVendor('ollama')!;
const REQUEST: ChatRequest = { model: 'llama3.2:3b', messages: [{ role: 'user', content: 'hi' }], stream: true };

const open = (answer: OllamaAnswer, options: Partial<OllamaServerOptions> = {}) =>
  openVendorServer('ollama', ollamaServer({ models: [{ name: 'llama3.2:3b' }], answer: () => answer, ...options }), {
    path: '/api',
  });

async function decode(lines: readonly object[] | string, cuts: readonly number[] = []) {
  const body = typeof lines === 'string' ? lines : lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  const events: CompletionEvent[] = [];
  try {
    const bytes = cutAt(new TextEncoder().encode(body), cuts);
    for await (const event of decodeWith(ollama, ndjsonBatches(asPieces(bytes)), { requestId: 'r1' }, OLLAMA)) events.push(event);
    return { body, events, answer: events.reduce(reduceAnswer, EMPTY_ANSWER), error: undefined };
  } catch (error) {
    return { body, events, answer: events.reduce(reduceAnswer, EMPTY_ANSWER), error: error as any };
  }
}

const said = (content: string) => ({
  model: 'm',
  created_at: '2026-01-01T00:00:00Z',
  message: { role: 'assistant', content },
  done: false,
});
const DONE = { model: 'm', created_at: '2026-01-01T00:00:01Z', message: { role: 'assistant', content: '' }, done: true };

describe('an answer of the server', () => {
  test('has reasoning, text, calls with ids, counts and the load time', async () => {
    const { api, server } = await open({
      thinking: 'Let me 😀 think.',
      text: 'It is — fine.',
      calls: [
        { name: 'weather', arguments: { city: 'Köln' } },
        { name: 'weather', arguments: { city: 'Berlin' }, id: 'call_x7rn5sl5' },
      ],
    });
    const answer = await answerOf(api.streamCompletion(REQUEST));
    expect(answer).toMatchObject({
      model: 'ollama:llama3.2:3b',
      provider: 'Ollama',
      text: 'It is — fine.',
      reasoning: 'Let me 😀 think.',
      reasoningParts: [{ kind: 'text', text: 'Let me 😀 think.', format: 'ollama-chat-v1' }],
      finishReason: 'tool_calls',
      nativeFinishReason: 'stop',
      usage: {
        promptTokens: 26,
        completionTokens: 282,
        totalTokens: 308,
        loadMs: 2101.334875,
        wire: { prompt_tokens: 26, completion_tokens: 282, native_usage: { load_duration: 2_101_334_875 } },
      },
    });
    expect(answer.usage).not.toHaveProperty('cost');
    expect(answer.id).toMatch(/^ollama-/);
    expect(answer.toolCalls).toEqual([
      { id: expect.stringMatching(/^call_[0-9a-f]{8}$/), name: 'weather', arguments: '{"city":"Köln"}' },
      { id: 'call_x7rn5sl5', name: 'weather', arguments: '{"city":"Berlin"}' },
    ]);
    expect(server.requests[0]).toMatchObject({ method: 'POST', url: '/api/chat' });
    expect(server.requests[0]!.headers).not.toHaveProperty('authorization');
  });

  test('without streaming arrives as a whole', async () => {
    const { api } = await open({ text: 'several pieces of text' });
    const types: string[] = [];
    for await (const event of api.streamCompletion({ ...REQUEST, stream: false })) types.push(event.type);
    expect(types.filter((type) => type === 'text-delta').length).toBeGreaterThan(1);
    expect(types.at(-1)).toBe('response-end');
  });

  test('needs a key at a cloud server', async () => {
    const { api, server } = await openVendorServer(
      'ollama',
      ollamaServer({ models: [{ name: 'llama3.2:3b' }], answer: () => ({ text: 'hi' }) }),
      { path: '/api', apiKey: 'ollama-key-1' },
    );
    await answerOf(api.streamCompletion(REQUEST));
    expect(server.requests[0]!.headers.authorization).toBe('Bearer ollama-key-1');
  });

  test('does not count load time as time to the first token', async () => {
    const { api } = await open({ text: 'one two three' });
    let now = 0;
    // The model loads for 2,101 ms, and the first token arrives 399 ms later.
    const clock = (): number => (now === 0 ? (now = 1) - 1 : 2500.334875);
    const answer = await answerOf(measure(api.streamCompletion, clock)(REQUEST));
    expect(answer.metrics?.loadMs).toBeCloseTo(2101.33, 1);
    expect(answer.metrics?.timeToFirstTokenMs).toBeCloseTo(399, 0);
    expect(answer.metrics?.durationMs).toBeCloseTo(2500.33, 1);
  });

  test('fails if the prompt exceeds every context, instead of being truncated silently', async () => {
    const { api, server } = await open({ text: 'hi' }, { models: [{ name: 'llama3.2:3b', context: 8192 }] });
    const ask = (words: number) =>
      answerOf(api.streamCompletion({ ...REQUEST, messages: [{ role: 'user', content: 'word '.repeat(words) }] }));
    await expect(ask(6000)).resolves.toMatchObject({ text: 'hi' });
    expect(server.requests[0]!.json().options.num_ctx).toBe(16_384);
    await expect(ask(60_000)).rejects.toMatchObject({
      kind: 'usage',
      status: 400,
      hints: [expect.stringMatching(/shorten the prompt/)],
    });
  });

  test.each([
    ['an unknown model', { model: 'nope' }, { kind: 'no-endpoint', status: 404, message: "Ollama: model 'nope' not found" }],
    ['reasoning of a model that has none', { reasoning: { effort: 'high' } }, { kind: 'usage', status: 400 }],
    [
      'tools of a model that takes none',
      { tools: [{ type: 'function', name: 'f' }] },
      { kind: 'usage', message: /not support tools/ },
    ],
  ] as const)('fails for %s', async (_name, change, expected) => {
    const { api } = await open({ text: 'hi' }, { models: [{ name: 'llama3.2:3b', capabilities: [] }] });
    const { message, ...facts } = { message: /./, ...expected };
    const error = await answerOf(api.streamCompletion({ ...REQUEST, ...change })).catch((failure: unknown) => failure);
    expect(error).toMatchObject(facts);
    expect((error as Error).message).toMatch(message);
  });

  test('ends with an error mid-stream', async () => {
    const { api } = await open({ text: 'so far', error: 'an error was encountered while running the model: CUDA error' });
    const events: CompletionEvent[] = [];
    const run = async (): Promise<void> => {
      for await (const event of api.streamCompletion(REQUEST)) events.push(event);
    };
    await expect(run()).rejects.toMatchObject({
      kind: 'provider',
      message: 'Ollama: an error was encountered while running the model: CUDA error',
      isRetryable: false,
    });
    expect(events.reduce(reduceAnswer, EMPTY_ANSWER).text).toBe('so far');
  });

  test('that is cut is not an answer', async () => {
    const { api } = await open({ text: 'so far', isCut: true });
    await expect(answerOf(api.streamCompletion(REQUEST))).rejects.toMatchObject({ kind: 'network', code: 'stream-cut' });
  });

  test('of a wrong base URL is distinguished from an answer', async () => {
    const { api } = await openVendorServer('ollama', ollamaServer({ models: [], answer: () => ({}) }), { path: '/v1' });
    await expect(answerOf(api.streamCompletion(REQUEST))).rejects.toMatchObject({ kind: 'network', code: 'not-the-api' });
  });
});

describe('the lines', () => {
  test.each([
    ['stop', [], 'stop'],
    ['length', [], 'length'],
    ['load', [], 'stop'],
    [undefined, [], 'stop'],
    ['stop', [{ function: { name: 'f', arguments: {} } }], 'tool_calls'],
    ['length', [{ function: { name: 'f', arguments: {} } }], 'length'],
  ])('done_reason %s with the calls %j is %s', async (reason, calls, finishReason) => {
    const { events, error } = await decode([
      { ...said(''), message: { role: 'assistant', content: '', tool_calls: calls } },
      { ...DONE, done_reason: reason },
    ]);
    expect(error).toBeUndefined();
    expect(events.at(-1)).toEqual({ type: 'response-end', finishReason, nativeFinishReason: reason });
  });

  test('may omit the count of a cached prompt, or all counts', async () => {
    const cached = await decode([said('x'), { ...DONE, eval_count: 5 }]);
    expect(cached.answer.usage).toMatchObject({ promptTokens: 0, completionTokens: 5, totalTokens: 5 });
    const part = await decode([said('x'), { ...DONE, prompt_eval_count: 10, prompt_eval_cached_count: 8, eval_count: 5 }]);
    expect(part.answer.usage).toMatchObject({ promptTokens: 10, cachedTokens: 8 });
    expect((await decode([said('x'), DONE])).answer.usage).toBeUndefined();
  });

  test('keep numbers in arguments that a double cannot hold', async () => {
    const line = `{"model":"m","message":{"content":"","tool_calls":[{"function":{"name":"f","arguments":{"id":12345678901234567890}}}]},"done":false}\n`;
    const { answer } = await decode(`${line}${JSON.stringify(DONE)}\n`);
    expect(answer.toolCalls[0]!.arguments).toBe('{"id":12345678901234567890}');
  });

  test('of unknown kinds are not part of the answer; invalid JSON breaks it', async () => {
    expect(await decode([{ status: 'pulling' }, said('x'), DONE])).toMatchObject({ answer: { text: 'x' }, error: undefined });
    expect((await decode(`${JSON.stringify(said('x'))}\nnonsense\n`)).error).toMatchObject({ code: 'malformed-chunk' });
    expect((await decode(`${JSON.stringify(said('x'))}\n{"model":"m","mess`)).error).toMatchObject({ code: 'stream-cut' });
    expect((await decode('')).error).toMatchObject({ code: 'stream-cut', isRetryable: true });
  });

  test('a last line without a line end, as in a reply that is not streamed, counts', async () => {
    const { answer, error } = await decode(JSON.stringify({ ...DONE, message: { content: 'whole' }, eval_count: 1 }));
    expect([answer.text, error]).toEqual(['whole', undefined]);
  });

  test('mean the same however they are cut, and match an independent reader', async () => {
    const counts = fc.option(fc.nat(1_000_000), { nil: undefined });
    const answers = fc.record({
      texts: fc.array(fc.string({ unit: 'binary' })),
      thoughts: fc.array(fc.string({ unit: 'grapheme' })),
      calls: fc.array(
        fc.record({ name: fc.stringMatching(/^[a-z]{1,9}$/), arguments: fc.dictionary(fc.string(), fc.integer()) }),
      ),
      prompt_eval_count: counts,
      eval_count: counts,
      done_reason: fc.constantFrom('stop', 'length'),
    });
    await fc.assert(
      fc.asyncProperty(answers, anyCuts, async ({ texts, thoughts, calls, ...last }, cuts) => {
        const line = (message: object) => ({ ...said(''), message: { role: 'assistant', content: '', ...message } });
        const { body, answer, error } = await decode(
          [
            ...thoughts.map((thinking) => line({ thinking })),
            ...texts.map((content) => line({ content })),
            ...calls.map((called) => line({ tool_calls: [{ function: called }] })),
            { ...DONE, ...last },
          ],
          cuts,
        );
        const expected = ollamaExpected(body);
        expect(error).toBeUndefined();
        expect([answer.text, answer.reasoning]).toEqual([expected.text, expected.reasoning]);
        expect(answer.toolCalls.map(({ name, arguments: text }) => ({ name, arguments: text }))).toEqual(expected.calls);
        expect(new Set(answer.toolCalls.map(({ id }) => id)).size).toBe(calls.length);
        expect(answer.finishReason).toBe(expected.finishReason);
        const { usage } = answer;
        expect(usage && { prompt: usage.promptTokens, completion: usage.completionTokens, total: usage.totalTokens }).toEqual(
          expected.usage,
        );
      }),
      { numRuns: 200 },
    );
  });
});

describe('the models', () => {
  test('are those of the server', async () => {
    const { api, server } = await open(
      {},
      { models: [{ name: 'llama3.2:3b' }, { name: 'hf.co/unsloth/gpt-oss-20b-GGUF:Q4_K_M' }] },
    );
    expect(await api.listModels()).toEqual([
      { id: 'llama3.2:3b', name: 'llama3.2:3b', description: 'llama, 3.2B, Q4_K_M', created: 1_786_641_105 },
      {
        id: 'hf.co/unsloth/gpt-oss-20b-GGUF:Q4_K_M',
        name: 'hf.co/unsloth/gpt-oss-20b-GGUF:Q4_K_M',
        description: 'llama, 3.2B, Q4_K_M',
        created: 1_786_641_105,
      },
    ]);
    expect(server.requests[0]!.url).toBe('/api/tags');
  });

  test('without a name are skipped, and anything but a list is an error', () => {
    expect(decodeOllamaModels('{"models":[{"name":"a"},{},null,7,{"model":"b","details":null}]}').map(({ id }) => id)).toEqual([
      'a',
      'b',
    ]);
    expect(() => decodeOllamaModels('{"data":[]}')).toThrow(/no list of models/);
    expect(() => decodeOllamaModels('Ollama is running')).toThrow(/incomplete JSON/);
  });
});
