import { PassThrough, Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { readFirstLine } from '../../../src/cli/files/read-first-line.ts';

const quiet = new AbortController().signal;
const bytes = (...pieces: (string | Buffer)[]): Readable =>
  Readable.from(
    pieces.map((piece) => Buffer.from(piece)),
    { objectMode: false },
  );

test.each([
  ['a line', ['sk-1\n'], 'sk-1'],
  ['a line without an end', ['sk-1'], 'sk-1'],
  ['a Windows line', ['sk-1\r\n'], 'sk-1'],
  ['what a password manager adds', ['sk-1\nurl: https://x.example\nuser: me\n'], 'sk-1'],
  ['blank lines before it', ['\n', '  \r\n', ' sk-1 \n'], 'sk-1'],
  ['a byte order mark', ['\ufeffsk-1\n'], 'sk-1'],
  ['pieces', ['s', 'k-', '1', '\nrest'], 'sk-1'],
  ['a letter cut in two', [Buffer.from([0xc3]), Buffer.from([0xa9, 0x0a])], '\u00e9'],
  ['nothing', [], ''],
  ['blank lines only', ['\n \n'], ''],
  ['a file that is no key', ['x'.repeat(200_000)], ''],
])('reads %s', async (_, pieces, line) => {
  expect(await readFirstLine(bytes(...pieces), quiet)).toBe(line);
});

test('an open pipe is not read past the line', async () => {
  const pipe = new PassThrough();
  pipe.write('sk-1\n');
  expect(await readFirstLine(pipe, quiet)).toBe('sk-1');
});

test('an interrupt ends the wait for a silent pipe', async () => {
  const controller = new AbortController();
  const reading = readFirstLine(new PassThrough(), controller.signal);
  controller.abort(new Error('ctrl-c'));
  await expect(reading).rejects.toThrow('ctrl-c');
});
