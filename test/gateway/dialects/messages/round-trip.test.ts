import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CompletionEvent, Usage } from '../../../../src/apis/completion.ts';
import type { ReasoningPart } from '../../../../src/apis/message.ts';
import { EMPTY_ANSWER, reduceAnswer } from '../../../../src/core/answer/answer.ts';
import { messagesDialect } from '../../../../src/gateway/dialects/messages/dialect.ts';
import { decodedAnswer, encodedPieces, sdkMessage } from '../../../support/message-stream.ts';

const OPTIONS = { seconds: () => 0, requestId: 'req-1' };
const PNG = 'data:image/png;base64,iVBORw0KGgo=';
const piece = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' });
const pieces = fc.array(piece, { minLength: 1, maxLength: 4 });
const name = fc.stringMatching(/^[a-zA-Z0-9_-]{1,12}$/);
const input = fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3, noNullPrototype: true });

/** A segment of an answer, as its events. `at` numbers the segments; calls are numbered later. */
type Stretch = (at: number) => CompletionEvent[];

const texts = pieces.map(
  (all): Stretch =>
    () =>
      all.map((text) => ({ type: 'text-delta', text })),
);

const reasoning = fc
  .record({
    all: pieces,
    format: fc.constantFrom('anthropic-claude-v1', 'google-gemini-v1', 'openai-responses-v1', undefined),
    kind: fc.constantFrom('text' as const, 'summary' as const),
    isSigned: fc.boolean(),
    hasParts: fc.boolean(),
  })
  .map(({ all, format, kind, isSigned, hasParts }): Stretch => (at) => {
    const part = (more: Partial<ReasoningPart>): CompletionEvent => ({
      type: 'reasoning-parts',
      parts: [{ kind, index: at, ...(format !== undefined && { format }), ...more }],
    });
    return [
      ...all.flatMap((text): CompletionEvent[] => [{ type: 'reasoning-delta', text }, ...(hasParts ? [part({ text })] : [])]),
      ...(hasParts && isSigned ? [part({ signature: `sig-${at}` })] : []),
    ];
  });

const encrypted = fc
  .record({ format: fc.constantFrom('anthropic-claude-v1', 'google-gemini-v1'), id: fc.option(fc.uuid(), { nil: undefined }) })
  .map(({ format, id }): Stretch => (at) => {
    // Anthropic's has no id.
    const named = id === undefined || format === 'anthropic-claude-v1' ? {} : { id };
    return [{ type: 'reasoning-parts', parts: [{ kind: 'encrypted', encrypted: `secret-${at}`, format, ...named, index: at }] }];
  });

/** Several calls, whose pieces may alternate. */
const calls = fc
  .record({
    all: fc.array(fc.record({ id: fc.uuid(), name, input }), { minLength: 1, maxLength: 3 }),
    byTurns: fc.boolean(),
    size: fc.integer({ min: 1, max: 9 }),
  })
  .map(({ all, byTurns, size }): Stretch => () => {
    const told = all.map(({ id, name: called, input: given }, index) => {
      const characters = [...JSON.stringify(given)];
      const cut = Array.from({ length: Math.ceil(characters.length / size) }, (_, at) =>
        characters.slice(at * size, (at + 1) * size).join(''),
      );
      return cut.map((text, at): CompletionEvent => ({
        type: 'tool-call-delta',
        index,
        ...(at === 0 && { id, name: called }),
        arguments: text,
      }));
    });
    if (!byTurns) return told.flat();
    const longest = Math.max(...told.map(({ length }) => length));
    return Array.from({ length: longest }, (_, at) => told.flatMap((one) => one[at] ?? [])).flat();
  });

const others = fc.constantFrom<Stretch>(
  () => [{ type: 'annotation', annotation: { kind: 'citation', url: 'https://a.example', title: 'A' } }],
  () => [{ type: 'heartbeat' }],
  () => [{ type: 'image', url: PNG }],
);

const usages: fc.Arbitrary<Usage> = fc
  .record({ plain: fc.nat(1e6), read: fc.nat(1e6), written: fc.nat(1e6), answer: fc.nat(1e6), thought: fc.nat(1e6) })
  .map(({ plain, read, written, answer, thought }) => ({
    promptTokens: plain + read + written,
    completionTokens: answer + thought,
    totalTokens: plain + read + written + answer + thought,
    cachedTokens: read,
    cacheWriteTokens: written,
    reasoningTokens: thought,
    cost: '0.0012345',
    wire: {},
  }));

const answers = fc
  .record({
    stretches: fc.array(
      fc.oneof(
        { weight: 3, arbitrary: texts },
        { weight: 3, arbitrary: reasoning },
        { weight: 2, arbitrary: calls },
        { weight: 1, arbitrary: encrypted },
        { weight: 1, arbitrary: others },
      ),
      { maxLength: 7 },
    ),
    usage: fc.option(usages, { nil: undefined }),
    reason: fc.constantFrom('stop', 'length', 'content_filter'),
  })
  .map(({ stretches, usage, reason }): CompletionEvent[] => {
    let first = 0;
    const events = stretches.flatMap((stretch, at) => {
      const told = stretch(at);
      const indexes = told.flatMap((one) => (one.type === 'tool-call-delta' ? [one.index] : []));
      const moved = told.map((one) => (one.type === 'tool-call-delta' ? { ...one, index: one.index + first } : one));
      first += indexes.length === 0 ? 0 : Math.max(...indexes) + 1;
      return moved;
    });
    return [
      { type: 'response-start', id: 'answer-1', model: 'x/bard-1', provider: 'Globe' },
      ...events,
      ...(usage === undefined ? [] : [{ type: 'usage', usage } as const]),
      { type: 'response-end', finishReason: reason === 'stop' && first > 0 ? 'tool_calls' : reason },
    ];
  });

const request = { model: 'asked', messages: [], stream: true };
const streamed = (events: readonly CompletionEvent[]) => encodedPieces(messagesDialect.streamed(request, OPTIONS), events);

describe('any answer, encoded as a message', () => {
  test('is decoded unchanged by the SDK and by orx', async () => {
    await fc.assert(
      fc.asyncProperty(answers, async (events) => {
        const answer = events.reduce(reduceAnswer, EMPTY_ANSWER);
        const sent = streamed(events);
        const [message, decoded] = [await sdkMessage(sent), await decodedAnswer(sent)];
        for (const read of [decoded, fromMessage(message)]) {
          expect(read.text).toBe(answer.text);
          expect(read.reasoning).toBe(answer.reasoning);
          expect(read.toolCalls.map(({ id, name: called, arguments: text }) => [id, called, JSON.parse(text)])).toEqual(
            answer.toolCalls.map(({ id, name: called, arguments: text }) => [id, called, JSON.parse(text)]),
          );
        }
        expect(decoded).toMatchObject({ id: 'answer-1', model: 'x/bard-1', finishReason: answer.finishReason });
        const { usage } = answer;
        if (usage === undefined) return;
        const { promptTokens, completionTokens, totalTokens, cachedTokens, cacheWriteTokens, reasoningTokens } = usage;
        expect(decoded.usage).toMatchObject({
          promptTokens,
          completionTokens,
          totalTokens,
          cachedTokens,
          cacheWriteTokens,
          reasoningTokens: Math.min(reasoningTokens!, completionTokens),
        });
        expect(message.usage).toMatchObject({ input_tokens: promptTokens - cachedTokens! - cacheWriteTokens! });
      }),
    );
  });

  test('is the same whole as assembled from its stream', async () => {
    await fc.assert(
      fc.asyncProperty(answers, async (events) => {
        const encoder = messagesDialect.whole(request, OPTIONS);
        for (const event of events) encoder.add(event);
        const message = await sdkMessage(streamed(events));
        const { usage, ...whole } = JSON.parse(encoder.body());
        // The SDK copies fewer counts than the last event has, and adds a field of its own.
        const { usage: _, ...streamedWhole } = JSON.parse(
          JSON.stringify(message, (key, value) => (key === 'parsed_output' ? undefined : value)),
        );
        expect(whole).toEqual(streamedWhole);
        expect(usage).toMatchObject(events.some(({ type }) => type === 'usage') ? { cost: 0.0012345 } : {});
      }),
    );
  });

  test('begins each block once, sends deltas only for open ones, and ends them all', () => {
    fc.assert(
      fc.property(answers, (events) => {
        const wire = streamed(events).flatMap((one) => ('data' in one ? [JSON.parse(one.data)] : []));
        const open = new Set<number>();
        const faults: string[] = [];
        let count = 0;
        for (const { type, index } of wire) {
          if (type === 'content_block_start') {
            if (index !== count) faults.push(`block ${index} after ${count - 1}`);
            count += 1;
            open.add(index);
          }
          if (type === 'content_block_delta' && !open.has(index)) faults.push(`a delta of block ${index}`);
          if (type === 'content_block_stop' && !open.delete(index)) faults.push(`an end of block ${index}`);
        }
        expect(faults).toEqual([]);
        expect(open.size).toBe(0);
        expect(wire.find(({ type }) => type !== 'ping').type).toBe('message_start');
        expect(wire.at(-1).type).toBe('message_stop');
      }),
    );
  });

  test('returns its reasoning in the next request as the vendor requires it', async () => {
    await fc.assert(
      fc.asyncProperty(answers, async (events) => {
        const answer = events.reduce(reduceAnswer, EMPTY_ANSWER);
        const message = await sdkMessage(streamed(events));
        const body = JSON.stringify({ model: 'm', messages: [{ role: 'assistant', content: message.content }] });
        const [back] = messagesDialect.parse(body, { parts: [], query: new URLSearchParams(), requestHeaders: {} }).messages;
        const wanted = answer.reasoningParts.filter((part) => !isUnsignedOfAnthropic(part));
        const [own, foreign] = [partsOf(back!.reasoningParts, true), partsOf(back!.reasoningParts, false)];
        expect(foreign).toEqual(partsOf(wanted, false));
        expect(own).toEqual(partsOf(wanted, true));
        expect(foreign.length === 0 || back!.answeredBy === 'x/bard-1').toBe(true);
        const places = (back!.reasoningParts ?? []).map(({ index }) => index);
        expect(new Set(places).size).toBe(places.length);
        expect(back!.toolCalls ?? []).toHaveLength(answer.toolCalls.length);
        expect(back!.images ?? []).toEqual(answer.images);
      }),
    );
  });
});

/** Anthropic accepts no text back without its signature. */
function isUnsignedOfAnthropic({ kind, format, signature }: ReasoningPart): boolean {
  return format === 'anthropic-claude-v1' && kind !== 'encrypted' && signature === undefined;
}

function partsOf(parts: readonly ReasoningPart[] | undefined, isAnthropic: boolean) {
  return (parts ?? [])
    .filter((part) => !isUnsignedOfAnthropic(part) && (part.format === 'anthropic-claude-v1') === isAnthropic)
    .map(({ kind, text, encrypted: secret, signature, format, id }) => ({ kind, text, secret, signature, format, id }));
}

function fromMessage({ content }: { content: readonly any[] }) {
  const of = (type: string): any[] => content.filter((block) => block.type === type);
  return {
    text: of('text')
      .map(({ text }) => text)
      .join(''),
    reasoning: of('thinking')
      .map(({ thinking }) => thinking)
      .join(''),
    toolCalls: of('tool_use').map(({ id, name: called, input: given }) => ({
      id,
      name: called,
      arguments: JSON.stringify(given),
    })),
  };
}
