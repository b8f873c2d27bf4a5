import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { answerView } from '../../../src/output/chat/answer-view.ts';

test('text that one read of the connection has brought is one write, before the next turn of the event loop', async () => {
  const writes: string[] = [];
  const stdout = new Writable({
    write(piece: Buffer, _encoding, done) {
      writes.push(piece.toString());
      done();
    },
  });
  const view = answerView('text', stdout, 'a/b');
  const see = (text: string): void => void view.see({ type: 'text-delta', text });
  see('one ');
  expect(writes).toEqual(['one ']);
  see('two ');
  see('three ');
  expect(writes).toEqual(['one ']);
  await Promise.resolve();
  expect(writes).toEqual(['one ', 'two three ']);
  see('four');
  await view.end({ answer: { text: 'one two three four' } as never });
  expect(writes.join('')).toBe('one two three four\n');
});
