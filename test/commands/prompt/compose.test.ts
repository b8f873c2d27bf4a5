import { expect, test } from 'vitest';
import { joinPrompt } from '../../../src/commands/prompt/compose.ts';

test.each<[string | undefined, readonly string[], string | undefined]>([
  [undefined, [], undefined],
  [undefined, ['a', 'b'], 'a b'],
  ['piped\n', [], 'piped'],
  ['piped\r\n', ['say'], 'piped\n\nsay'],
  ['two\n\n', ['say'], 'two\n\n\nsay'],
  ['piped', ['-', 'say'], 'piped\n\nsay'],
  [' \n', ['say'], 'say'],
  ['', [], undefined],
  [undefined, ['-'], undefined],
  ['  indented\n', [], '  indented'],
])('%j and %j make %j', (piped, words, expected) => {
  expect(joinPrompt(piped, words)).toBe(expected);
});
