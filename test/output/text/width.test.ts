import { describe, expect, test } from 'vitest';
import { cutText } from '../../../src/output/text/width.ts';

describe('cutText', () => {
  test.each([
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['漢字', 4, '漢字'],
    ['漢字漢', 4, '漢…'],
    ['👨‍👩‍👧👨‍👩‍👧', 3, '👨‍👩‍👧…'],
    ['abc', 1, '…'],
  ])('%j to %i: %j', (text, width, cut) => {
    expect(cutText(text, width)).toBe(cut);
  });
});
