import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EMPTY_ANSWER, reduceAnswer } from '../../../src/core/answer/answer.ts';
import { AnswerGatherer, GatheredText, textBlocks } from '../../../src/core/answer/gather.ts';
import type { CompletionEvent } from '../../../src/apis/completion.ts';

const piece = fc.string({ maxLength: 5 });
const event: fc.Arbitrary<CompletionEvent> = fc.oneof(
  fc.record({ type: fc.constant('text-delta' as const), text: piece }),
  fc.record({ type: fc.constant('reasoning-delta' as const), text: piece }),
  fc.record({
    type: fc.constant('tool-call-delta' as const),
    index: fc.nat({ max: 4 }),
    id: fc.option(piece, { nil: undefined }),
    name: fc.option(piece, { nil: undefined }),
    arguments: piece,
  }),
  fc.record({ type: fc.constant('image' as const), url: piece }),
  fc.record({ type: fc.constant('audio' as const), data: piece }),
  fc.record({
    type: fc.constant('annotation' as const),
    annotation: fc.record({ kind: fc.constant('citation' as const), url: piece }),
  }),
  fc.constant<CompletionEvent>({ type: 'response-start', id: 'gen-1', model: 'a/b' }),
  fc.constant<CompletionEvent>({ type: 'reasoning-parts', parts: [{ kind: 'text', text: 'x' }] }),
  fc.constant<CompletionEvent>({ type: 'response-end', finishReason: 'stop' }),
);

describe('a collected answer', () => {
  test('equals its reduced events', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const gathered = new AnswerGatherer();
        for (const one of events) gathered.see(one);
        const answer = gathered.answer();
        expect(answer).toEqual(events.reduce(reduceAnswer, EMPTY_ANSWER));
        expect(textBlocks(answer).join('')).toBe(answer.text);
      }),
    );
  });

  test('with very many or very long pieces too', () => {
    for (const [count, size] of [
      [5000, 3],
      [5, 700_000],
    ] as const) {
      const pieces = Array.from({ length: count }, (_, index) => String(index % 10).repeat(size));
      const text = new GatheredText();
      for (const one of pieces) text.add(one);
      expect(text.text() === pieces.join('')).toBe(true);
      expect(text.blocks().join('') === pieces.join('')).toBe(true);
    }
  });

  test('has no more than was requested, and knows its length', () => {
    const text = new GatheredText(4);
    for (const one of ['ab', 'cde', 'f']) text.add(one);
    expect([text.text(), text.length]).toEqual(['abcd', 6]);
  });
});
