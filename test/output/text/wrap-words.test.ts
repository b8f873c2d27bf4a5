import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { wrapWords } from '../../../src/output/text/wrap-words.ts';

test.each<[string, number | undefined, string[]]>([
  ['short', 80, ['short']],
  ['  add credits, raise the limit', 20, ['  add credits,', '  raise the limit']],
  ['never broken without a width '.repeat(9).trim(), undefined, ['never broken without a width '.repeat(9).trim()]],
  [
    'https://example.com/a-very-long-address-that-fits-nowhere ok',
    20,
    ['https://example.com/a-very-long-address-that-fits-nowhere', 'ok'],
  ],
  ['漢字漢字 漢字漢字 漢字', 20, ['漢字漢字 漢字漢字', '漢字']],
  ['e\u0301e\u0301e\u0301 e\u0301e\u0301e\u0301', 8, ['e\u0301e\u0301e\u0301 e\u0301e\u0301e\u0301']],
])('%j at %j columns', (line, columns, expected) => {
  expect(wrapWords(line, columns)).toEqual(expected);
});

test('no line of several words is wider than the screen, whatever the words are made of', () => {
  const word = fc.string({
    unit: fc.constantFrom('a', '漢', 'か', 'ｱ', '한', '。', '👍', '👩‍🔬', '❤️', '🇩🇪', 'é', 'e\u0301', '１'),
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(fc.array(word, { maxLength: 20 }), fc.integer({ min: 8, max: 60 }), (words, columns) => {
      const lines = wrapWords(words.join(' '), columns);
      expect(lines.join(' ')).toBe(words.join(' '));
      for (const line of lines) expect(line.includes(' ') ? stringWidth(line) : 0).toBeLessThan(columns);
    }),
  );
});
