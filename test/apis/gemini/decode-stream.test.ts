import { decodeWith } from '../../support/decode-with.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CompletionEvent } from '../../../src/apis/completion.ts';
import type { DecodeOptions } from '../../../src/apis/dialect.ts';
import { decodeUsageMetadata } from '../../../src/apis/gemini/decode-usage.ts';
import { gemini } from '../../../src/apis/gemini/dialect.ts';
import { findVendor } from '../../../src/apis/vendors.ts';
import { EMPTY_ANSWER, reduceAnswer } from '../../../src/core/answer/answer.ts';
import { sseBatches } from '../../../src/http/sse.ts';
import { anyCuts, asPieces, cutAt } from '../../support/byte-pieces.ts';

const GOOGLE = findVendor('google')!;

interface Decoded {
  events: CompletionEvent[];
  error?: any;
}

async function decodeText(text: string, options: DecodeOptions = {}): Promise<Decoded> {
  const events: CompletionEvent[] = [];
  try {
    const batches = sseBatches(asPieces([new TextEncoder().encode(text)]));
    for await (const event of decodeWith(gemini, batches, options, GOOGLE)) events.push(event);
    return { events };
  } catch (error) {
    return { events, error };
  }
}

const streamOf = (responses: readonly unknown[]): string =>
  responses.map((one) => `data: ${JSON.stringify(one)}\r\n\r\n`).join('');
const decode = (...responses: readonly unknown[]): Promise<Decoded> => decodeText(streamOf(responses));
const answerOf = ({ events }: Decoded) => events.reduce(reduceAnswer, EMPTY_ANSWER);
const chunk = (parts: readonly unknown[], finishReason?: string, rest: object = {}): object => ({
  candidates: [{ content: { role: 'model', parts }, ...(finishReason && { finishReason }), ...rest }],
  responseId: 'r-1',
  modelVersion: 'models/gemini-x',
});
const END = chunk([{ text: '' }], 'STOP');
const partial = (jsonPath: string, value: object): object => ({ jsonPath, ...value });
const piece = (...partialArgs: object[]): object => chunk([{ functionCall: { partialArgs, willContinue: true } }]);

describe('an answer', () => {
  test('of text, reasoning and an image', async () => {
    const decoded = await decode(
      chunk([{ text: 'Hm', thought: true }]),
      chunk([{ text: '.', thought: true, thoughtSignature: 's' }, { text: 'Hello ' }]),
      chunk([{ inlineData: { mimeType: 'image/png', data: 'AAAA' }, thoughtSignature: 'of-image' }, { text: 'you' }]),
      chunk([{ inlineData: { mimeType: 'image/png', data: 'BBBB' }, thought: true }]),
      { ...END, createTime: '2026-05-04T20:01:02.264968Z' },
    );
    expect(decoded.error).toBeUndefined();
    expect(decoded.events[0]).toEqual({ type: 'response-start', id: 'r-1', model: 'gemini-x' });
    expect(answerOf(decoded)).toMatchObject({
      text: 'Hello you',
      reasoning: 'Hm.',
      images: ['data:image/png;base64,AAAA'],
      reasoningParts: [
        { kind: 'text', text: 'Hm.', signature: 's', format: 'google-gemini-v1' },
        { kind: 'encrypted', encrypted: 'of-image', format: 'google-gemini-v1', apiData: { google: { image: 0 } } },
      ],
      finishReason: 'stop',
      nativeFinishReason: 'STOP',
    });
  });

  test('of speech', async () => {
    const { events } = await decode(chunk([{ inlineData: { mimeType: 'audio/L16;rate=24000', data: 'AAAA' } }], 'STOP'));
    expect(events).toContainEqual({ type: 'audio', data: 'AAAA' });
  });

  test('a character cut in two is shown whole', async () => {
    const { events } = await decode(chunk([{ text: 'a\ud83d' }]), chunk([{ text: '\ude00b' }], 'STOP'));
    expect(events.flatMap((event) => (event.type === 'text-delta' ? event.text : []))).toEqual(['a', '😀b']);
  });

  test('as one list, for a request without alt=sse', async () => {
    const list = [chunk([{ text: 'a\ud83d' }]), chunk([{ text: '\ude00' }]), chunk([{ functionCall: { name: 'f' } }], 'STOP')];
    async function* batches() {
      yield [{ type: 'data', data: JSON.stringify(list) } as const];
    }
    const events: CompletionEvent[] = [];
    for await (const event of decodeWith(gemini, batches(), {}, GOOGLE)) events.push(event);
    expect(answerOf({ events })).toMatchObject({
      text: 'a😀',
      finishReason: 'tool_calls',
      toolCalls: [{ name: 'f', arguments: '{}' }],
    });
  });

  test('sources are reported once', async () => {
    const web = { web: { uri: 'https://a.example', title: 'a.example' } };
    const { events } = await decode(
      chunk([{ text: 'x' }], undefined, { groundingMetadata: { groundingChunks: [web] } }),
      chunk([], 'STOP', {
        groundingMetadata: { groundingChunks: [web, { retrievedContext: { uri: 'gs://b/c' } }, { web: {} }, null] },
        citationMetadata: { citationSources: [{ uri: 'https://c.example' }, 5] },
      }),
    );
    expect(events.flatMap((event) => (event.type === 'annotation' ? event.annotation : []))).toEqual([
      { kind: 'citation', url: 'https://a.example', title: 'a.example' },
      { kind: 'citation', url: 'gs://b/c' },
      { kind: 'citation', url: 'https://c.example' },
    ]);
  });

  test('only one of several candidates is read', async () => {
    const both = {
      ...END,
      candidates: [0, 1].map((index) => ({ index, content: { parts: [{ text: `${index}` }] }, finishReason: 'STOP' })),
    };
    const decoded = await decode(both);
    expect(answerOf(decoded)).toMatchObject({ text: '0', answers: 2 });
  });

  test('its pieces are reported verbatim on request', async () => {
    const { events } = await decodeText(streamOf([END]), { includeChunks: true });
    expect(events[0]).toEqual({ type: 'chunk', data: JSON.stringify(END) });
  });
});

describe('calls', () => {
  test('keep the id that Google sends, and get one if it sends none', async () => {
    const { events } = await decode(
      chunk(
        [{ functionCall: { id: 'own', name: 'a', args: { n: 1 } }, thoughtSignature: 's' }, { functionCall: { name: 'b' } }],
        'STOP',
      ),
    );
    expect(answerOf({ events })).toMatchObject({
      toolCalls: [
        { id: 'own', name: 'a', arguments: '{"n":1}' },
        { id: 'call_r-1_1', name: 'b', arguments: '{}' },
      ],
      reasoningParts: [{ kind: 'encrypted', id: 'own', encrypted: 's' }],
      finishReason: 'tool_calls',
    });
  });

  test('numbers that a double cannot hold are unchanged', async () => {
    const text = streamOf([chunk([{ functionCall: { name: 'a', args: { id: 'N' } } }], 'STOP')]).replace(
      '"N"',
      '12345678901234567890',
    );
    expect(answerOf(await decodeText(text)).toolCalls).toMatchObject([{ arguments: '{"id":12345678901234567890}' }]);
  });

  const started = chunk([{ functionCall: { name: 'f', willContinue: true } }]);
  test.each([
    [
      'text in several pieces',
      [
        ['$.a', { stringValue: 'x', willContinue: true }],
        ['$.a', { stringValue: 'y' }],
      ],
      { a: 'xy' },
    ],
    [
      'text that is said twice replaces',
      [
        ['$.a', { stringValue: 'x' }],
        ['$.a', { stringValue: 'y' }],
      ],
      { a: 'y' },
    ],
    [
      'numbers, truth and nothing',
      [
        ['$.a', { numberValue: 0.5 }],
        ['$.b', { boolValue: false }],
        ['$.c', { nullValue: 'NULL_VALUE' }],
      ],
      { a: 0.5, b: false, c: null },
    ],
    [
      'arrays of arrays',
      [
        ['$.a[0][0]', { numberValue: 1 }],
        ['$.a[0][1]', { numberValue: 2 }],
        ['$.a[1][0]', { numberValue: 3 }],
      ],
      { a: [[1, 2], [3]] },
    ],
    [
      'names in quotes',
      [
        ["$['a b'].c", { stringValue: 'x' }],
        ['$["d.e"]', { stringValue: 'y' }],
      ],
      { 'a b': { c: 'x' }, 'd.e': 'y' },
    ],
    ['a name that objects have', [['$.__proto__.polluted', { stringValue: 'x' }]], JSON.parse('{"__proto__":{"polluted":"x"}}')],
    ['a gap in an array', [['$.a[2]', { numberValue: 1 }]], { a: [null, null, 1] }],
  ] as [string, [string, object][], object][])('%s', async (_, pieces, expected) => {
    const decoded = await decode(
      started,
      ...pieces.map(([path, value]) => piece(partial(path, value))),
      chunk([{ functionCall: {} }], 'STOP'),
    );
    expect(decoded.error).toBeUndefined();
    expect(answerOf(decoded).toolCalls).toMatchObject([{ name: 'f', arguments: JSON.stringify(expected) }]);
    expect(({} as any).polluted).toBeUndefined();
  });

  test('an open call is complete when the next one begins or the answer ends', async () => {
    const decoded = await decode(
      started,
      piece(partial('$.a', { numberValue: 1 })),
      started,
      piece(partial('$.a', { numberValue: 2 })),
      END,
    );
    expect(answerOf(decoded).toolCalls.map((call) => call.arguments)).toEqual(['{"a":1}', '{"a":2}']);
  });

  test.each(['$', 'a b[', '$.a[999999]', '$.a[x]', `$${'.a'.repeat(65)}`])(
    'an invalid path (%s) breaks the answer',
    async (path) => {
      const { error } = await decode(started, piece(partial(path, { numberValue: 1 })));
      expect(error).toMatchObject({ kind: 'provider', code: 'MALFORMED_FUNCTION_CALL' });
    },
  );
});

describe('how it ends', () => {
  test.each([
    ['STOP', 'stop'],
    ['OTHER', 'stop'],
    ['NO_IMAGE', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['CONTINUATION', 'length'],
    ['SAFETY', 'content_filter'],
    ['RECITATION', 'content_filter'],
    ['SPII', 'content_filter'],
    ['IMAGE_PROHIBITED_CONTENT', 'content_filter'],
  ])('%s → %s', async (native, finishReason) => {
    expect((await decode(chunk([{ text: 'x' }], native))).events.at(-1)).toEqual({
      type: 'response-end',
      finishReason,
      nativeFinishReason: native,
    });
  });

  test.each(['MALFORMED_FUNCTION_CALL', 'UNEXPECTED_TOOL_CALL', 'TOO_MANY_TOOL_CALLS'])('%s is a failure', async (reason) => {
    const { events, error } = await decode({
      ...chunk([], reason, { finishMessage: 'Malformed function call: f(' }),
      usageMetadata: { promptTokenCount: 3, totalTokenCount: 3 },
    });
    expect(error).toMatchObject({
      kind: 'provider',
      code: reason,
      isRetryable: true,
      message: 'Google stopped the response (Malformed function call: f()',
    });
    expect(events.at(-1)).toMatchObject({ type: 'usage', usage: { promptTokens: 3 } });
  });

  test('a blocked prompt has no answer', async () => {
    const { events, error } = await decode({
      promptFeedback: { blockReason: 'PROHIBITED_CONTENT' },
      usageMetadata: { promptTokenCount: 4, totalTokenCount: 4 },
      modelVersion: 'gemini-x',
    });
    expect(error).toBeUndefined();
    expect(events.map(({ type }) => type)).toEqual(['response-start', 'usage', 'response-end']);
    expect(events.at(-1)).toMatchObject({ finishReason: 'content_filter', nativeFinishReason: 'PROHIBITED_CONTENT' });
  });

  test('without a reason it was cut, and its usage is reported', async () => {
    const { events, error } = await decode({
      ...chunk([{ text: 'x' }]),
      usageMetadata: { promptTokenCount: 1, totalTokenCount: 1 },
    });
    expect(error).toMatchObject({ kind: 'network', code: 'stream-cut' });
    expect(events.at(-1)).toMatchObject({ type: 'usage' });
  });

  test.each([
    ['before any text', [], true],
    ['after text', [chunk([{ text: 'x' }])], true],
  ])('an error %s', async (_, before, isRetryable) => {
    const body = { error: { code: 503, message: 'overloaded', status: 'UNAVAILABLE' } };
    const { error } = await decode(...before, body);
    expect(error).toMatchObject({
      kind: 'provider',
      status: 503,
      code: 'UNAVAILABLE',
      message: 'Google: overloaded',
      isRetryable,
    });
  });

  test('data of an unknown type is ignored', async () => {
    expect((await decode({ news: 1 }, chunk([{ executableCode: { code: 'x' } }, 7, null], 'STOP'))).error).toBeUndefined();
  });

  test('a web page is not the API', async () => {
    async function* batches() {
      yield [{ type: 'data', data: '<html>' } as const];
    }
    await expect(decodeWith(gemini, batches(), {}, GOOGLE).next()).rejects.toMatchObject({ code: 'not-the-api' });
  });
});

describe('usage', () => {
  const count = fc.nat(1_000_000);

  test("its parts add up to Google's total", () => {
    fc.assert(
      fc.property(
        count,
        count,
        count,
        count,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (prompt, candidates, thoughts, tools, share) => {
          const wire = {
            promptTokenCount: prompt,
            candidatesTokenCount: candidates,
            thoughtsTokenCount: thoughts,
            toolUsePromptTokenCount: tools,
            cachedContentTokenCount: Math.floor(prompt * share),
            totalTokenCount: prompt + candidates + thoughts + tools,
          };
          const usage = decodeUsageMetadata(wire)!;
          expect(usage.promptTokens + usage.completionTokens).toBe(wire.totalTokenCount);
          expect(usage).toMatchObject({
            totalTokens: wire.totalTokenCount,
            reasoningTokens: thoughts,
            promptTokens: prompt + tools,
          });
          expect(usage.cachedTokens! <= usage.promptTokens).toBe(true);
          const { candidatesTokenCount: _, ...without } = wire;
          expect(decodeUsageMetadata(without)).toMatchObject({ completionTokens: candidates + thoughts });
        },
      ),
    );
  });

  test('the last count of each kind wins', async () => {
    const decoded = await decode(
      { ...chunk([{ text: 'a' }]), usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 1, totalTokenCount: 10 } },
      {
        ...chunk([{ text: 'b' }], 'STOP'),
        usageMetadata: { candidatesTokenCount: 2, totalTokenCount: 11, promptTokenCount: null },
      },
      { ...chunk([]), usageMetadata: { trafficType: 'ON_DEMAND' } },
    );
    expect(answerOf(decoded).usage).toMatchObject({ promptTokens: 9, completionTokens: 2, totalTokens: 11 });
  });

  test('a traffic type alone is no usage', async () => {
    expect(answerOf(await decode({ ...END, usageMetadata: { trafficType: 'ON_DEMAND' } })).usage).toBeUndefined();
  });
});

test('any cut of the bytes gives the same events', async () => {
  const bytes = new TextEncoder().encode(
    streamOf([chunk([{ text: 'ä😀' }]), chunk([{ functionCall: { name: 'f', args: { q: 'ü' } } }], 'STOP')]),
  );
  const { events: expected } = await decodeText(new TextDecoder().decode(bytes));
  await fc.assert(
    fc.asyncProperty(anyCuts, async (cuts) => {
      const events: CompletionEvent[] = [];
      for await (const event of decodeWith(gemini, sseBatches(asPieces(cutAt(bytes, cuts))), {}, GOOGLE)) events.push(event);
      expect(events).toEqual(expected);
    }),
    { numRuns: 30 },
  );
});

test('the list of models', () => {
  const body = JSON.stringify({
    models: [
      {
        name: 'models/gemini-2.5-flash',
        displayName: 'Gemini 2.5 Flash',
        description: 'd',
        inputTokenLimit: 1_048_576,
        outputTokenLimit: 65_536,
        supportedGenerationMethods: ['generateContent', 'countTokens'],
        thinking: true,
      },
      { name: 'models/gemma-3-27b-it', inputTokenLimit: 131_072, supportedGenerationMethods: ['generateContent'] },
      { name: 'models/embedding-001', supportedGenerationMethods: ['embedContent'] },
      { displayName: 'no name' },
      null,
    ],
  });
  const models = gemini.models.decode(body);
  expect(models.map(({ id }) => id)).toEqual(['gemini-2.5-flash', 'gemma-3-27b-it']);
  expect(models[0]).toMatchObject({ name: 'Gemini 2.5 Flash', contextLength: 1_048_576, maxCompletionTokens: 65_536 });
  expect(models[0]!.supportedParameters).toEqual(expect.arrayContaining(['tools', 'reasoning', 'structured_outputs']));
  expect(models[1]!.supportedParameters).not.toContain('tools');
  expect(() => gemini.models.decode('{}')).toThrow(expect.objectContaining({ code: 'no-models' }));
});
