import { decodeWith } from '../../support/decode-with.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CompletionEvent } from '../../../src/apis/completion.ts';
import { decodeCohereUsage } from '../../../src/apis/cohere/decode-usage.ts';
import { cohere } from '../../../src/apis/cohere/dialect.ts';
import { findVendor } from '../../../src/apis/vendors.ts';
import { EMPTY_ANSWER, reduceAnswer } from '../../../src/core/answer/answer.ts';

const COHERE = findVendor('cohere')!;

interface Decoded {
  events: CompletionEvent[];
  error?: any;
}

async function decode(...pieces: readonly unknown[]): Promise<Decoded> {
  async function* batches() {
    for (const piece of pieces) yield [{ type: 'data', data: JSON.stringify(piece) } as const];
  }
  const events: CompletionEvent[] = [];
  try {
    for await (const event of decodeWith(cohere, batches(), { requestId: 'of-headers' }, COHERE)) events.push(event);
    return { events };
  } catch (error) {
    return { events, error };
  }
}

const answerOf = ({ events }: Decoded) => events.reduce(reduceAnswer, EMPTY_ANSWER);
const event = (type: string, message: object, index = 0): object => ({ type, index, delta: { message } });
const START = { type: 'message-start', id: 'm-1', delta: { message: { role: 'assistant' } } };
const textPiece = (text: string): object => event('content-delta', { content: { text } });
const end = (reason: string, rest: object = {}): object => ({ type: 'message-end', delta: { finish_reason: reason, ...rest } });
const callStart = (index: number, name: string, text = ''): object =>
  event('tool-call-start', { tool_calls: { id: `id-${index}`, type: 'function', function: { name, arguments: text } } }, index);
const callPiece = (index: number, text: string): object =>
  event('tool-call-delta', { tool_calls: { function: { arguments: text } } }, index);
const callEnd = (index: number): object => ({ type: 'tool-call-end', index });

describe('an answer', () => {
  test('of thinking and text', async () => {
    const decoded = await decode(
      START,
      event('content-start', { content: { type: 'thinking', thinking: 'H' } }),
      event('content-delta', { content: { thinking: 'm' } }),
      event('content-start', { content: { type: 'text', text: '' } }, 1),
      textPiece('Hi \ud83d'),
      textPiece('\ude00'),
      { type: 'debug', prompt: 'x' },
      end('COMPLETE'),
      textPiece('too late'),
    );
    expect(decoded.error).toBeUndefined();
    expect(decoded.events[0]).toEqual({ type: 'response-start', id: 'm-1', model: '' });
    expect(answerOf(decoded)).toMatchObject({ text: 'Hi 😀', reasoning: 'Hm', reasoningParts: [], finishReason: 'stop' });
  });

  test('without a start event takes the id from the headers', async () => {
    expect((await decode(textPiece('x'), end('COMPLETE'))).events[0]).toMatchObject({ type: 'response-start', id: 'of-headers' });
  });

  test('a plan is reasoning, and one part to send back', async () => {
    const decoded = await decode(
      START,
      event('tool-plan-delta', { tool_plan: 'I will ' }),
      event('tool-plan-delta', { tool_plan: 'look.' }),
      callStart(0, 'f'),
      callEnd(0),
      end('TOOL_CALL'),
    );
    expect(answerOf(decoded)).toMatchObject({
      reasoning: 'I will look.',
      reasoningParts: [{ kind: 'text', text: 'I will look.', format: 'cohere-tool-plan-v2' }],
      toolCalls: [{ id: 'id-0', name: 'f', arguments: '{}' }],
      finishReason: 'tool_calls',
    });
  });

  test.each([
    ['none', [], '{}'],
    ['the word null', ['null'], '{}'],
    ['the word null in pieces', ['nu', 'll'], '{}'],
    ['an object', ['{"a"', ':1}'], '{"a":1}'],
    ['what only begins like null', ['n', 'o'], 'no'],
  ])('arguments: %s', async (_, pieces, expected) => {
    for (const ends of [[callEnd(0)], []]) {
      const decoded = await decode(
        START,
        callStart(0, 'f'),
        ...pieces.map((text) => callPiece(0, text)),
        ...ends,
        end('TOOL_CALL'),
      );
      expect(answerOf(decoded).toolCalls).toEqual([{ id: 'id-0', name: 'f', arguments: expected }]);
    }
  });

  test('interleaved calls are kept apart', async () => {
    const decoded = await decode(
      START,
      callStart(3, 'a', '{"x"'),
      callStart(5, 'b', '{}'),
      callPiece(3, ':1}'),
      callPiece(9, 'of no call'),
      end('TOOL_CALL'),
    );
    expect(answerOf(decoded).toolCalls).toMatchObject([
      { name: 'a', arguments: '{"x":1}' },
      { name: 'b', arguments: '{}' },
    ]);
  });

  test('documents with a URL are citations', async () => {
    const citation = {
      text: 'x',
      sources: [
        { type: 'document', id: 'd', document: { url: 'https://a.example', title: 'A' } },
        { type: 'document', id: 'e', document: { url: 'javascript:alert(1)' } },
      ],
    };
    const plain = { text: 'y', sources: [{ type: 'tool', id: 't' }] };
    const { events } = await decode(
      START,
      event('citation-start', { citations: citation }),
      event('citation-start', { citations: plain }),
      end('COMPLETE'),
    );
    expect(events.flatMap((one) => (one.type === 'annotation' ? one.annotation : []))).toEqual([
      { kind: 'citation', url: 'https://a.example', title: 'A', apiData: { cohere: citation } },
      { kind: 'other', apiData: { cohere: plain } },
    ]);
  });

  test('that is not streamed', async () => {
    const decoded = await decode({
      id: 'w-1',
      finish_reason: 'TOOL_CALL',
      message: {
        role: 'assistant',
        tool_plan: 'Plan.',
        content: [
          { type: 'thinking', thinking: 'Hm.' },
          { type: 'text', text: 'Hello' },
        ],
        tool_calls: [
          { id: 'a', type: 'function', function: { name: 'f', arguments: 'null' } },
          { id: 'b', type: 'function', function: { name: 'g', arguments: '{"x":1}' } },
        ],
      },
      usage: { billed_units: { input_tokens: 1, output_tokens: 2 } },
    });
    expect(answerOf(decoded)).toMatchObject({
      id: 'w-1',
      text: 'Hello',
      reasoning: 'Plan.Hm.',
      toolCalls: [
        { name: 'f', arguments: '{}' },
        { name: 'g', arguments: '{"x":1}' },
      ],
      usage: { promptTokens: 1, completionTokens: 2, totalTokens: 3 },
      finishReason: 'tool_calls',
      nativeFinishReason: 'TOOL_CALL',
    });
  });
});

describe('how it ends', () => {
  test.each([
    ['COMPLETE', 'stop'],
    ['STOP_SEQUENCE', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['TOOL_CALL', 'tool_calls'],
    ['ERROR_TOXIC', 'content_filter'],
    ['NEWS', 'stop'],
  ])('%s → %s', async (native, finishReason) => {
    expect((await decode(START, end(native))).events.at(-1)).toEqual({
      type: 'response-end',
      finishReason,
      nativeFinishReason: native,
    });
  });

  test.each(['ERROR', 'TIMEOUT'])('%s is a failure, and its usage is reported', async (reason) => {
    const { events, error } = await decode(START, textPiece('x'), end(reason, { usage: { tokens: { input_tokens: 5 } } }));
    expect(error).toMatchObject({ kind: 'provider', code: reason, message: `Cohere stopped the response (${reason})` });
    expect(events.at(-1)).toMatchObject({ type: 'usage', usage: { promptTokens: 5 } });
  });

  test('without an end event it was cut', async () => {
    expect((await decode(START, textPiece('x'))).error).toMatchObject({ kind: 'network', code: 'stream-cut' });
  });

  test('an error instead of an answer', async () => {
    expect((await decode({ id: 'e-1', message: 'too many tokens: 5' })).error).toMatchObject({
      message: 'Cohere: too many tokens: 5',
      requestId: 'e-1',
    });
  });
});

describe('usage', () => {
  const counts = fc.record({ input_tokens: fc.nat(), output_tokens: fc.nat() });

  test('is the billed one, and its parts add up to its total', () => {
    fc.assert(
      fc.property(counts, counts, fc.nat(), (billed, tokens, cached) => {
        const wire = { billed_units: billed, tokens, cached_tokens: cached };
        const usage = decodeCohereUsage(wire)!;
        expect(usage).toMatchObject({ promptTokens: billed.input_tokens, completionTokens: billed.output_tokens, wire });
        expect(usage.totalTokens).toBe(usage.promptTokens + usage.completionTokens);
        const read = decodeCohereUsage({ tokens, cached_tokens: cached })!;
        expect(read).toMatchObject({
          promptTokens: tokens.input_tokens,
          totalTokens: tokens.input_tokens + tokens.output_tokens,
        });
        expect(read.cachedTokens! <= read.promptTokens).toBe(true);
      }),
    );
  });

  test.each([undefined, null, {}, { billed_units: { search_units: 1 } }, { cached_tokens: 4 }])('%j is no usage', (wire) => {
    expect(decodeCohereUsage(wire)).toBeUndefined();
  });
});
