import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChatRequest, CompletionEvent } from '../../../../src/apis/completion.ts';
import { responses } from '../../../../src/apis/responses/responses.ts';
import { decodeWith } from '../../../support/decode-with.ts';
import { findVendor } from '../../../../src/apis/vendors.ts';
import { type Answer, EMPTY_ANSWER, reduceAnswer } from '../../../../src/core/answer/answer.ts';
import { responsesDialect } from '../../../../src/gateway/dialects/responses/dialect.ts';
import { itemFaults } from '../../../support/response-faults.ts';
import { eventsOf, type Segment, spokenAnswers } from '../../../support/spoken-answers.ts';

const OPTIONS = { seconds: () => 1_780_000_001, requestId: 'req-1' };
const TARGET = { parts: [], query: new URLSearchParams(), requestHeaders: {} };

const parse = (body: object): ChatRequest => responsesDialect.parse(JSON.stringify(body), TARGET);
const ASKED = parse({ model: 'x/bard', input: 'hi' });

function streamed(events: readonly CompletionEvent[], request = ASKED): { name: string | undefined; data: any }[] {
  const encoder = responsesDialect.streamed(request, OPTIONS);
  return [...events.flatMap((event) => encoder.encode(event)), ...encoder.end()].flatMap((piece) =>
    'data' in piece && piece.data !== '[DONE]' ? [{ name: piece.event, data: JSON.parse(piece.data) }] : [],
  );
}

function whole(events: readonly CompletionEvent[], request = ASKED): any {
  const encoder = responsesDialect.whole(request, OPTIONS);
  for (const event of events) encoder.add(event);
  return JSON.parse(encoder.body());
}

/** Reads a reply of this dialect with orx's own decoder. */
async function readBack(pieces: readonly unknown[]): Promise<Answer> {
  async function* batches() {
    yield pieces.map((piece) => ({ type: 'data' as const, data: JSON.stringify(piece) }));
  }
  const events: CompletionEvent[] = [];
  for await (const event of decodeWith(responses, batches(), {}, findVendor('openai')!)) events.push(event);
  return events.reduce(reduceAnswer, EMPTY_ANSWER);
}

/** Consecutive segments of one kind are one item; orx puts a blank line between items. */
function joined(segments: readonly Segment[], type: 'text' | 'reasoning'): string {
  const items: string[] = [];
  let isOpen = false;
  for (const segment of segments) {
    const text = segment.type === type ? segment.pieces.join('') : undefined;
    if (text === undefined) {
      // A source belongs to a message: it opens one, and ends reasoning.
      const keeps = type === 'text' && segment.type === 'citation';
      if (keeps && !isOpen) items.push('');
      isOpen = keeps;
    } else if (isOpen) items[items.length - 1] += text;
    else {
      items.push(text);
      isOpen = true;
    }
  }
  return items.filter((item) => item !== '').join('\n\n');
}

describe('any answer, encoded as a response', () => {
  test('is decoded by orx to the same one, streamed and whole', async () => {
    await fc.assert(
      fc.asyncProperty(spokenAnswers, async (spoken) => {
        const events = eventsOf(spoken);
        const { segments, usage } = spoken;
        const sent = events.reduce(reduceAnswer, EMPTY_ANSWER);
        for (const pieces of [streamed(events).map(({ data }) => data), [whole(events)]]) {
          const read = await readBack(pieces);
          expect(read.text).toBe(joined(segments, 'text'));
          expect(read.reasoning).toBe(joined(segments, 'reasoning'));
          expect(read.toolCalls).toEqual(sent.toolCalls);
          expect(read.images).toEqual(sent.images);
          const sources = read.annotations.map((one) => one.kind === 'citation' && [one.url, one.title]);
          expect(new Set(sources.map(String))).toEqual(
            new Set(sent.annotations.map((one) => String(one.kind === 'citation' && [one.url, one.title]))),
          );
          expect([read.id, read.model, read.created]).toEqual(['answer-1', 'x/bard-1', 1_780_000_000]);
          expect(read.finishReason).toBe(sent.finishReason);
          expect(read.usage && { ...read.usage, cost: undefined, wire: {} }).toEqual(
            usage && { ...usage, cacheWriteTokens: 0, cost: undefined },
          );
          expect(pieces.at(-1).response?.usage?.cost ?? pieces.at(-1).usage?.cost).toBe(
            usage?.cost === undefined ? undefined : Number(usage.cost),
          );
        }
      }),
      { numRuns: 300 },
    );
  });

  test('has its events in the order of the specification', () => {
    fc.assert(
      fc.property(spokenAnswers, (spoken) => {
        const events = streamed(eventsOf(spoken));
        expect(events.map(({ data }) => data.sequence_number)).toEqual(events.map((_, at) => at));
        expect(events.every(({ name, data }) => name === data.type)).toBe(true);
        expect(events.slice(0, 2).map(({ name }) => name)).toEqual(['response.created', 'response.in_progress']);
        const last = events.at(-1)!;
        expect(last.name).toBe(`response.${last.data.response.status}`);
        expect(
          itemFaults(
            events.slice(2, -1).map(({ data }) => data),
            last.data.response.output,
          ),
        ).toEqual([]);
        // Returns the same answer without the ids of its items.
        const withoutIds = (item: any): unknown => ({ ...item, id: '' });
        expect(whole(eventsOf(spoken)).output.map(withoutIds)).toEqual(last.data.response.output.map(withoutIds));
      }),
      { numRuns: 300 },
    );
  });

  test('returns its reasoning as the vendor requires it when the client sends its items again', () => {
    fc.assert(
      fc.property(spokenAnswers, (spoken) => {
        const events = eventsOf({ ...spoken, finishReason: 'stop' });
        const sent = events.reduce(reduceAnswer, EMPTY_ANSWER);
        const { output } = whole(events);
        const { messages } = parse({ model: 'x/bard', input: [{ role: 'user', content: 'hi' }, ...output] });
        const answer = messages[1];
        expect(messages.slice(2)).toEqual([]);
        expect(answer?.reasoningParts ?? []).toEqual(sent.reasoningParts);
        expect(answer?.toolCalls ?? []).toEqual(sent.toolCalls);
        expect(answer?.images ?? []).toEqual(sent.images);
        expect(answer?.content ?? '').toBe(joined(spoken.segments, 'text'));
        const hasReasoning = spoken.segments.some(({ type }) => type === 'reasoning');
        expect(answer?.answeredBy).toBe(hasReasoning ? 'x/bard-1' : undefined);
      }),
      { numRuns: 300 },
    );
  });
});

test('a call of a tool in a group names the group, streamed and whole', () => {
  const request = parse({
    model: 'x/bard',
    input: 'hi',
    tools: [
      {
        type: 'namespace',
        name: 'agents',
        tools: [
          { type: 'function', name: 'close' },
          { type: 'custom', name: 'tell' },
        ],
      },
    ],
  });
  const events: CompletionEvent[] = [
    { type: 'response-start', id: 'answer-1', model: 'x/bard-1' },
    { type: 'tool-call-delta', index: 0, id: 'c1', name: 'agents__close', arguments: '{"id":1}' },
    { type: 'tool-call-delta', index: 1, id: 'c2', name: 'agents__tell', arguments: '{"input":"hello"}' },
    { type: 'response-end', finishReason: 'tool_calls' },
  ];
  const calls = [
    { type: 'function_call', call_id: 'c1', namespace: 'agents', name: 'close', arguments: '{"id":1}' },
    { type: 'custom_tool_call', call_id: 'c2', namespace: 'agents', name: 'tell', input: 'hello' },
  ];
  expect(whole(events, request).output).toMatchObject(calls);
  const items = streamed(events, request).filter(({ name }) => name === 'response.output_item.done');
  expect(items.map(({ data }) => data.item)).toMatchObject(calls);
});
