import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { ONE_COLUMN } from '../../build-patches.js';

test('characters that are measured without a table take one column each, alone and together', () => {
  const pattern = new RegExp(`^[${ONE_COLUMN}]$`);
  const found = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).filter((character) =>
    pattern.test(character),
  );
  expect(found.length).toBeGreaterThan(1000);
  expect(found.filter((character) => stringWidth(character) !== 1)).toEqual([]);
  const pairs = found.flatMap((first) => ['a', '1', '#', '\u2192', '\u00e9'].map((second) => first + second));
  expect(pairs.filter((pair) => stringWidth(pair) !== 2)).toEqual([]);
});
