import { usageError } from '../../errors.ts';

/**
 * Returns the words of a command that runs without a shell: separated by spaces, grouped by single or double quotes. A backslash makes the next
 * space, quote or backslash part of a word, and is an ordinary character before any other, as in a path of Windows. Throws a usage error.
 */
export function commandWords(text: string): readonly [program: string, ...args: string[]] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at]!;
    const next = text[at + 1] ?? '';
    if (letter === '\\' && quote !== "'" && next !== '' && `"'\\ `.includes(next)) {
      word = (word ?? '') + next;
      at += 1;
    } else if (quote !== '') {
      if (letter === quote) quote = '';
      else word = (word ?? '') + letter;
    } else if (letter === '"' || letter === "'") {
      quote = letter;
      word ??= '';
    } else if (/\s/.test(letter)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + letter;
  }
  if (quote !== '') throw usageError(`key-command has a quote (${quote}) without its end`);
  if (word !== undefined) words.push(word);
  const [program = '', ...args] = words;
  if (program === '')
    throw usageError('key-command is empty', 'name a program: orx config set key-command "pass show openrouter"');
  if (text.includes('\0')) throw usageError('key-command must not contain a zero byte');
  return [program, ...args];
}
