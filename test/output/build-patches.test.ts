import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { ONE_COLUMN } from '../../build-patches.js';

test('characters measured without a table take one column each, alone and together', () => {
  const pattern = new RegExp(`^[${ONE_COLUMN}]$`);
  const matches = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).filter((character) =>
    pattern.test(character),
  );
  expect(matches.length).toBeGreaterThan(1000);
  expect(matches.filter((character) => stringWidth(character) !== 1)).toEqual([]);
  const pairs = matches.flatMap((first) => ['a', '1', '#', '\u2192', '\u00e9'].map((second) => first + second));
  expect(pairs.filter((pair) => stringWidth(pair) !== 2)).toEqual([]);
});
