import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DiffPiece, wordDiff } from '../../../src/core/compare/word-diff.ts';

const of = (pieces: readonly DiffPiece[], without: DiffPiece['kind']): string =>
  pieces
    .filter(({ kind }) => kind !== without)
    .map(({ text }) => text)
    .join('');

describe('wordDiff', () => {
  it('has the words that differ, a changed phrase as one change', async () => {
    expect(await wordDiff('The sky is blue.', 'The sea is very blue.')).toEqual([
      { kind: 'same', text: 'The ' },
      { kind: 'removed', text: 'sky' },
      { kind: 'added', text: 'sea' },
      { kind: 'same', text: ' is ' },
      { kind: 'added', text: 'very ' },
      { kind: 'same', text: 'blue.' },
    ]);
    expect(await wordDiff('one two end', 'three four end')).toEqual([
      { kind: 'removed', text: 'one two' },
      { kind: 'added', text: 'three four' },
      { kind: 'same', text: ' end' },
    ]);
  });

  it('finds words in a text without blanks', async () => {
    expect(await wordDiff('空が青い', '海が青い')).toEqual([
      { kind: 'removed', text: '空' },
      { kind: 'added', text: '海' },
      { kind: 'same', text: 'が青い' },
    ]);
  });

  it('of a text of megabytes compares lines, and ends soon for texts that have nothing in common', async () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index}\n`);
    expect(await wordDiff(lines.join(''), lines.with(10_000, 'other\n').join(''))).toMatchObject([
      { kind: 'same' },
      { kind: 'removed', text: 'line 10000\n' },
      { kind: 'added', text: 'other\n' },
      { kind: 'same' },
    ]);
    const other = lines.map((line) => `x${line}`).join('');
    expect(await wordDiff(lines.join(''), other)).toEqual([
      { kind: 'removed', text: lines.join('') },
      { kind: 'added', text: other },
    ]);
  });

  it('of texts that differ in thousands of words compares lines', async () => {
    const words = (letter: string): string => `${Array.from({ length: 1500 }, (_, index) => letter + index).join(' ')}\n`;
    expect(await wordDiff(`Title\n${words('a')}end`, `Title\n${words('b')}end`)).toEqual([
      { kind: 'same', text: 'Title\n' },
      { kind: 'removed', text: words('a') },
      { kind: 'added', text: words('b') },
      { kind: 'same', text: 'end' },
    ]);
  });

  it('gives both texts back', async () => {
    const text = fc
      .array(fc.constantFrom('a', 'b ', ' ', '  ', '\n', '漢字', '👩‍👩‍👧', '.', 'word '), { maxLength: 20 })
      .map((words) => words.join(''));
    await fc.assert(
      fc.asyncProperty(text, text, async (before, after) => {
        const pieces = await wordDiff(before, after);
        expect([of(pieces, 'added'), of(pieces, 'removed')]).toEqual([before, after]);
        expect(pieces.every(({ text: piece }) => piece !== '')).toBe(true);
      }),
    );
  });
});
