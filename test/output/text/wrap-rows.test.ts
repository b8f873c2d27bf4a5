import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import type { Row } from '../../../src/output/text/open-line.ts';
import { createRowWrapper, wrapRows, wrapWords } from '../../../src/output/text/wrap-rows.ts';

const texts = (rows: readonly Row[]): string[] => rows.map((row) => row.text);
const source = (rows: readonly Row[]): string => rows.map((row) => row.text + row.after).join('');

describe('wrapRows', () => {
  it.each<[string, string, number, string[]]>([
    ['nothing', '', 10, []],
    ['a short line', 'hello', 10, ['hello']],
    ['words', 'the quick brown fox', 10, ['the quick', 'brown fox']],
    ['a word that fits exactly, then a space', 'abcde fghij k', 5, ['abcde', 'fghij', 'k']],
    ['a word wider than a row', 'x abcdefghijkl y', 5, ['x', 'abcde', 'fghij', 'kl y']],
    ['newlines, also empty lines', 'a\n\nb\n', 5, ['a', '', 'b']],
    ['indentation', '    return value;', 12, ['    return', 'value;']],
    ['indentation before a word that is too long', '  abcdefghij', 6, ['  abcd', 'efghij']],
    ['indentation wider than the row', '        deep', 5, ['     ', 'deep']],
    ['many spaces at a break', 'one      two', 5, ['one', 'two']],
    ['tabs', 'a\tb\n\tc', 20, ['a   b', '    c']],
    ['wide characters break anywhere', '漢字漢字漢', 5, ['漢字', '漢字', '漢']],
    ['but not before closing punctuation', '漢字漢字。漢', 8, ['漢字漢', '字。漢']],
    ['nor after an opening one', '漢字漢「字」', 8, ['漢字漢', '「字」']],
    ['words among wide characters', '用 React 写', 8, ['用 React', '写']],
    ['flags stay whole', '🇩🇪🇫🇷🇮🇹', 4, ['🇩🇪🇫🇷', '🇮🇹']],
    ['a family is one character', '👨‍👩‍👧‍👦👨‍👩‍👧‍👦', 3, ['👨‍👩‍👧‍👦', '👨‍👩‍👧‍👦']],
    ['combining marks take no room', 'e\u0301e\u0301e\u0301', 3, ['e\u0301e\u0301e\u0301']],
  ])('%s', (_name, text, width, rows) => {
    expect(texts(wrapRows(text, width))).toEqual(rows);
  });

  it('lets a word longer than a row extend further, on a separate row, and cuts it there', () => {
    expect(texts(wrapRows('see https://host.example/a here', 10, { longest: 40 }))).toEqual([
      'see',
      'https://host.example/a',
      'here',
    ]);
    expect(texts(wrapRows('see https://host.example/a here', 10, { longest: 12 }))).toEqual([
      'see',
      'https://host',
      '.example/a',
      'here',
    ]);
    expect(texts(wrapRows('漢字漢字漢字', 6, { longest: 40 }))).toEqual(['漢字漢', '字漢字']);
  });

  it('marks which rows end a source line', () => {
    expect(wrapRows('one two \nthree', 5)).toEqual([
      { text: 'one', after: ' ' },
      { text: 'two', after: ' \n' },
      { text: 'three', after: '' },
    ]);
  });
});

const ORDINARY = ['a', 'word', ' ', '  ', '\n', '.', '(', '漢', '。', '「', 'か', 'ｶ\uff9e', '한', '\u1100', '\u1161', '\u11a8'];
const UNUSUAL = ['e\u0301', '\u0301', '\u0903', '\u0e33', '👍🏽', '👨‍👩‍👧', '\u200d', '🇩', '🇪', '⚠️', '1️⃣', 'क्ष', '⠋', '\u3000', 'é'];
const bits = fc.constantFrom(...ORDINARY, ...UNUSUAL);
const endless = fc.array(fc.constantFrom('👩\u200d', '\u0301', 'e', '\u200d', '👍🏽', '\u{1d165}'), {
  minLength: 30,
  maxLength: 200,
});
const anyText = fc.oneof(
  endless.map((list) => list.join('')),
  fc.array(bits, { maxLength: 60 }).map((list) => list.join('')),
  fc.string({ unit: 'grapheme', maxLength: 60 }).map((text) => text.replace(/[\r\t\p{Cc}\u2028\u2029]/gu, '')),
);

/** Cuts a text at the given places (fractions of its length), between code points. */
function cut(text: string, places: readonly number[]): string[] {
  const points = Array.from(text);
  const marks = [0, ...places.map((place) => Math.floor(place * points.length)).sort((a, b) => a - b), points.length];
  return marks.slice(1).map((mark, index) => points.slice(marks[index], mark).join(''));
}

const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 });

describe('createRowWrapper', () => {
  it('returns the same rows however the text is cut', () => {
    fc.assert(
      fc.property(anyText, places, fc.integer({ min: 2, max: 30 }), (text, marks, width) => {
        const wrapper = createRowWrapper(width);
        const rows = cut(text, marks).flatMap((piece) => wrapper.push(piece));
        expect([...rows, ...wrapper.end()]).toEqual(wrapRows(text, width));
      }),
      { numRuns: 500 },
    );
  });

  it('never makes a row wider than requested, and loses nothing', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 2, max: 30 }), (text, width) => {
        const rows = wrapRows(text, width);
        for (const row of rows) expect(stringWidth(row.text)).toBeLessThanOrEqual(width);
        expect(source(rows)).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it('shows the open part at any moment, as if it ended there', () => {
    fc.assert(
      fc.property(anyText, places, fc.integer({ min: 2, max: 30 }), (text, marks, width) => {
        const wrapper = createRowWrapper(width);
        const done: Row[] = [];
        let given = '';
        for (const piece of cut(text, marks)) {
          given += piece;
          done.push(...wrapper.push(piece));
          expect([...done, ...wrapper.tail()]).toEqual(wrapRows(given, width));
        }
      }),
    );
  });

  it('finds the same characters as the segmenter, for each letter beside other letters', () => {
    const segmenter = new Intl.Segmenter();
    const widths = new Map<string, number>();
    const widthOf = (segment: string): number => {
      const width = widths.get(segment) ?? stringWidth(segment);
      widths.set(segment, width);
      return width;
    };
    /** Rows of two columns, of whole characters. */
    const expected = (text: string): string => {
      let [rows, used] = ['', 0];
      for (const { segment } of segmenter.segment(text)) {
        const width = widthOf(segment);
        const isFull = used > 0 && used + width > 2;
        rows += isFull ? `\n${segment}` : segment;
        used = isFull ? width : used + width;
      }
      return rows;
    };
    // Ideographs and syllables are alike: one of 64.
    const letters = Array.from({ length: 0xffff - 0xa0 }, (_, index) => 0xa0 + index)
      .filter((code) => code < 0x3400 || code >= 0xf900 || (code < 0xd800 && code % 64 === 0))
      .map((code) => String.fromCharCode(code));
    const differs = letters.filter((letter) => {
      const text = `a${letter}${letter}가${letter}日${letter}e\u0301`;
      return texts(wrapRows(text, 2, { breaks: 'columns' })).join('\n') !== expected(text);
    });
    expect(differs).toEqual([]);
  });

  it('completes the rows of a long line while the line is still open', () => {
    const wrapper = createRowWrapper(10);
    expect(texts(wrapper.push('one two three four five six'))).toEqual(['one two', 'three four']);
    expect(texts(wrapper.tail())).toEqual(['five six']);
    expect(texts(wrapper.push('teen'))).toEqual(['five']);
    expect(texts(wrapper.end())).toEqual(['sixteen']);
    expect(wrapper.end()).toEqual([]);
  });

  it('stops an endless character from growing without limit', () => {
    const wrapper = createRowWrapper(10);
    const rows: Row[] = [];
    for (let index = 0; index < 20_000; index += 1) rows.push(...wrapper.push('👩\u200d'));
    rows.push(...wrapper.end());
    expect(rows.length).toBeGreaterThan(10);
    expect(rows).toEqual(wrapRows('👩\u200d'.repeat(20_000), 10));
    expect(source(rows)).toBe('👩\u200d'.repeat(20_000));
  });
});

describe('wrapWords', () => {
  it.each<[string, number | undefined, string[]]>([
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

  it('no line of several words is wider than the screen, for any words', () => {
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
});
