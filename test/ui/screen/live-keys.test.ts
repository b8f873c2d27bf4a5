import type { Key } from 'ink';
import { describe, expect, it, test } from 'vitest';
import { liveKeys } from '../../../src/ui/screen/live-keys.ts';

const NONE = Object.fromEntries(
  ['upArrow', 'downArrow', 'leftArrow', 'rightArrow', 'pageDown', 'pageUp', 'home', 'end', 'return', 'escape', 'ctrl'].map(
    (name) => [name, false],
  ),
) as unknown as Key;
const names = (input: string, key: Partial<Key> = {}): string[] => liveKeys(input, { ...NONE, ...key }).map(({ name }) => name);

describe('liveKeys', () => {
  test.each<[string, string, Partial<Key>, string[]]>([
    ['an arrow', '', { upArrow: true }, ['up']],
    ['a letter', 'x', {}, ['x']],
    ['a control key', 'r', { ctrl: true }, ['ctrl-r']],
    ['Backspace of some terminals', '', { delete: true }, ['backspace']],
    ['keys that came together', 'ab\u007f\u0015c\r', {}, ['a', 'b', 'backspace', 'ctrl-u', 'c', 'return']],
    ['pasted lines, which choose nothing', 'a\r\nb', {}, ['a', ' ', 'b']],
    ['characters of several units', 'é👩‍👩‍👧', {}, ['é', '👩‍👩‍👧']],
    ['a sequence that Ink does not know', '[1;2P', {}, []],
    ['a mouse', '[<0;12;3M', {}, []],
    ['a key with Alt', 'q', { meta: true }, []],
  ])('%s', (_, input, key, expected) => {
    expect(names(input, key)).toEqual(expected);
  });

  it('accepts only visible characters as query text', () => {
    expect(liveKeys('a\u0001\u009b\t', NONE).filter(({ text }) => text !== undefined)).toEqual([{ name: 'a', text: 'a' }]);
  });
});
