import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { visibleLine, visibleText, visibleTextStream } from '../../../src/output/text/visible.ts';

/** Every character that a terminal executes, hides or reorders. */
const ACTIVE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e0fff}]/u;

describe('visibleText', () => {
  test.each([
    ['color', '\u001b[31mred\u001b[0m', '␛[31mred␛[0m'],
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
    ['soft hyphen', 'a\u00adb', 'a<U+00AD>b'],
    ['grapheme joiner', 'a\u034fb', 'a<U+034F>b'],
    ['fillers', '\u115f\u1160\u3164\uffa0', '<U+115F><U+1160><U+3164><U+FFA0>'],
    ['Khmer and Mongolian', '\u17b4\u180b\u180e', '<U+17B4><U+180B><U+180E>'],
    ['not assigned, and drawn as nothing', '\u2065\ufff0', '<U+2065><U+FFF0>'],
    ['shorthand and music', '\u{1bca0}\u{1d173}', '<U+1BCA0><U+1D173>'],
    ['other variation selectors', 'a\ufe00\u{e0100}', 'a<U+FE00><U+E0100>'],
    ['half a character', 'a\ud83db', 'a<U+D83D>b'],
    ['newline and tab stay', 'a\n\tb', 'a\n\tb'],
    ['joiners and emoji style stay', 'می\u200cخواهم क्\u200dष ☎\ufe0e ❤\ufe0f', 'می\u200cخواهم क्\u200dष ☎\ufe0e ❤\ufe0f'],
    ['people’s writing stays', 'Grüße 日本語 עברית العربية é 👩‍🔬 🇦🇹 ⚠️', 'Grüße 日本語 עברית العربية é 👩‍🔬 🇦🇹 ⚠️'],
  ])('%s', (_name, text, expected) => {
    expect(visibleText(text)).toBe(expected);
  });

  test('text that is returned without a search contains nothing that the search would replace', () => {
    const all = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code));
    // A control character after it makes the whole text be searched. Nine are more than the marks that a letter may have.
    const differs = all.filter((character) => {
      const text = character.repeat(9);
      return visibleText(text) !== visibleText(`${text}\u0007`).slice(0, -1);
    });
    expect(differs).toEqual([]);
  });

  test('marks do not stack endlessly', () => {
    expect(visibleText(`e${'\u0301'.repeat(100_000)}x`)).toBe(`e${'\u0301'.repeat(8)}x`);
  });

  test('no active character is left, for any input', () => {
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

test('characters that Unicode calls invisible become visible, except those that scripts and emoji need', () => {
  const shown: string[] = [];
  for (let code = 0; code <= 0x10ffff; code += 1) {
    const character = String.fromCodePoint(code);
    if (/\p{Default_Ignorable_Code_Point}/u.test(character) && visibleText(character) === character)
      shown.push(code.toString(16));
  }
  expect(shown).toEqual(['200c', '200d', 'fe0e', 'fe0f']);
});

test('marks that arrive one by one do not stack either', () => {
  const stream = visibleTextStream();
  const shown = ['e', ...Array.from({ length: 50 }, () => '\u0301'), 'x', '\u0301'].map((piece) => stream.push(piece)).join('');
  expect(shown + stream.end()).toBe(`e${'\u0301'.repeat(8)}x\u0301`);
});

test('a stream gives the same result however its pieces are cut', () => {
  const piece = fc
    .array(
      fc.oneof(
        fc.constantFrom('\r', '\n', '\u001b', '👩‍🔬', 'a', '\u034f', '\u0301', '\u{1d165}'),
        fc.nat(20).map((count) => '\u0301\u{1d165}'.repeat(count)),
        fc.string({ unit: 'grapheme' }),
      ),
    )
    .map((pieces) => pieces.join(''));
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

test('text of any length is made visible, as if it were processed in one piece', () => {
  const marks = '\u0301'.repeat(12_000_000);
  expect(visibleText(`a${marks}b`) === `a${'\u0301'.repeat(8)}b`).toBe(true);
  const mixed = 'x\u001b[2J\r\n😀\u0301\u202e'.repeat(30_000);
  const stream = visibleTextStream();
  let shown = '';
  for (let at = 0; at < mixed.length; at += 997) shown += stream.push(mixed.slice(at, at + 997));
  expect(visibleText(mixed) === shown + stream.end()).toBe(true);
});
