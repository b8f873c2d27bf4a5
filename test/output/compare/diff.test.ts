import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, it } from 'vitest';
import type { DiffPiece } from '../../../src/core/compare/word-diff.ts';
import { diffRows, diffText } from '../../../src/output/compare/diff.ts';
import { createTheme } from '../../../src/output/text/theme.ts';

const DARK = createTheme('dark', { isTTY: true }, { TERM: 'xterm-256color' });
const PIECES: DiffPiece[] = [
  { kind: 'same', text: 'The ' },
  { kind: 'removed', text: 'sky\u001b[2J' },
  { kind: 'added', text: 'sea' },
  { kind: 'same', text: ' is 青い.' },
];

it('a diff in a pipe has the exact text between marks', () => {
  expect(diffText(PIECES)).toBe('The [-sky\u001b[2J-]{+sea+} is 青い.\n');
  expect(diffText([])).toBe('\n');
});

it('a diff on a terminal is wrapped and harmless, its marks in the colors of what they mean', () => {
  expect(diffRows(PIECES, 22, createTheme('none', {}, {}))).toEqual(['The [-sky␛[2J-]{+sea+}', 'is 青い.']);
  const painted = diffRows(PIECES, 60, DARK).join('');
  expect(painted).toContain(DARK.paint(['bad'], '[-sky␛[2J-]'));
  expect(painted).toContain(DARK.paint(['good'], '{+sea+}'));
});

it('rows have all text and fit the width', () => {
  const piece = fc.record({
    kind: fc.constantFrom<DiffPiece['kind']>('same', 'added', 'removed'),
    text: fc
      .array(fc.constantFrom('a', 'word ', '漢字', '👩‍👩‍👧', '\n', 'x'.repeat(30), '\u001b[3J', ' '), { minLength: 1, maxLength: 8 })
      .map((words) => words.join('')),
  });
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), fc.integer({ min: 4, max: 60 }), (pieces, width) => {
      const rows = diffRows(pieces, width, DARK).map(stripVTControlCharacters);
      for (const row of rows) expect(stringWidth(row)).toBeLessThanOrEqual(width);
      const letters = (text: string): string => text.replace(/\s/g, '');
      expect(letters(rows.join(''))).toBe(letters(diffText(pieces).replaceAll('\u001b', '␛')));
    }),
  );
});
