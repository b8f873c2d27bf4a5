import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { visibleLine, visibleText, visibleTextStream } from '../../src/output/visible-text.ts';

/** Everything that a terminal obeys, hides or reorders. */
const ACTIVE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e0fff}]/u;

describe('visibleText', () => {
  test.each([
    ['colour', '\u001b[31mred\u001b[0m', '␛[31mred␛[0m'],
    ['title', '\u001b]0;owned\u0007', '␛]0;owned␇'],
    ['clipboard', '\u001b]52;c;aGk=\u001b\\', '␛]52;c;aGk=␛\\'],
    ['link', '\u001b]8;;https://evil.example\u001b\\text', '␛]8;;https://evil.example␛\\text'],
    ['C1', '\u009b31m\u009d0;x\u009c', '<U+009B>31m<U+009D>0;x<U+009C>'],
    ['overprinting', 'safe\b\b\b\bevil', 'safe␈␈␈␈evil'],
    ['carriage return', 'safe\revil', 'safe␍evil'],
    ['windows line ends', 'a\r\nb', 'a\nb'],
    ['NUL and DEL', 'a\u0000b\u007fc', 'a␀b␡c'],
    ['direction', 'a\u202eb\u2066c', 'a<U+202E>b<U+2066>c'],
    ['zero width', 'a\u200bb\ufeffc', 'a<U+200B>b<U+FEFF>c'],
    ['tags', `a${String.fromCodePoint(0xe0041)}b`, 'a<U+E0041>b'],
    ['half a character', 'a\ud83db', 'a<U+D83D>b'],
    ['newline and tab stay', 'a\n\tb', 'a\n\tb'],
    ['people’s writing stays', 'Grüße 日本語 עברית العربية é 👩‍🔬 🇦🇹 ⚠️', 'Grüße 日本語 עברית العربية é 👩‍🔬 🇦🇹 ⚠️'],
  ])('%s', (_name, text, expected) => {
    expect(visibleText(text)).toBe(expected);
  });

  test('marks do not stack without end', () => {
    expect(visibleText(`e${'\u0301'.repeat(100_000)}x`)).toBe(`e${'\u0301'.repeat(8)}x`);
  });

  test('nothing active is left, whatever came', () => {
    const hostile = fc.string({
      unit: fc.oneof(fc.constantFrom('\u001b', '\u009b', '[', ']', '\r', '\n', '\u202e'), fc.string({ unit: 'binary' })),
    });
    fc.assert(
      fc.property(hostile, (text) => {
        expect(visibleText(text)).not.toMatch(ACTIVE);
      }),
      { numRuns: 1000 },
    );
  });
});

test('visibleLine is one line', () => {
  expect(visibleLine('a\n\nb\tc\u001b[2J')).toBe('a b c␛[2J');
});

test('a stream gives the same wherever its pieces were cut', () => {
  const piece = fc.string({ unit: fc.oneof(fc.constantFrom('\r', '\n', '\u001b', '👩‍🔬', 'a'), fc.string({ unit: 'grapheme' })) });
  fc.assert(
    fc.property(piece, fc.array(fc.nat()), (text, cuts) => {
      const stream = visibleTextStream();
      const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b);
      let shown = '';
      let start = 0;
      for (const place of [...places, text.length]) {
        shown += stream.push(text.slice(start, place));
        start = place;
      }
      expect(shown + stream.end()).toBe(visibleText(text));
    }),
    { numRuns: 1000 },
  );
});
