import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChatRequest, CompletionEvent } from '../../../../src/apis/completion.ts';
import { gemini } from '../../../../src/apis/gemini/dialect.ts';
import { decodeWith } from '../../../support/decode-with.ts';
import { findVendor } from '../../../../src/apis/vendors.ts';
import { type Answer, EMPTY_ANSWER, reduceAnswer } from '../../../../src/core/answer/answer.ts';
import { geminiDialect } from '../../../../src/gateway/dialects/gemini/dialect.ts';
import type { StreamPiece } from '../../../../src/gateway/dialects/served-dialect.ts';
import { eventsOf, type SpokenAnswer, spokenAnswers } from '../../../support/spoken-answers.ts';

const OPTIONS = { seconds: () => 1_780_000_001, requestId: 'req-1' };

function ask(query: string, method = 'streamGenerateContent', more: object = {}): ChatRequest {
  const body = {
    contents: [{ role: 'user', parts: [{ text: 'hi' }] }],
    generationConfig: { thinkingConfig: { includeThoughts: true } },
    ...more,
  };
  const target = { parts: ['x/bard', method], query: new URLSearchParams(query), requestHeaders: {} };
  return geminiDialect.parse(JSON.stringify(body), target);
}

function streamed(events: readonly CompletionEvent[], query: string): readonly StreamPiece[] {
  const encoder = geminiDialect.streamed(ask(query), OPTIONS);
  return [...events.flatMap((event) => encoder.encode(event)), ...encoder.end()];
}

const inEvents = (events: readonly CompletionEvent[]): any[] =>
  streamed(events, 'alt=sse').flatMap((piece) => ('data' in piece ? JSON.parse(piece.data) : []));
const inList = (events: readonly CompletionEvent[]): any[] =>
  JSON.parse(
    streamed(events, '')
      .map((piece) => ('text' in piece ? piece.text : ''))
      .join(''),
  );
function whole(events: readonly CompletionEvent[]): any {
  const encoder = geminiDialect.whole(ask('', 'generateContent'), OPTIONS);
  for (const event of events) encoder.add(event);
  return JSON.parse(encoder.body());
}

/** Reads a reply of this dialect with orx's own decoder. */
async function readBack(pieces: readonly unknown[]): Promise<Answer> {
  async function* batches() {
    yield pieces.map((piece) => ({ type: 'data' as const, data: JSON.stringify(piece) }));
  }
  const events: CompletionEvent[] = [];
  for await (const event of decodeWith(gemini, batches(), {}, findVendor('google')!)) events.push(event);
  return events.reduce(reduceAnswer, EMPTY_ANSWER);
}

/** An answer that is filtered before its first text has no candidate. */
const isBlocked = ({ segments, finishReason }: SpokenAnswer): boolean =>
  finishReason === 'content_filter' && segments.every(({ type }) => type === 'citation');

describe('any answer, encoded as contents', () => {
  test('is decoded by orx to the same one, in events, in a list and whole', async () => {
    await fc.assert(
      fc.asyncProperty(spokenAnswers, async (spoken) => {
        const events = eventsOf(spoken);
        const sent = events.reduce(reduceAnswer, EMPTY_ANSWER);
        for (const pieces of [inEvents(events), inList(events), [whole(events)]]) {
          const read = await readBack(pieces);
          expect([read.text, read.reasoning, read.images]).toEqual([sent.text, sent.reasoning, sent.images]);
          expect(read.toolCalls.map((call) => ({ ...call, arguments: JSON.parse(call.arguments) }))).toEqual(
            sent.toolCalls.map((call) => ({ ...call, arguments: JSON.parse(call.arguments) })),
          );
          const sources = (answer: Answer): Set<string> =>
            new Set(answer.annotations.map((one) => (one.kind === 'citation' ? one.url : '')));
          expect(sources(read)).toEqual(isBlocked(spoken) ? new Set() : sources(sent));
          expect([read.id, read.model, read.created]).toEqual(['answer-1', 'x/bard-1', 1_780_000_000]);
          expect(read.finishReason).toBe(sent.finishReason);
          const counts = ({ usage }: Answer): unknown =>
            usage && [
              usage.promptTokens,
              usage.completionTokens,
              usage.totalTokens,
              usage.cachedTokens ?? 0,
              usage.reasoningTokens ?? 0,
            ];
          expect(counts(read)).toEqual(counts(sent));
          expect(pieces.at(-1).usageMetadata?.cost).toBe(
            spoken.usage?.cost === undefined ? undefined : Number(spoken.usage.cost),
          );
        }
      }),
      { numRuns: 300 },
    );
  });

  test('returns its reasoning as the vendor requires it when the client sends its content again', () => {
    fc.assert(
      fc.property(spokenAnswers, (spoken) => {
        const events = eventsOf({ ...spoken, finishReason: 'stop' });
        const sent = events.reduce(reduceAnswer, EMPTY_ANSWER);
        const { content } = whole(events).candidates[0];
        // Many clients drop the reasoning.
        for (const parts of [content.parts, content.parts.filter((part: any) => part.thought !== true)]) {
          const { messages } = ask('', 'generateContent', {
            contents: [
              { role: 'user', parts: [{ text: 'hi' }] },
              { role: 'model', parts },
            ],
          });
          const [, answer] = messages;
          expect(answer?.content).toBe(sent.text);
          expect(answer?.images ?? []).toEqual(sent.images);
          expect((answer?.toolCalls ?? []).map(({ id, name }) => [id, name])).toEqual(
            sent.toolCalls.map(({ id, name }) => [id, name]),
          );
          const isSealed = sent.reasoningParts.length > 0;
          expect(answer?.answeredBy).toBe(isSealed ? 'x/bard-1' : undefined);
          // Reasoning without a signature: no vendor accepts it back.
          expect((isSealed ? answer?.reasoningParts : undefined) ?? []).toEqual(sent.reasoningParts);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('does not send reasoning to a client that did not request it', () => {
    fc.assert(
      fc.property(spokenAnswers, (spoken) => {
        const encoder = geminiDialect.streamed(ask('alt=sse', 'streamGenerateContent', { generationConfig: {} }), OPTIONS);
        const pieces = eventsOf(spoken).flatMap((event) => encoder.encode(event));
        expect(JSON.stringify(pieces)).not.toContain('\\"thought\\":true');
      }),
    );
  });
});

test('a heartbeat is a blank line, because older versions of @google/genai fail on a comment', () => {
  const events: CompletionEvent[] = [
    { type: 'heartbeat' },
    { type: 'heartbeat' },
    { type: 'response-start', id: 'answer-1', model: 'x/bard-1' },
    { type: 'text-delta', text: 'Hello' },
    { type: 'response-end', finishReason: 'stop' },
  ];
  let text = streamed(events, 'alt=sse')
    .map((piece) => ('text' in piece ? piece.text : 'data' in piece ? `data: ${piece.data}\n\n` : ': comment\n\n'))
    .join('');
  // The way those versions read a stream: each event is at the start of what is left, after white space.
  const event = /^\s*data: (.*)\n\n/;
  const texts: string[] = [];
  for (let found = event.exec(text); found !== null; found = event.exec(text)) {
    texts.push(JSON.parse(found[1]!).candidates[0].content?.parts[0]?.text);
    text = text.slice(found[0].length);
  }
  expect(texts).toEqual(['Hello', '']);
  expect(text.trim()).toBe('');
  expect(streamed(events, '').every((piece) => 'text' in piece && piece.text.trim() !== '')).toBe(true);
});
