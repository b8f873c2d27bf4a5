import { describe, expect, test } from 'vitest';
import { parseLimit, parseTokenCount } from '../../../src/core/settings/parse-count.ts';

describe('parseTokenCount', () => {
  test.each([
    ['0', 0],
    ['1200', 1200],
    [' 1200 ', 1200],
    ['1_200', 1200],
    ['1.2k', 1200],
    ['1.001K', 1001],
    ['3M', 3_000_000],
    ['0.5m', 500_000],
    ['2.0', 2],
  ])('%j is %i', (text, count) => {
    expect(parseTokenCount('--in', text)).toBe(count);
  });

  test.each([
    '',
    '-5',
    '1.5',
    '1.2345k',
    'k',
    '1e3',
    '0x10',
    '1,200',
    '12 00',
    'many',
    'Infinity',
    '9007199254740993',
    '99999999999M',
    '_5',
    '5kk',
  ])('%j is an error', (text) => {
    expect(() => parseTokenCount('--in', text)).toThrow('--in must be a number of tokens');
  });
});

describe('parseLimit', () => {
  test.each([
    ['1', 1],
    ['20', 20],
  ])('%j is %i', (text, limit) => {
    expect(parseLimit('--limit', text)).toBe(limit);
  });

  test.each(['0', '-1', '1.5', '', 'all', '1e3', '99999999999999999999'])('%j is an error', (text) => {
    expect(() => parseLimit('--limit', text)).toThrow('--limit must be a whole number');
  });
});
