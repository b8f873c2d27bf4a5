import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellsOf, characterOf } from '../../../src/core/session/editor-cells.ts';
import { edit, type Edit, type Editor, editorText, EMPTY_EDITOR } from '../../../src/core/session/editor.ts';
import { EDITS } from '../../../src/core/session/keymap.ts';

const after = (...edits: (Edit | string)[]): Editor =>
  edits.reduce<Editor>(
    (editor, one) => edit(editor, typeof one === 'string' ? (EDITS[one] ?? { type: 'insert', text: one }) : one),
    EMPTY_EDITOR,
  );
/** Returns the text with a bar at the cursor. */
const shown = ({ cells, cursor }: Editor): string =>
  [...cells.slice(0, cursor), '|', ...cells.slice(cursor)].map((cell) => characterOf(cell) ?? '#').join('');

describe('editor', () => {
  test.each([
    [['one two', 'ctrl-left', 'X'], 'one X|two'],
    [['one two', 'ctrl-w'], 'one |'],
    [['one two', 'alt-b', 'alt-b', 'alt-d'], '| two'],
    [['one two', 'ctrl-left', 'ctrl-k'], 'one |'],
    [['a', 'ctrl-j', 'b', 'ctrl-u'], 'a\n|'],
    [['a', 'ctrl-j', 'b', 'ctrl-a', 'X'], 'a\nX|b'],
    [['a', 'ctrl-j', 'b', 'left', 'left', 'ctrl-k'], 'a|b'],
    [['one two', 'ctrl-w', 'ctrl-w', 'ctrl-y'], 'one two|'],
    [['abc', 'backspace', 'ctrl-_'], 'abc|'],
    [['abc', 'backspace', 'ctrl-_', 'ctrl-^'], 'ab|'],
    [['日本語', 'left', 'backspace'], '日|語'],
    [['👩‍🔬x', 'left', 'backspace'], '|x'],
    [['e', '\u0301'], 'e\u0301|'],
  ] as const)('%j', (keys, text) => {
    expect(shown(after(...keys))).toBe(text);
  });

  test('a long paste is a single cell for the cursor, and sent completely', () => {
    const text = Array.from({ length: 120 }, (_, index) => `line ${index}`).join('\r\n');
    const editor = after('see ', { type: 'paste', text }, ' ok');
    expect(shown(editor)).toBe('see # ok|');
    expect(editorText(editor)).toBe(`see ${text.replaceAll('\r', '')} ok`);
    expect(shown(edit(after('see ', { type: 'paste', text }), { type: 'erase', to: 'left' }))).toBe('see |');
  });

  const anyEdit: fc.Arbitrary<Edit> = fc.oneof(
    fc
      .constantFrom('a', ' ', '日', '👩‍🔬', '\u0301', '🇦', '🇹', '\n', 'é', '\u200d')
      .map((text): Edit => ({ type: 'insert', text })),
    fc.constantFrom(...Object.values(EDITS)),
    fc.string().map((text): Edit => ({ type: 'paste', text })),
  );

  test('the cursor is never inside a character, and nothing is left over', () => {
    fc.assert(
      fc.property(fc.array(anyEdit, { maxLength: 40 }), (edits) => {
        const editor = after(...edits);
        expect(editor.cursor).toBeGreaterThanOrEqual(0);
        expect(editor.cursor).toBeLessThanOrEqual(editor.cells.length);
        expect(editor.cells.map(characterOf)).toEqual(cellsOf(editorText(editor)));
      }),
    );
  });

  test('undoing everything leaves nothing, and redoing restores all of it', () => {
    fc.assert(
      fc.property(
        fc.array(
          anyEdit.filter(({ type }) => type !== 'undo' && type !== 'redo'),
          { maxLength: 30 },
        ),
        (edits) => {
          const editor = after(...edits);
          let back = editor;
          while (back.undone.length > 0) back = edit(back, { type: 'undo' });
          expect(editorText(back)).toBe('');
          while (back.done.length > 0) back = edit(back, { type: 'redo' });
          expect(editorText(back)).toBe(editorText(editor));
        },
      ),
    );
  });
});
