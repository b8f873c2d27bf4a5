import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createKeyParser, type Key } from '../../../src/core/session/keys.ts';

function keys(...pieces: string[]): Key[] {
  const parser = createKeyParser();
  return [...pieces.flatMap((piece) => parser.push(piece)), ...parser.flush()];
}

const pressed = (text: string): string[] => keys(text).map((key) => (key.type === 'press' ? key.key : `<${key.text}>`));

describe('keys', () => {
  test.each([
    ['\r', 'enter'],
    ['\n', 'ctrl-j'],
    ['\u001b\r', 'alt-enter'],
    ['\u001b[13;2u', 'shift-enter'],
    ['\u001b[27;5;13~', 'ctrl-enter'],
    ['\u001b[A', 'up'],
    ['\u001bOA', 'up'],
    ['\u001b[1;5D', 'ctrl-left'],
    ['\u001b[1;3C', 'alt-right'],
    ['\u001b\u001b[C', 'alt-right'],
    ['\u001bb', 'alt-b'],
    ['\u001b\u007f', 'alt-backspace'],
    ['\u007f', 'backspace'],
    ['\u001b[3~', 'delete'],
    ['\u001b[3;5~', 'ctrl-delete'],
    ['\u001b[Z', 'shift-tab'],
    ['\u0003', 'ctrl-c'],
    ['\u001b[99;5u', 'ctrl-c'],
    ['\u001f', 'ctrl-_'],
    ['\u001b', 'escape'],
  ])('%j is %s', (sent, key) => {
    expect(pressed(sent)).toEqual([key]);
  });

  test('text, keys and pastes in one piece', () => {
    expect(keys('hi\u001b[200~a\r\u001b[31mb\u001b[201~日\r')).toEqual([
      { type: 'text', text: 'hi' },
      { type: 'paste', text: 'a\r\u001b[31mb' },
      { type: 'text', text: '日' },
      { type: 'press', key: 'enter' },
    ]);
  });

  test('terminal reports are not keys', () => {
    expect(pressed('\u001b[I\u001b[12;3R\u001b[<0;1;2Mx')).toEqual(['<x>']);
  });

  test('the cuts make no difference', () => {
    const part = fc.constantFrom(
      'a',
      '日本',
      '\r',
      '\u001b[A',
      '\u001b[1;5D',
      '\u001bb',
      '\u0003',
      '\u001b[200~x\ny\u001b[201~',
      '\u001b\r',
    );
    fc.assert(
      fc.property(fc.array(part), fc.array(fc.nat(), { maxLength: 6 }), (parts, cuts) => {
        const sent = parts.join('');
        const places = [...new Set(cuts.map((cut) => cut % (sent.length + 1)))].sort((a, b) => a - b);
        const pieces = [0, ...places].map((start, index) => sent.slice(start, places[index] ?? sent.length));
        expect(joined(keys(...pieces))).toEqual(joined(keys(sent)));
      }),
    );
  });
});

/** Joins text that arrived in pieces. */
function joined(list: readonly Key[]): Key[] {
  const all: Key[] = [];
  for (const key of list) {
    const last = all.at(-1);
    if (key.type === 'text' && last?.type === 'text') all[all.length - 1] = { type: 'text', text: last.text + key.text };
    else all.push(key);
  }
  return all;
}
