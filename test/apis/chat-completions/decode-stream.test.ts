import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EMPTY_ANSWER, reduceAnswer } from '../../../src/core/answer/answer.ts';
import { sseBatches } from '../../../src/http/sse.ts';
import type { CompletionEvent } from '../../../src/apis/completion.ts';
import { decodeStream } from '../../../src/apis/chat-completions/decode-stream.ts';
import { answerPieces, chunk } from '../../support/api-server.ts';
import { anyCuts, asPieces, cutAt, gather } from '../../support/byte-pieces.ts';

interface Decoded {
  events: CompletionEvent[];
  error?: unknown;
}

async function decode(pieces: readonly (string | Uint8Array)[], includeChunks = false): Promise<Decoded> {
  const events: CompletionEvent[] = [];
  const bytes = pieces.map((piece) => (typeof piece === 'string' ? new TextEncoder().encode(piece) : piece));
  try {
    for await (const event of decodeStream(sseBatches(asPieces(bytes)), { includeChunks })) events.push(event);
    return { events };
  } catch (error) {
    return { events, error };
  }
}

const answerOf = (events: readonly CompletionEvent[]) => events.reduce(reduceAnswer, EMPTY_ANSWER);
const DONE = 'data: [DONE]\n\n';
const STOP = chunk({ content: '' }, {}, { finish_reason: 'stop', native_finish_reason: 'end_turn' });
const USAGE = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, cost: 0.0000893 };

describe('a stream that ends well', () => {
  test('has response-start first, usage once, response-end once and last', async () => {
    const { events, error } = await decode(answerPieces(['Hello', ' world']));
    expect(error).toBeUndefined();
    expect(events.map((event) => event.type)).toEqual([
      'heartbeat',
      'response-start',
      'text-delta',
      'text-delta',
      'usage',
      'response-end',
    ]);
    expect(events.at(-1)).toEqual({ type: 'response-end', finishReason: 'stop', nativeFinishReason: 'stop' });
    expect(answerOf(events)).toMatchObject({ id: 'gen-1', model: 'test/model', provider: 'TestProvider', text: 'Hello world' });
  });

  test.each([
    ['one choice that repeats the finish reason', chunk({ content: '' }, { usage: USAGE }, { finish_reason: 'stop' })],
    ['no choice', `data: ${JSON.stringify({ id: 'gen-1', model: 'm', choices: [], usage: USAGE })}\n\n`],
    ['no choices field', `data: ${JSON.stringify({ id: 'gen-1', model: 'm', usage: USAGE })}\n\n`],
  ])('takes a final usage chunk with %s', async (_name, usage) => {
    const { events, error } = await decode([chunk({ content: 'hi' }), STOP, usage, DONE]);
    expect(error).toBeUndefined();
    expect(answerOf(events).usage).toMatchObject({ promptTokens: 10, completionTokens: 5, totalTokens: 15, cost: '0.0000893' });
    expect(events.filter((event) => event.type === 'response-end')).toHaveLength(1);
  });

  test('is read to its end, not to its finish reason', async () => {
    const { events } = await decode([chunk({ content: 'a' }, {}, { finish_reason: 'stop' }), chunk({}, { usage: USAGE }), DONE]);
    expect(answerOf(events).usage).toBeDefined();
  });

  test.each([
    ['a finish reason without [DONE]', [chunk({ content: 'a' }), STOP]],
    ['[DONE] without a finish reason', [chunk({ content: 'a' }), DONE]],
    ['[DONE] without its last newlines', [chunk({ content: 'a' }), 'data: [DONE]']],
    ['an empty finish reason in between', [chunk({ content: 'a' }, {}, { finish_reason: '' }), STOP, DONE]],
    ['comments in the middle', [chunk({ content: 'a' }), ': OPENROUTER PROCESSING\n\n', STOP, DONE]],
    ['a chunk that is null', [chunk({ content: 'a' }), 'data: null\n\n', STOP, DONE]],
    ['chunks of a kind unknown today', [chunk({ content: 'a' }), 'data: {"type":"news"}\n\n', STOP, DONE]],
    [
      'nulls everywhere',
      [
        `data: ${JSON.stringify({ id: null, model: null, provider: null, choices: [{ delta: { content: 'a', tool_calls: null, reasoning: null }, finish_reason: null }], usage: null, error: null })}\n\n`,
        STOP,
        DONE,
      ],
    ],
  ])('may have %s', async (_name, pieces) => {
    const { events, error } = await decode(pieces as string[]);
    expect(error).toBeUndefined();
    expect(answerOf(events).text).toBe('a');
  });

  test('keeps the digits of a cost as the API sent them', async () => {
    for (const [wire, expected] of [
      ['0.00001255', '0.00001255'],
      ['1e-7', '0.0000001'],
      ['0', '0'],
      ['"0.000000000123456789012345"', '0.000000000123456789012345'],
      ['null', undefined],
    ] as const) {
      const { events } = await decode([
        chunk({ content: 'a' }),
        `data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1,"cost":${wire}}}\n\n`,
        STOP,
        DONE,
      ]);
      expect(answerOf(events).usage?.cost).toBe(expected);
    }
  });
});

describe('a server that sends several answers', () => {
  const part = (index: unknown, content: string, choice: object = {}): string => chunk({ content }, {}, { index, ...choice });
  const both = (delta: object): string =>
    `data: ${JSON.stringify({ id: 'gen-1', model: 'm', choices: [delta, { index: 1, delta: { content: 'plum' }, finish_reason: 'length' }] })}\n\n`;

  test.each<[string, string[], string, number | undefined]>([
    ['in turns', [part(0, 'red '), part(1, 'blue '), part(0, 'apple'), part(1, 'plum'), STOP], 'red apple', 2],
    ['one after the other', [part(0, 'red '), part(0, 'apple'), part(1, 'blue '), part(1, 'plum'), STOP], 'red apple', 2],
    ['in one chunk', [both({ index: 0, delta: { content: 'red apple' } }), STOP], 'red apple', 2],
    ['in one chunk without an index', [both({ delta: { content: 'red apple' } }), STOP], 'red apple', 2],
    [
      'the second of them alone',
      [part(1, 'red '), part(1, 'apple'), part(1, '', { finish_reason: 'stop' })],
      'red apple',
      undefined,
    ],
    [
      'the second of them first',
      [part(1, 'red '), part(0, 'blue'), part(1, 'apple'), part(1, '', { finish_reason: 'stop' })],
      'red apple',
      2,
    ],
    [
      'a last chunk without an index',
      [part(1, 'red apple'), part(undefined, '', { finish_reason: 'stop' })],
      'red apple',
      undefined,
    ],
    [
      'one in several pieces of a chunk',
      [both({ index: 1, delta: { content: 'red apple ' } }), DONE],
      'red apple plum',
      undefined,
    ],
  ])('%s', async (_name, pieces, text, answers) => {
    const { events, error } = await decode([...pieces, DONE]);
    expect(error).toBeUndefined();
    expect(answerOf(events)).toMatchObject({ text });
    expect(answerOf(events).answers).toBe(answers);
  });

  test('calls, finish reason and failure belong to the answer that is shown', async () => {
    const call = (id: string, name: string) => ({ tool_calls: [{ index: 0, id, function: { name, arguments: '{}' } }] });
    const { events, error } = await decode([
      chunk(call('a', 'first'), {}, { index: 0 }),
      chunk(call('b', 'second'), {}, { index: 1 }),
      chunk({}, {}, { index: 0, finish_reason: 'tool_calls' }),
      chunk({}, {}, { index: 1, finish_reason: 'error', error: { code: 502, message: 'no' } }),
      DONE,
    ]);
    expect(error).toBeUndefined();
    expect(answerOf(events)).toMatchObject({
      toolCalls: [{ id: 'a', name: 'first', arguments: '{}' }],
      finishReason: 'tool_calls',
    });
  });
});

describe('the content of a delta', () => {
  test('reasoning in two fields is shown once', async () => {
    const twice = (text: string): string =>
      chunk({ content: '', reasoning: text, reasoning_details: [{ type: 'reasoning.text', text, index: 0 }] });
    const { events } = await decode([twice('First '), twice('then.'), chunk({ content: 'So.' }), STOP, DONE]);
    expect(answerOf(events)).toMatchObject({ reasoning: 'First then.', text: 'So.' });
  });

  test.each([
    ['only the plain field', { reasoning: 'why' }],
    ['only the details', { reasoning_details: [{ type: 'reasoning.summary', summary: 'why' }] }],
    [
      'encrypted details beside the plain field',
      { reasoning: 'why', reasoning_details: [{ type: 'reasoning.encrypted', data: 'xyz' }] },
    ],
    ['the older name', { reasoning_content: 'why' }],
  ])('reasoning in %s', async (_name, delta) => {
    const { events } = await decode([chunk(delta), STOP, DONE]);
    expect(answerOf(events).reasoning).toBe('why');
  });

  test('tool calls come in pieces', async () => {
    const { events } = await decode([
      chunk({ tool_calls: [{ index: 0, id: 'call_a', type: 'function', function: { name: 'weather', arguments: '' } }] }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: '{"city":' } }] }),
      chunk({ tool_calls: [{ index: 1, id: 'call_b', function: { name: 'time', arguments: '{}' } }] }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: '"Wien"}' } }] }),
      chunk({}, {}, { finish_reason: 'tool_calls' }),
      DONE,
    ]);
    expect(answerOf(events).toolCalls).toEqual([
      { id: 'call_a', name: 'weather', arguments: '{"city":"Wien"}' },
      { id: 'call_b', name: 'time', arguments: '{}' },
    ]);
  });

  test('tool calls without index or id get new ones', async () => {
    const { events } = await decode([
      chunk({ tool_calls: [{ id: null, function: { name: 'a', arguments: '{"x"' } }] }),
      chunk({ tool_calls: [{ function: { arguments: ':1}' } }] }),
      chunk({ tool_calls: [{ id: 'second', function: { name: 'b', arguments: { y: 2 } } }] }),
      DONE,
    ]);
    expect(answerOf(events).toolCalls).toEqual([
      { id: 'call_0', name: 'a', arguments: '{"x":1}' },
      { id: 'second', name: 'b', arguments: '{"y":2}' },
    ]);
  });

  test('calls in a whole message, and in the legacy field, are calls', async () => {
    const call = { function: { name: 'a', arguments: '{"x":1}' } };
    const whole = await decode([`data: ${JSON.stringify({ choices: [{ message: { tool_calls: [call, call] } }] })}\n\n`, DONE]);
    expect(answerOf(whole.events).toolCalls).toEqual(['call_0', 'call_1'].map((id) => ({ id, ...call.function })));
    const { events } = await decode([
      chunk({ function_call: { name: 'a', arguments: '' } }),
      chunk({ function_call: { arguments: '{"x":' } }),
      chunk({ function_call: { arguments: '1}' } }),
      DONE,
    ]);
    expect(answerOf(events).toolCalls).toEqual([{ id: 'call_0', ...call.function }]);
  });

  test('images and annotations are events', async () => {
    const { events } = await decode([
      chunk({
        images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } }],
        annotations: [{ type: 'url_citation', url_citation: { url: 'https://a.example' } }],
      }),
      STOP,
      DONE,
    ]);
    expect(answerOf(events)).toMatchObject({
      images: ['data:image/png;base64,AA'],
      annotations: [{ kind: 'citation', url: 'https://a.example' }],
    });
  });

  test('routing attempts are reported', async () => {
    const metadata = {
      strategy: 'direct',
      region: 'iad',
      attempts: [
        { provider: 'Chutes', model: 'm', status: 429 },
        { provider: 'Novita', model: 'm', status: 200 },
      ],
    };
    const { events } = await decode([
      chunk({ content: 'a' }),
      chunk({}, { openrouter_metadata: metadata }, { finish_reason: 'stop' }),
      DONE,
    ]);
    expect(answerOf(events).routing).toMatchObject({
      region: 'iad',
      attempts: [
        { provider: 'Chutes', status: 429 },
        { provider: 'Novita', status: 200 },
      ],
    });
  });

  test('chunks are reported verbatim, before their events, only on request', async () => {
    const pieces = [chunk({ content: 'a' }), STOP, DONE];
    const { events } = await decode(pieces, true);
    expect(events.map((event) => event.type)).toEqual(['chunk', 'response-start', 'text-delta', 'chunk', 'response-end']);
    expect(events[0]).toEqual({ type: 'chunk', data: pieces[0]?.slice('data: '.length).trim() });
  });
});

describe('a stream that fails', () => {
  const failing: [string, string[], object][] = [
    [
      'an error at top level',
      [
        chunk({ content: 'half' }),
        chunk(
          { content: '' },
          { error: { code: 502, message: 'Provider disconnected', metadata: { error_type: 'provider_unavailable' } } },
          { finish_reason: 'error' },
        ),
        DONE,
      ],
      { kind: 'provider', status: 502, message: 'Provider disconnected' },
    ],
    [
      'an error whose code is a word',
      [chunk({ content: 'half' }), chunk({}, { error: { code: 'server_error', message: 'broke' } })],
      { kind: 'provider', code: 'server_error' },
    ],
    [
      'an error in a choice',
      [chunk({ content: 'half' }), chunk({}, {}, { finish_reason: 'error', error: { code: 429, message: 'slow down' } }), DONE],
      { kind: 'rate-limit', status: 429 },
    ],
    [
      'an error only as a finish reason',
      [
        chunk({ content: 'half' }),
        chunk({}, {}, { finish_reason: 'error', native_finish_reason: 'MALFORMED_FUNCTION_CALL' }),
        DONE,
      ],
      {
        kind: 'provider',
        code: 'MALFORMED_FUNCTION_CALL',
        message: expect.stringContaining('MALFORMED_FUNCTION_CALL') as string,
      },
    ],
    [
      'an event that is an error without the field for it',
      [chunk({ content: 'half' }), 'event: error\ndata: {"message":"slow down","code":429}\n\n', DONE],
      { kind: 'rate-limit', status: 429, message: expect.stringContaining('slow down') as string },
    ],
    [
      'an object that is an error',
      [chunk({ content: 'half' }), 'data: {"object":"error","message":"broke","code":500}\n\n', DONE],
      { kind: 'provider', status: 500, message: 'broke' },
    ],
    ['neither a finish reason nor [DONE]', [chunk({ content: 'half' })], { kind: 'network', code: 'stream-cut' }],
    [
      'an end in the middle of a chunk',
      [chunk({ content: 'half' }), 'data: {"id":"gen-1","choi'],
      { kind: 'network', code: 'stream-cut' },
    ],
    [
      'a chunk that is no JSON',
      [chunk({ content: 'half' }), 'data: {"id": oops}\n\n', STOP, DONE],
      { kind: 'provider', code: 'malformed-chunk' },
    ],
    [
      'a chunk that is no object',
      [chunk({ content: 'half' }), 'data: 7\n\n', STOP, DONE],
      { kind: 'provider', code: 'malformed-chunk' },
    ],
  ];
  test.each(failing)('by %s keeps the received part', async (_name, pieces, expected) => {
    const { events, error } = await decode(pieces);
    expect(answerOf(events).text).toBe('half');
    expect(error).toMatchObject(expected);
    expect(events.some((event) => event.type === 'response-end')).toBe(false);
  });

  test('with only an error', async () => {
    const { events, error } = await decode(['data: {"error":{"code":400,"message":"bad image"}}\n\n', DONE]);
    expect(events.map((event) => event.type)).toEqual(['response-start']);
    expect(error).toMatchObject({ status: 400, message: 'bad image' });
  });

  test('without any data', async () => {
    expect((await decode([DONE])).error).toMatchObject({ kind: 'provider', code: 'empty-reply' });
    expect((await decode([''])).error).toMatchObject({ kind: 'network', code: 'stream-cut' });
    expect((await decode([': OPENROUTER PROCESSING\n\n'])).error).toMatchObject({ kind: 'network', code: 'stream-cut' });
  });

  test('by endless comments', async () => {
    const { error } = await decode([': x\n\n'.repeat(25_000)]);
    expect(error).toMatchObject({ kind: 'network', code: 'comment-flood' });
  });

  test('with the usage that was billed', async () => {
    const { events, error } = await decode([
      chunk({ content: 'half' }),
      chunk({}, { usage: USAGE, error: { code: 400, message: 'Token limit reached' } }),
      DONE,
    ]);
    expect(answerOf(events).usage?.cost).toBe('0.0000893');
    expect(error).toMatchObject({ kind: 'provider', message: 'Token limit reached' });
  });
});

test('any split of the bytes gives the same events', async () => {
  const streams = [
    answerPieces(['Grüße ', '日本語', ' 👩‍🔬', '\r\n']).join(''),
    [chunk({ content: 'half' }), chunk({}, { error: { code: 502, message: 'x' } })].join('').replaceAll('\n', '\r\n'),
    [': c\r\r', chunk({ reasoning: 'a' }).replaceAll('\n', '\r'), 'data: [DONE]'].join(''),
    [chunk({ content: 'half' }), 'data: {"id":"gen-1","choi'].join(''),
  ].map((text) => new TextEncoder().encode(text));
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...streams), anyCuts, async (bytes, places) => {
      const [cut, whole] = await Promise.all([decode(cutAt(bytes, places), true), decode([bytes], true)]);
      expect(cut.events).toEqual(whole.events);
      expect(String(cut.error)).toBe(String(whole.error));
    }),
    { numRuns: 400 },
  );
});

test('chunks that differ only in their text mean the same as when parsed one by one', async () => {
  const text = fc.string({
    unit: fc.oneof(fc.constantFrom('"', '\\', '\n', '\u0001', '"content":"', '}', '日', '👩‍🔬'), fc.string({ unit: 'grapheme' })),
  });
  const delta = fc.oneof(
    { weight: 6, arbitrary: text.map((content) => chunk({ role: 'assistant', content })) },
    { weight: 1, arbitrary: text.map((content) => chunk({ content, reasoning: 'why' })) },
    {
      weight: 1,
      arbitrary: text.map((content) => chunk({ content: null, tool_calls: [{ index: 0, function: { arguments: content } }] })),
    },
    { weight: 1, arbitrary: text.map((content) => chunk({ content }, { model: content })) },
    { weight: 1, arbitrary: text.map((content) => chunk({ content }, {}, { logprobs: { content: [{ token: content }] } })) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        chunk({ content: 'x' }).replace('"x"', '7'),
        chunk({ content: 'x' }).replace('"x"', '"\\u00e9"'),
      ),
    },
  );
  const meaning = (events: readonly CompletionEvent[]): CompletionEvent[] => events.filter(({ type }) => type.endsWith('-delta'));
  await fc.assert(
    fc.asyncProperty(fc.array(delta, { maxLength: 20 }), async (chunks) => {
      const together = await decode([...chunks, STOP, DONE]);
      const apart = await Promise.all(chunks.map((single) => decode([single, STOP, DONE])));
      expect(together.error).toBeUndefined();
      expect(meaning(together.events)).toEqual(apart.flatMap(({ events }) => meaning(events)));
    }),
    { numRuns: 500 },
  );
});

test('a chunk that resembles the previous one but is not JSON is reported', async () => {
  const good = chunk({ content: 'a' });
  for (const bad of ['a"b', 'a\\', '\\x', 'a\u0001b']) {
    const { error } = await decode([good, good.replace('"a"', `"${bad}"`), STOP, DONE]);
    expect(error).toMatchObject({ code: 'malformed-chunk' });
  }
});

test('leaving the loop early closes the byte stream as well', async () => {
  let isClosed = false;
  async function* body(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield new TextEncoder().encode(chunk({ content: 'x' }));
    } finally {
      isClosed = true;
    }
  }
  for await (const event of decodeStream(sseBatches(body()))) if (event.type === 'text-delta') break;
  expect(isClosed).toBe(true);
  expect(await gather(asPieces([]))).toEqual([]);
});

test('text in the form of the older completions API is part of the answer, streamed and whole', async () => {
  const piece = (choice: object): string =>
    `data: ${JSON.stringify({ id: 'c', object: 'text_completion', model: 'm', choices: [choice] })}\n\n`;
  const streamed = await decode([
    piece({ index: 0, text: 'Hel', finish_reason: null }),
    piece({ index: 0, text: 'lo', finish_reason: null }),
    piece({ index: 0, text: '', finish_reason: 'length' }),
    'data: [DONE]\n\n',
  ]);
  const whole = await decode([piece({ index: 0, text: 'Hello', finish_reason: 'length' }), 'data: [DONE]\n\n']);
  for (const { events, error } of [streamed, whole]) {
    expect(error).toBeUndefined();
    expect(events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('')).toBe('Hello');
    expect(events.at(-1)).toMatchObject({ type: 'response-end', finishReason: 'length' });
  }
});
