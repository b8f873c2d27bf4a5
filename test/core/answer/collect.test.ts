import { expect, test } from 'vitest';
import type { AnswerSink, CompletionEvent } from '../../../src/apis/completion.ts';
import { collectPushed } from '../../../src/core/answer/collect.ts';
import { turns } from '../../support/turns.ts';

const text = (piece: string): CompletionEvent => ({ type: 'text-delta', text: piece });
const END: CompletionEvent = { type: 'response-end', finishReason: 'stop' };

test('events wait in their order for one that takes time, and the connection is told to wait', async () => {
  const shown: string[] = [];
  let sink!: AnswerSink;
  let go = (): void => undefined;
  let finish = (): void => undefined;
  const collected = collectPushed(
    (given) => {
      sink = given;
      return new Promise((resolve) => (finish = resolve));
    },
    (event) => {
      shown.push(event.type === 'text-delta' ? event.text : event.type);
      return event.type === 'text-delta' && event.text === 'b' ? new Promise<void>((resolve) => (go = resolve)) : undefined;
    },
  );
  sink.see(text('a'));
  expect(sink.ready?.()).toBeUndefined();
  sink.see(text('b'));
  const ready = sink.ready?.();
  expect(ready).toBeInstanceOf(Promise);
  sink.see(text('c'));
  sink.see(END);
  finish();
  await turns();
  expect(shown).toEqual(['a', 'b']);
  go();
  await ready;
  expect(shown).toEqual(['a', 'b', 'c', 'response-end']);
  expect(await collected).toMatchObject({ answer: { text: 'abc', finishReason: 'stop' } });
});

test('what has arrived before a failure is shown before the answer ends', async () => {
  const broken = new Error('broke off');
  const shown: string[] = [];
  const outcome = await collectPushed(
    async (sink) => {
      sink.see(text('a'));
      sink.see(text('b'));
      throw broken;
    },
    async (event) => {
      await turns();
      shown.push(event.type === 'text-delta' ? event.text : event.type);
    },
  );
  expect(shown).toEqual(['a', 'b']);
  expect(outcome).toMatchObject({ answer: { text: 'ab' }, error: broken });
});

test.each([
  [
    'at once',
    () => {
      throw new Error('full');
    },
  ],
  [
    'later',
    async () => {
      await turns();
      throw new Error('full');
    },
  ],
])('a reader that fails %s ends the answer', async (_, fail) => {
  const seen: unknown[] = [];
  const outcome = await collectPushed(async (sink) => {
    sink.see(text('a'));
    await sink.ready?.();
    try {
      sink.see(text('b'));
    } catch (error) {
      seen.push(error);
      throw error;
    }
  }, fail);
  expect(outcome.error).toMatchObject({ message: 'full' });
  expect(outcome.answer.text).toBe('a');
});
