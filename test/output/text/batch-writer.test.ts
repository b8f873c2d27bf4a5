import { Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { batchWriter } from '../../../src/output/text/batch-writer.ts';

test('writes the first text at once, and then the texts of each turn of the event loop together', async () => {
  const writes: string[] = [];
  const stream = new Writable({
    write(piece: Buffer, _encoding, done) {
      writes.push(piece.toString());
      done();
    },
  });
  const writer = batchWriter(stream);
  void writer.add('');
  expect(writes).toEqual([]);
  void writer.add('one ');
  expect(writes).toEqual(['one ']);
  void writer.add('two ');
  void writer.add('three ');
  expect(writes).toEqual(['one ']);
  await setImmediate();
  expect(writes).toEqual(['one ', 'two three ']);
  void writer.add('four');
  await writer.end();
  expect(writes).toEqual(['one ', 'two three ', 'four']);
});
