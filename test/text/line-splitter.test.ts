import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineSplitter } from '../../src/text/line-splitter.ts';

const linesOf = (pieces: readonly Uint8Array[]): string[] => {
  const splitter = new LineSplitter({ name: 'notes.txt', path: 'notes.txt' });
  return [...pieces.flatMap((piece) => [...splitter.push(piece)]), ...splitter.end()];
};

test('any split of the bytes gives the same lines', () => {
  const text = fc
    .array(fc.string({ unit: 'grapheme' }).map((line) => line.replaceAll(/[\n\0\ufeff]/g, '')))
    .map((all) => all.join('\n'));
  fc.assert(
    fc.property(text, fc.array(fc.nat(60)), (whole, cuts) => {
      const bytes = Buffer.from(whole);
      const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).toSorted((a, b) => a - b), bytes.length];
      const pieces = places.slice(1).map((end, at) => bytes.subarray(places[at], end));
      const expected = whole.split('\n');
      if (expected.at(-1) === '') expected.pop();
      expect(linesOf(pieces)).toEqual(expected);
    }),
  );
});

test('a byte order mark is no part of the first line', () => {
  expect(linesOf([Buffer.from('\ufeffone\n'), Buffer.from('\ufefftwo')])).toEqual(['one', '\ufefftwo']);
});

test('invalid UTF-8 is named with its line, and a line has a limit', () => {
  expect(() => linesOf([Buffer.from('good\n'), Buffer.from([0x67, 0xe9, 0x0a])])).toThrow(
    /notes.txt is not UTF-8 text \(line 2\)/,
  );
  expect(() => linesOf([Buffer.alloc(4 * 1024 * 1024 + 1, 'x')])).toThrow(/has a line longer than 4 MB/);
});
