import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readBashLine } from '../../../src/core/tab-completion/bash-line.ts';

/** bash's default. */
const BREAKS = ' \t\n"\'@><=;|&(:';

test.each([
  ['orx ', ['orx'], '', '', ''],
  ['orx chat -m qwen/q:f', ['orx', 'chat', '-m'], 'qwen/q:f', 'qwen/q:', ''],
  ['orx models --sort=pr', ['orx', 'models'], '--sort=pr', '--sort=', ''],
  ['orx chat "two words" \'and $(this)\' x', ['orx', 'chat', 'two words', 'and $(this)'], 'x', '', ''],
  ['orx chat -m "qwen/q:f', ['orx', 'chat', '-m'], 'qwen/q:f', '', '"'],
  ['orx chat -m \\~a/b', ['orx', 'chat', '-m'], '~a/b', '', ''],
  ['orx chat two\\ words', ['orx', 'chat'], 'two words', '', ''],
  ['orx chat "a\\"b\\c" \'\' ', ['orx', 'chat', 'a"b\\c', ''], '', '', ''],
  ['orx chat model@pre', ['orx', 'chat'], 'model@pre', 'model@', ''],
])('%j', (line, words, current, stored, quote) => {
  expect(readBashLine(line, BREAKS)).toEqual({ words, current, stored, quote });
});

test('without : in the word breaks an id is one word', () => {
  expect(readBashLine('orx chat -m qwen/q:f', ' \t\n').stored).toBe('');
});

test('quoted words are restored, and the rest is the start of the last word', () => {
  const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), fc.string(), (words, typed) => {
      const read = readBashLine(`${words.map(quoted).join(' ')} ${quoted(typed)}`, BREAKS);
      expect(read).toMatchObject({ words, current: typed });
      expect(typed.startsWith(read.stored)).toBe(true);
    }),
  );
});
