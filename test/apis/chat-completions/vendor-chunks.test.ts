import { decodeWith } from '../../support/decode-with.ts';
import { describe, expect, test } from 'vitest';
import { chatCompletions } from '../../../src/apis/chat-completions/dialect.ts';
import { type CompletionEvent, isVisible } from '../../../src/apis/completion.ts';
import { findVendor, type Vendor } from '../../../src/apis/vendors.ts';
import { type Answer, EMPTY_ANSWER, reduceAnswer } from '../../../src/core/answer/answer.ts';
import { OrxError } from '../../../src/errors.ts';
import { PLAIN_HOST } from '../../support/plain-host.ts';

interface Read {
  events: CompletionEvent[];
  answer: Answer;
  error?: OrxError;
}

/** Reads chunks given as objects or as the text of their data. */
async function read(chunks: readonly unknown[], vendor: string | Vendor = PLAIN_HOST): Promise<Read> {
  const items = chunks.map((data) => ({ type: 'data', data: typeof data === 'string' ? data : JSON.stringify(data) }) as const);
  const batches = (async function* () {
    for (const item of items) yield [item];
  })();
  const events: CompletionEvent[] = [];
  const done = (error?: OrxError): Read => ({
    events,
    answer: events.reduce(reduceAnswer, EMPTY_ANSWER),
    ...(error && { error }),
  });
  try {
    const row = typeof vendor === 'string' ? findVendor(vendor)! : vendor;
    for await (const event of decodeWith(chatCompletions, batches, { requestId: 'req-1' }, row)) events.push(event);
    return done();
  } catch (error) {
    if (!(error instanceof OrxError)) throw error;
    return done(error);
  }
}

const ID = { id: 'c1', model: 'm1', created: 5 };
const piece = (delta: unknown, choice: object = {}, wire: object = {}): unknown => ({
  ...ID,
  choices: [{ index: 0, delta, ...choice }],
  ...wire,
});
const STOP = piece({}, { finish_reason: 'stop' });
const COUNTS = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };

describe('reasoning', () => {
  test.each(['reasoning', 'reasoning_content'])('is read from %s', async (field) => {
    const { events, answer } = await read([piece({ [field]: 'we' }), piece({ [field]: ' see' }), piece({ content: 'so' }), STOP]);
    expect(answer).toMatchObject({ reasoning: 'we see', text: 'so', reasoningParts: [] });
    expect(events.map(({ type }) => type)).toEqual([
      'response-start',
      'reasoning-delta',
      'reasoning-delta',
      'text-delta',
      'response-end',
    ]);
  });

  test.each(['deepseek', 'groq', 'vllm'])('of %s comes as one part that is sent back', async (vendor) => {
    const { answer } = await read(
      [piece({ reasoning_content: 'we' }), piece({ reasoning_content: ' see' }), piece({ content: 'so' }), STOP],
      vendor,
    );
    expect(answer.reasoning).toBe('we see');
    expect(answer.reasoningParts).toEqual([{ kind: 'text', text: 'we see', format: vendor, index: 0 }]);
  });

  test('of Mistral is in the content, with its signature', async () => {
    const thinking = (text: string, more: object = {}) => ({
      type: 'thinking',
      thinking: [
        { type: 'text', text },
        { type: 'reference', reference_ids: [1] },
      ],
      ...more,
    });
    const chunks = [
      piece({ role: 'assistant', content: [thinking('two')] }),
      piece({ content: [thinking(' and two', { signature: 'sig', closed: true })] }),
      piece({ content: [{ type: 'text', text: 'fo' }] }),
      piece({ content: 'ur' }),
      piece({ content: [thinking('sure?')] }),
      piece({ content: [{ type: 'text', text: '!' }] }),
      piece({ content: '' }, { finish_reason: 'stop' }),
    ];
    const { answer } = await read(chunks, 'mistral');
    expect(answer).toMatchObject({ text: 'four!', reasoning: 'two and twosure?' });
    expect(answer.reasoningParts).toEqual([
      { kind: 'text', text: 'two and two', signature: 'sig', format: 'mistral', index: 0 },
      { kind: 'text', text: 'sure?', format: 'mistral', index: 1 },
    ]);
    const message = { role: 'assistant', content: [thinking('two'), { type: 'text', text: '4' }] };
    const whole = await read([{ ...ID, choices: [{ message, finish_reason: 'stop' }] }], 'mistral');
    expect(whole.answer).toMatchObject({ text: '4', reasoning: 'two', finishReason: 'stop' });
  });
});

describe('calls', () => {
  test('without index and id are distinguished by their names', async () => {
    const call = (name: string | undefined, given: string) =>
      piece({ tool_calls: [{ function: { ...(name && { name }), arguments: given } }] });
    const { answer } = await read([
      call('look', '{"a"'),
      call(undefined, ':1}'),
      call('wait', '{}'),
      piece({}, { finish_reason: 'tool_calls' }),
    ]);
    expect(answer.toolCalls).toEqual([
      { id: 'call_0', name: 'look', arguments: '{"a":1}' },
      { id: 'call_1', name: 'wait', arguments: '{}' },
    ]);
  });

  test('that were required end as calls, whatever the host reports', async () => {
    const { answer } = await read([
      piece({ tool_calls: [{ index: 0, id: 'a', function: { name: 'look', arguments: '{}' } }] }),
      STOP,
    ]);
    expect(answer).toMatchObject({ finishReason: 'tool_calls', nativeFinishReason: 'stop' });
  });

  test('keep the numbers in arguments that are an object', async () => {
    const data =
      '{"id":"c","choices":[{"delta":{"tool_calls":[{"index":0,"function":{"name":"f","arguments":{"n":12345678901234567890}}}]}}]}';
    const { answer } = await read([data, STOP]);
    expect(answer.toolCalls[0]?.arguments).toBe('{"n":12345678901234567890}');
  });
});

describe('the end', () => {
  test.each([
    ['stop', 'stop'],
    ['eos', 'stop'],
    ['length', 'length'],
    ['model_length', 'length'],
    ['max_tokens', 'length'],
    ['function_call', 'tool_calls'],
    ['tool_calls', 'tool_calls'],
    ['content_filter', 'content_filter'],
    ['sensitive', 'content_filter'],
    ['repetition', 'stop'],
    ['constructor', 'stop'],
  ])('%s is %s', async (reason, finishReason) => {
    const { answer } = await read([piece({ content: 'a' }), piece({}, { finish_reason: reason })]);
    expect(answer).toMatchObject({ finishReason, nativeFinishReason: reason });
  });

  test.each(['error', 'abort', 'network_error'])('%s is a failure', async (reason) => {
    const { error } = await read([piece({ content: 'a' }), piece({}, { finish_reason: reason })]);
    expect(error).toMatchObject({ kind: 'provider', message: `the provider stopped the response (${reason})` });
  });

  test('insufficient resources are a transient failure', async () => {
    const { error } = await read([piece({}, { finish_reason: 'insufficient_system_resource' }), '[DONE]'], 'deepseek');
    expect(error).toMatchObject({ kind: 'provider', status: 503, isRetryable: true, provider: 'DeepSeek' });
  });

  test('is marked by [DONE] or a finish reason: without either the stream was cut', async () => {
    expect((await read([piece({ content: 'a' }), '[DONE]'])).error).toBeUndefined();
    const { error, answer } = await read([piece({ content: 'a' }, { finish_reason: '' }), { ...ID, choices: [], usage: COUNTS }]);
    expect(error).toMatchObject({ kind: 'network', code: 'stream-cut' });
    // The cost is known.
    expect(answer).toMatchObject({ text: 'a', usage: { totalTokens: 15 } });
  });

  test('of a refusal is marked as one', async () => {
    const { answer } = await read([piece({ refusal: 'I will' }), piece({ refusal: ' not' }), STOP]);
    expect(answer).toMatchObject({ text: 'I will not', isRefusal: true });
  });
});

describe('usage', () => {
  test.each([
    ['its own field', { usage: COUNTS }],
    ['x_groq', { x_groq: { id: 'r', usage: COUNTS } }],
    ['both', { usage: COUNTS, x_groq: { usage: COUNTS } }],
  ])('is read from %s', async (_name, wire) => {
    expect((await read([piece({ content: 'a' }), piece({}, { finish_reason: 'stop' }, wire)])).answer.usage).toMatchObject({
      totalTokens: 15,
    });
  });

  test('is read from the choice, as Moonshot sends it', async () => {
    expect((await read([piece({ content: 'a' }, { finish_reason: 'stop', usage: COUNTS })])).answer.usage).toMatchObject({
      totalTokens: 15,
    });
  });

  test('of llama.cpp keeps its timings', async () => {
    const timings = { cache_n: 4, prompt_n: 6, predicted_n: 5, predicted_per_second: 80 };
    const { answer } = await read([piece({ content: 'a' }), piece({}, { finish_reason: 'stop' }, { timings })], 'llamacpp');
    expect(answer.usage).toMatchObject({ promptTokens: 10, cachedTokens: 4, completionTokens: 5, wire: { timings } });
  });

  test('comes once, before the end', async () => {
    const { events } = await read([
      piece({ content: 'a' }, {}, { usage: COUNTS }),
      piece({}, { finish_reason: 'stop' }, { usage: COUNTS }),
      '[DONE]',
    ]);
    expect(events.map(({ type }) => type)).toEqual(['response-start', 'text-delta', 'usage', 'response-end']);
  });
});

describe('other fields that hosts send', () => {
  test('an Azure chunk that names no model starts nothing', async () => {
    const filter = { id: '', model: '', created: 0, object: '', choices: [], prompt_filter_results: [{ prompt_index: 0 }] };
    const { events, answer } = await read([filter, piece({ content: 'a' }), STOP]);
    expect(events.filter(({ type }) => type === 'response-start')).toHaveLength(1);
    expect(answer).toMatchObject({ id: 'c1', model: 'm1', text: 'a' });
  });

  test('sources are citations, each one once', async () => {
    const wire = {
      citations: ['https://a.example/1', 'https://b.example/2'],
      search_results: [
        { url: 'https://a.example/1', title: 'One' },
        { url: 'https://c.example/3', title: 'Three' },
        { title: 'none' },
      ],
    };
    const { answer } = await read([
      piece({ content: 'a' }, {}, wire),
      piece({ content: 'b' }, {}, wire),
      piece({}, { finish_reason: 'stop' }, wire),
    ]);
    expect(answer.text).toBe('ab');
    expect(answer.annotations.map((one) => (one.kind === 'citation' ? [one.url, one.title] : one))).toEqual([
      ['https://a.example/1', 'One'],
      ['https://b.example/2', undefined],
      ['https://c.example/3', 'Three'],
    ]);
  });

  test('sources in the last chunk, without a choice', async () => {
    const { answer } = await read([
      piece({ content: 'a' }),
      STOP,
      { ...ID, choices: [], usage: COUNTS, citations: ['https://a.example'] },
    ]);
    expect(answer.annotations).toMatchObject([{ kind: 'citation', url: 'https://a.example' }]);
    expect(answer).toMatchObject({ finishReason: 'stop', usage: { totalTokens: 15 } });
  });

  test('older completions have their text in the choice', async () => {
    const chunks = [
      { ...ID, choices: [{ text: 'The', index: 0, finish_reason: null }] },
      { ...ID, choices: [{ text: ' end', index: 0, finish_reason: 'length' }] },
    ];
    expect((await read(chunks)).answer).toMatchObject({ text: 'The end', finishReason: 'length' });
  });

  test('a whole reply, with or without a finish reason', async () => {
    const message = { role: 'assistant', content: 'hi', tool_calls: [{ id: 'a', function: { name: 'look', arguments: '{}' } }] };
    for (const finish of [{ finish_reason: 'tool_calls' }, {}]) {
      const { answer, error } = await read([{ ...ID, choices: [{ index: 0, message, ...finish }], usage: COUNTS }]);
      expect(error).toBeUndefined();
      expect(answer).toMatchObject({
        text: 'hi',
        finishReason: 'tool_calls',
        usage: { totalTokens: 15 },
        toolCalls: [{ name: 'look' }],
      });
    }
  });
});

describe('an error with a successful status', () => {
  const busy = { message: 'too many', type: 'rate_limit_exceeded', code: 429 };

  test.each([
    ['an error object', { error: busy }],
    ['x_groq', { ...ID, choices: [], x_groq: { id: 'r', error: busy } }],
    ['an object that is an error', { object: 'error', ...busy }],
  ])('%s before the first token is transient', async (_name, wire) => {
    const { error, events } = await read([piece({ role: 'assistant', content: '' }), wire], 'groq');
    expect(error).toMatchObject({
      kind: 'rate-limit',
      status: 429,
      isRetryable: true,
      provider: 'Groq',
      message: 'too many requests to Groq: too many',
    });
    expect(events.some(isVisible)).toBe(false);
  });

  test.each([
    [{ error: { message: 'boom', type: 'server_error', code: null } }, 500],
    [{ error: { message: 'slow down', type: 'tokens', code: 'rate_limit_exceeded' } }, 429],
  ])('a status that is only a name: %o', async (wire, status) => {
    expect((await read([wire])).error).toMatchObject({ status, isRetryable: true });
  });

  test('x_groq may give it as text', async () => {
    const { error, answer } = await read(
      [piece({ content: 'a' }), { ...ID, choices: [], x_groq: { error: 'over capacity' } }],
      'groq',
    );
    expect(error).toMatchObject({ kind: 'provider', message: 'Groq: over capacity' });
    expect(answer.text).toBe('a');
  });

  test('an invalid request is not transient', async () => {
    const wire = {
      error: { message: "Unsupported parameter: 'max_tokens'", type: 'invalid_request_error', code: 'unsupported_parameter' },
    };
    expect((await read([wire])).error).toMatchObject({
      message: "Host: Unsupported parameter: 'max_tokens'",
      isRetryable: false,
    });
  });

  test.each(['<html>log in</html>', '[1]', '{"choices":', '7'])('%s is not a chunk', async (data) => {
    expect((await read([data])).error).toMatchObject({ kind: expect.stringMatching(/provider|network/) });
  });

  test.each([
    [
      {
        choices: [
          { delta: 7 },
          null,
          'x',
          { delta: { content: [7, null, { type: 'thinking' }, { type: 'thinking', thinking: 'why' }] } },
        ],
      },
    ],
    [
      {
        choices: [{ delta: { content: 'a', reasoning_content: 7 }, finish_reason: 7 }],
        usage: 7,
        citations: 'x',
        search_results: {},
        x_groq: 7,
        timings: [],
      },
    ],
  ])('fields of any type do no harm: %o', async (wire) => {
    const { error } = await read([wire, STOP], 'mistral');
    expect(error).toBeUndefined();
  });
});
