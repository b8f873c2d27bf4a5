import { expect, test } from 'vitest';
import { bytesText } from '../../src/text/bytes.ts';

test.each([
  [0, '0 B'],
  [312, '312 B'],
  [1023, '1023 B'],
  [1024, '1 KB'],
  [4200, '4.1 KB'],
  [1024 * 1024 - 1, '1 MB'],
  [5 * 1024 * 1024, '5 MB'],
  [5_452_595, '5.2 MB'],
  [64 * 1024 * 1024, '64 MB'],
  [3 * 1024 ** 3, '3 GB'],
  [2 ** 50, '1024 TB'],
])('%d bytes are %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text);
});
