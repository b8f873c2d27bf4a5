import type { Key } from 'ink';
import type { LiveKey } from '../../core/live-key.ts';
import { graphemes } from '../../core/graphemes.ts';

/**
 * Matches the rest of an escape sequence that Ink does not know: a mouse event, a focus change, a key with two modifiers. Nobody
 * types this.
 */
const UNKNOWN_SEQUENCE = /^(?:\[[\d;:<=>?]*[\u0020-\u002f]*[@-~]|O[A-Za-z])$/;
const CONTROL: Readonly<Record<string, string>> = {
  '\r': 'return',
  '\n': 'return',
  '\t': 'tab',
  '\b': 'backspace',
  '\u007f': 'backspace',
};
// oxlint-disable-next-line no-control-regex -- control characters are what this looks for
const IS_CONTROL = /^[\u0000-\u001f\u007f-\u009f]/;

/** Returns the keys of one input of Ink: one named key, or all text that was typed or pasted together. */
export function liveKeys(input: string, key: Key): LiveKey[] {
  const name = nameOf(key);
  if (name !== undefined) return [{ name }];
  if (key.meta || UNKNOWN_SEQUENCE.test(input)) return [];
  if (key.ctrl) return [{ name: `ctrl-${input}` }];
  const pieces = [...graphemes(input)].map(({ segment }) => segment);
  // A line end within pasted text must not choose anything.
  return pieces.flatMap((piece, index) => keyOf(piece, index === pieces.length - 1));
}

function nameOf(key: Key): string | undefined {
  if (key.upArrow) return 'up';
  if (key.downArrow) return 'down';
  if (key.leftArrow) return 'left';
  if (key.rightArrow) return 'right';
  if (key.pageUp) return 'pageup';
  if (key.pageDown) return 'pagedown';
  if (key.home) return 'home';
  if (key.end) return 'end';
  if (key.return) return 'return';
  if (key.escape) return 'escape';
  if (key.tab) return 'tab';
  // Terminals send either of these for the same key.
  if (key.backspace || key.delete) return 'backspace';
  return undefined;
}

function keyOf(piece: string, isLast: boolean): LiveKey[] {
  if (!IS_CONTROL.test(piece)) return [{ name: piece, text: piece }];
  const name = CONTROL[piece[0]!];
  if (name === 'return' && !isLast) return [{ name: ' ', text: ' ' }];
  if (name !== undefined) return [{ name }];
  const letter = String.fromCodePoint(piece.codePointAt(0)! + 0x60);
  return /[a-z]/.test(letter) ? [{ name: `ctrl-${letter}` }] : [];
}
