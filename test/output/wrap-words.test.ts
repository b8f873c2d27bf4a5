import { expect, test } from 'vitest';
import { wrapWords } from '../../src/output/wrap-words.ts';

test.each<[string, number | undefined, string[]]>([
  ['short', 80, ['short']],
  ['  add credits, raise the limit', 20, ['  add credits,', '  raise the limit']],
  ['never broken without a width '.repeat(9).trim(), undefined, ['never broken without a width '.repeat(9).trim()]],
  [
    'https://example.com/a-very-long-address-that-fits-nowhere ok',
    20,
    ['https://example.com/a-very-long-address-that-fits-nowhere', 'ok'],
  ],
])('%j at %j columns', (line, columns, expected) => {
  expect(wrapWords(line, columns)).toEqual(expected);
});
