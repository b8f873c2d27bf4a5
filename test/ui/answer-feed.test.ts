import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAnswerFeed } from '../../src/ui/answer-feed.ts';

const rowsOf = (feed: ReturnType<typeof createAnswerFeed>): string[] => feed.take().blocks.flatMap((block) => block.rows);

test('finished rows are final, the open row is the tail', () => {
  const feed = createAnswerFeed(20, { showReasoning: true });
  expect(feed.take()).toEqual({ blocks: [], tail: undefined, hasStarted: false });
  feed.see({ type: 'text-delta', text: 'one line\nand the be' });
  const first = feed.take();
  expect(first).toEqual({
    blocks: [{ kind: 'text', rows: ['one line'] }],
    tail: { kind: 'text', rows: ['and the be'] },
    hasStarted: true,
  });
  feed.see({ type: 'text-delta', text: 'ginning of a longer one' });
  const second = feed.take();
  // What is on the screen already is the same object: nothing of it is drawn again.
  expect(second.blocks[0]).toBe(first.blocks[0]);
  expect(second.blocks[1]).toEqual({ kind: 'text', rows: ['and the beginning of'] });
  expect(second.tail).toEqual({ kind: 'text', rows: ['a longer one'] });
});

test('reasoning stands apart', () => {
  const feed = createAnswerFeed(40, { showReasoning: true });
  feed.see({ type: 'reasoning-delta', text: 'hm' });
  feed.see({ type: 'text-delta', text: 'so' });
  feed.end();
  expect(feed.take().blocks).toEqual([
    { kind: 'reasoning', rows: ['hm', ''] },
    { kind: 'text', rows: ['so'] },
  ]);
});

test('an answer keeps all its words, however it is cut and however the screen changes', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '日', 'é', '\u001b'), minLength: 1, maxLength: 12 });
  const step = fc.oneof(
    fc.record({ text: fc.array(word, { maxLength: 8 }).map((words) => `${words.join(' ')} `) }),
    fc.record({ width: fc.integer({ min: 10, max: 60 }) }),
    fc.constant({ text: '\n' }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const feed = createAnswerFeed(30, { showReasoning: true });
      let source = '';
      for (const change of steps) {
        if ('text' in change) {
          source += change.text;
          feed.see({ type: 'text-delta', text: change.text });
        } else {
          feed.resize(change.width);
        }
        feed.take();
      }
      feed.end();
      expect(rowsOf(feed).join('').replaceAll(/\s/g, '')).toBe(source.replaceAll(/\s/g, '').replaceAll('\u001b', '␛'));
    }),
  );
});
