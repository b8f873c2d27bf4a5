import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { heldLine } from '../../../src/core/session/held-keys.ts';

describe('keys that were pressed before there was a line editor', () => {
  test.each<[string, object]>([
    ['hello', { text: 'hello', rest: '' }],
    ['hello\rnext\r', { text: 'hello', end: 'enter', rest: 'next\r' }],
    ['\u0004', { text: '', end: 'end', rest: '' }],
    ['hi\u0004', { text: 'hi', rest: '' }],
    ['hi\u007f\u007f\u0004more', { text: '', end: 'end', rest: 'more' }],
    ['wrong\u0015right', { text: 'right', rest: '' }],
    ['a\u001b[A\u001b[1;5Db\u001bOPc\u001b', { text: 'abc', rest: '' }],
    ['é👍\u007f\tü', { text: 'é\tü', rest: '' }],
    ['\u007f\b', { text: '', rest: '' }],
  ])('%j', (keys, line) => {
    expect(heldLine(keys)).toEqual(line);
  });

  test('leave no control character, and lose no line, whatever was pressed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (keys) => {
        let rest = keys;
        let lines = 0;
        for (let line = heldLine(rest); ; line = heldLine(rest)) {
          expect(line.text).not.toMatch(/[\0-\u0008\u000a-\u001f\u007f]/);
          expect(keys.endsWith(line.rest)).toBe(true);
          if (line.end === 'enter') lines += 1;
          if (line.end === undefined) break;
          rest = line.rest;
        }
        // Alt-Enter is one key.
        expect(lines).toBe(keys.replaceAll(/\u001b[\r\n]/g, '').split(/[\r\n]/).length - 1);
      }),
    );
  });
});
