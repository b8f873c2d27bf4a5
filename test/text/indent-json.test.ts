import fc from 'fast-check';
import { expect, test } from 'vitest';
import { indentJson } from '../../src/text/indent-json.ts';

test('the same text as JSON.stringify, for any value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'), (value, space) => {
      expect(indentJson(JSON.stringify(value, null, space))).toBe(JSON.stringify(value, null, 2));
    }),
  );
});

test('numbers and strings stay as they were written', () => {
  expect(indentJson(' {"a":12345678901234567890,"b":1.50,\r\n"c":"\\u00e9{[,:","d":{ },"e":[\n]} ')).toBe(
    '{\n  "a": 12345678901234567890,\n  "b": 1.50,\n  "c": "\\u00e9{[,:",\n  "d": {},\n  "e": []\n}',
  );
});
