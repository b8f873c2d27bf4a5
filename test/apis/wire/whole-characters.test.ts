import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EMPTY_ANSWER, reduceAnswer } from '../../../src/core/answer/answer.ts';
import { sseBatches } from '../../../src/http/sse.ts';
import type { CompletionEvent } from '../../../src/apis/completion.ts';
import { decodeStream } from '../../../src/apis/chat-completions/decode-stream.ts';
import { chunk } from '../../support/api-server.ts';
import { asPieces, gather } from '../../support/byte-pieces.ts';

const END = `${chunk({}, {}, { finish_reason: 'stop' })}data: [DONE]\n\n`;
const decode = (chunks: readonly string[]): Promise<CompletionEvent[]> =>
  gather(decodeStream(sseBatches(asPieces([new TextEncoder().encode(chunks.join('') + END)]))));
const answerOf = (events: readonly CompletionEvent[]) => events.reduce(reduceAnswer, EMPTY_ANSWER);

/** Half of a surrogate pair without the other half. */
const HALF = /\p{Surrogate}/u;

const textsOf = (events: readonly CompletionEvent[]): string[] =>
  events.flatMap((event) =>
    event.type === 'text-delta' || event.type === 'reasoning-delta'
      ? [event.text]
      : event.type === 'tool-call-delta'
        ? [event.arguments]
        : [],
  );

/** A text cut into UTF-16 units, possibly within a character. */
const cutText = fc
  .tuple(fc.string({ unit: fc.constantFrom('a', '"', '\\', '\n', 'é', '日', '😀', '👩‍🔬') }), fc.array(fc.nat({ max: 40 })))
  .map(([text, cuts]) => {
    const places = [...new Set(cuts.filter((cut) => cut < text.length))].toSorted((one, other) => one - other);
    return { text, pieces: [...places, text.length].map((end, index) => text.slice(places[index - 1] ?? 0, end)) };
  });

describe('a server that cuts characters in two', () => {
  test.each(['content', 'reasoning', 'arguments'] as const)(
    'no delta of %s contains half of one, and nothing is lost',
    async (field) => {
      await fc.assert(
        fc.asyncProperty(cutText, async ({ text, pieces }) => {
          const deltaOf = (piece: string) =>
            field === 'arguments'
              ? { tool_calls: [{ index: 0, id: 'call-1', function: { name: 'f', arguments: piece } }] }
              : { [field]: piece };
          const events = await decode(pieces.map((piece) => chunk(deltaOf(piece))));
          for (const delta of textsOf(events)) expect(delta).not.toMatch(HALF);
          const answer = answerOf(events);
          const whole = { content: answer.text, reasoning: answer.reasoning, arguments: answer.toolCalls[0]?.arguments ?? '' };
          expect(whole[field]).toBe(text);
        }),
      );
    },
  );

  test('interleaved halves of text, reasoning and calls are matched correctly', async () => {
    const [high, low] = ['\ud83d', '\ude00'];
    const call = (index: number, piece: string) => ({
      tool_calls: [{ index, id: `call-${index}`, function: { name: 'f', arguments: piece } }],
    });
    const events = await decode([
      chunk({ content: high }),
      chunk({ reasoning: high }),
      chunk(call(0, high)),
      chunk(call(1, `{${high}`)),
      chunk(call(0, low)),
      chunk({ content: low }),
      chunk(call(1, `${low}}`)),
      chunk({ reasoning: low }),
    ]);
    for (const delta of textsOf(events)) expect(delta).not.toMatch(HALF);
    expect(answerOf(events)).toMatchObject({
      text: '😀',
      reasoning: '😀',
      toolCalls: [{ arguments: '😀' }, { arguments: '{😀}' }],
    });
  });

  test('a half without its other half is not lost', async () => {
    const events = await decode([chunk({ content: 'a\ud83d' })]);
    expect(answerOf(events).text).toBe('a\ud83d');
  });
});
