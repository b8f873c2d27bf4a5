import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { heldMessage } from '../../../src/core/session/held-keys.ts';

const typed = { isPasted: false, rest: [] };

describe('keys that were pressed before there was a line editor', () => {
  test.each<[string, readonly string[], object]>([
    ['a line without Enter', ['hel', 'lo'], { ...typed, text: 'hello' }],
    ['a line and the next ones', ['hello\r', 'next', '\r'], { ...typed, text: 'hello', end: 'enter', rest: ['next', '\r'] }],
    ['Ctrl-D', ['\u0004'], { ...typed, text: '', end: 'end', rest: [''] }],
    ['Ctrl-D on a line with text', ['hi', '\u0004'], { ...typed, text: 'hi' }],
    [
      'Ctrl-D on a line that is empty again',
      ['hi\u007f\u007f\u0004more', 'x'],
      { ...typed, text: '', end: 'end', rest: ['more', 'x'] },
    ],
    ['Ctrl-U', ['wrong\u0015right'], { ...typed, text: 'right' }],
    ['keys without a character', ['a\u001b[A', '\u001b[1;5Db\u001bOPc', '\u001b'], { ...typed, text: 'abc' }],
    ['Backspace after an emoji', ['é👍\u007f\tü'], { ...typed, text: 'é\tü' }],
    ['Backspace on an empty line', ['\u007f\b'], { ...typed, text: '' }],
    ['lines in one burst', ['one\rtwo\r', 'x'], { text: 'one\ntwo', isPasted: true, end: 'enter', rest: ['x'] }],
    ['a line in one burst with the start of another', ['one\ntwo'], { text: 'one\ntwo', isPasted: true, end: 'enter', rest: [] }],
    ['a long text in one burst', ['x'.repeat(65)], { text: 'x'.repeat(65), isPasted: true, rest: [] }],
  ])('%s', (_, keys, message) => {
    expect(heldMessage(keys)).toEqual(message);
  });

  test('leave no control character and lose no character, whatever was pressed', () => {
    const bursts = fc.array(fc.string({ unit: 'binary', maxLength: 20 }), { maxLength: 6 });
    fc.assert(
      fc.property(bursts, (pressed) => {
        const texts: string[] = [];
        let message = heldMessage(pressed);
        for (; message.end !== undefined; message = heldMessage(message.rest)) texts.push(message.text);
        const all = [...texts, message.text].join('');
        expect(/[\0-\u0008\u000b-\u001f\u007f]/.test(all)).toBe(false);
      }),
    );
    const printed = fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }), { maxLength: 6 });
    fc.assert(fc.property(printed, (pressed) => heldMessage(pressed).text === pressed.join('')));
  });
});
