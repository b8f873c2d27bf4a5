import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commandWords } from '../../../src/core/settings/command-words.ts';

test.each([
  ['pass show openrouter', ['pass', 'show', 'openrouter']],
  ["  op read 'op://Private/Open Router/key' ", ['op', 'read', 'op://Private/Open Router/key']],
  ['security find-generic-password -s "my \\"key\\"" -w', ['security', 'find-generic-password', '-s', 'my "key"', '-w']],
  ['C:\\Tools\\key.exe "C:\\My Files\\a b"', ['C:\\Tools\\key.exe', 'C:\\My Files\\a b']],
  ["a\\ b ''", ['a b', '']],
  ['echo $HOME ; rm * | x > y `z`', ['echo', '$HOME', ';', 'rm', '*', '|', 'x', '>', 'y', '`z`']],
])('%s', (text, words) => {
  expect(commandWords(text)).toEqual(words);
});

test.each([
  ['', /empty/],
  ['  ', /empty/],
  ["''", /empty/],
  ['a "b', /quote/],
  ["a 'b", /quote/],
  ['a\0b', /zero byte/],
])('%j is a usage error', (text, message) => {
  expect(() => commandWords(text)).toThrow(expect.objectContaining({ kind: 'usage', message: expect.stringMatching(message) }));
});

test('words in single quotes come back unchanged', () => {
  const word = fc.string().filter((text) => !/['\0]/.test(text));
  fc.assert(
    fc.property(
      fc.string({ minLength: 1 }).filter((text) => !/['\0]/.test(text)),
      fc.array(word),
      (program, args) => {
        expect(commandWords([program, ...args].map((each) => `'${each}'`).join(' '))).toEqual([program, ...args]);
      },
    ),
  );
});
