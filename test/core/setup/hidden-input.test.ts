import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EMPTY_INPUT, reduceHiddenInput, type HiddenInput } from '../../../src/core/setup/hidden-input.ts';

const feed = (...pieces: readonly string[]): HiddenInput => pieces.reduce(reduceHiddenInput, EMPTY_INPUT);

test.each([
  ['typed and entered', ['abc', '\r'], 'abc', 'entered'],
  ['entered with a line feed', ['abc\n'], 'abc', 'entered'],
  ['nothing but Enter', ['\r'], '', 'entered'],
  ['not entered yet', ['abc'], 'abc', 'open'],
  ['backspace in both codes', ['abcd\u007f\b\r'], 'ab', 'entered'],
  ['backspace on nothing', ['\u007fa\r'], 'a', 'entered'],
  ['Ctrl-U clears', ['wrong\u0015right\r'], 'right', 'entered'],
  ['Ctrl-W clears', ['wrong\u0017right\r'], 'right', 'entered'],
  ['Ctrl-C interrupts', ['abc\u0003'], 'abc', 'interrupted'],
  ['Ctrl-D on nothing leaves', ['\u0004'], '', 'interrupted'],
  ['Ctrl-D behind text does nothing', ['ab\u0004c\r'], 'abc', 'entered'],
  ['arrows, home, F1 and Alt do nothing', ['a\u001b[Db\u001b[1;5Cc\u001bOPd\u001b[3~\r'], 'abcd', 'entered'],
  ['what comes after Enter is not part of it', ['abc\rdef\r'], 'abc', 'entered'],
  ['a bracketed paste, then Enter', ['\u001b[200~sk-or-v1-x\u001b[201~', '\r'], 'sk-or-v1-x', 'entered'],
  ['a bracketed paste with its line end', ['\u001b[200~sk-or-v1-x\r\n\u001b[201~'], 'sk-or-v1-x', 'open'],
  ['a paste without brackets', ['sk-or-v1-x\n'], 'sk-or-v1-x', 'entered'],
  ['other control characters', ['a\u0000\u0001\tb\r'], 'ab', 'entered'],
  ['letters beyond ASCII, one backspace each', ['\u{1f511}\u00e9\u007f\r'], '\u{1f511}', 'entered'],
])('%s', (_, pieces, text, state) => {
  expect(feed(...pieces)).toMatchObject({ text, state });
});

test('no more is buffered than a person types', () => {
  expect(feed('x'.repeat(1_000_000)).text.length).toBeLessThan(10_000);
});

describe('wherever the bytes are cut', () => {
  const keys = fc.constantFrom(
    'a',
    'b',
    '7',
    '\u007f',
    '\u0015',
    '\u001b[D',
    '\u001bOA',
    '\u001b[200~',
    '\u001b[201~',
    '\u001b[1;5C',
    '\r',
  );
  test('the result is the same', () => {
    fc.assert(
      fc.property(fc.array(keys, { maxLength: 20 }), fc.array(fc.nat(100), { maxLength: 8 }), (sent, cuts) => {
        const text = sent.join('');
        const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b);
        const pieces = [0, ...places].map((place, index) => text.slice(place, places[index]));
        const { text: whole, state } = feed(text);
        expect(feed(...pieces)).toMatchObject({ text: whole, state });
      }),
      { numRuns: 2000 },
    );
  });
});
