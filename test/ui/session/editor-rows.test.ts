import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { type EditorCell, cellsOf, pastedCells } from '../../../src/core/session/editor-cells.ts';
import { edit, EMPTY_EDITOR } from '../../../src/core/session/editor.ts';
import { cursorPlace, editorRows, verticalPlace } from '../../../src/ui/session/editor-rows.ts';

const shown = (text: string, width: number): string[] => editorRows(cellsOf(text), width).map((row) => row.text);

describe('rows of the prompt', () => {
  test.each<[string, number, string[]]>([
    ['', 10, ['']],
    ['the quick brown fox', 10, ['the quick ', 'brown fox']],
    ['abcde fghij', 5, ['abcde', 'fghij']],
    ['abcde     fghij', 5, ['abcde', 'fghij']],
    ['a longunbrokenword b', 8, ['a ', 'longunbr', 'okenword', 'b']],
    ['one\ntwo three', 5, ['one', 'two ', 'three']],
    ['漢字漢字漢', 5, ['漢字', '漢字', '漢']],
    ['漢字漢「字」', 8, ['漢字漢', '「字」']],
    ['say 漢字漢字', 8, ['say 漢字', '漢字']],
    ['👩‍🔬👩‍🔬👩‍🔬', 4, ['👩‍🔬👩‍🔬', '👩‍🔬']],
    ['❤️❤️ ❤️', 4, ['❤️❤️', '❤️']],
    ['e\u0301e\u0301 e\u0301', 3, ['e\u0301e\u0301 ', 'e\u0301']],
    ['a\tword', 6, ['a    ', 'word']],
  ])('%j in %i columns', (text, width, rows) => expect(shown(text, width)).toEqual(rows));

  const anyCells = fc
    .array(fc.constantFrom('a', 'word', ' ', '  ', '\n', '\t', '漢', '。', '「', '👩‍🔬', '🇩🇪', 'e\u0301', '❤️', '-'), {
      maxLength: 60,
    })
    .map((parts): EditorCell[] => [...cellsOf(parts.join('')), ...pastedCells('x\n'.repeat(20)), ...cellsOf('end')]);

  test('contain every cell once, in order, and are never wider than the screen; the cursor is inside', () => {
    fc.assert(
      fc.property(anyCells, fc.integer({ min: 5, max: 40 }), (cells, width) => {
        const rows = editorRows(cells, width);
        let next = 0;
        for (const { start, end, text } of rows) {
          // Between two rows there is a line end or nothing.
          expect(cells.slice(next, start)).toEqual(start === next ? [] : ['\n']);
          expect(stringWidth(text)).toBeLessThanOrEqual(width);
          next = end;
        }
        expect(next).toBe(cells.length);
        for (let cursor = 0; cursor <= cells.length; cursor += 1) {
          const { row, column } = cursorPlace({ cells, cursor }, rows, width);
          expect(column).toBeLessThanOrEqual(width);
          expect(cursor).toBeGreaterThanOrEqual(rows[row]!.start);
          expect(cursor).toBeLessThanOrEqual(rows[row]!.end);
        }
      }),
    );
  });

  test('are traversed from the last to the first, and back', () => {
    fc.assert(
      fc.property(anyCells, fc.integer({ min: 5, max: 40 }), (cells, width) => {
        const count = editorRows(cells, width).length;
        let editor = { ...EMPTY_EDITOR, cells, cursor: cells.length };
        let steps = 0;
        for (let place = verticalPlace(editor, -1, width); place !== undefined; place = verticalPlace(editor, -1, width)) {
          editor = { ...edit(editor, { type: 'move-to', ...place }), cells };
          steps += 1;
          if (steps > count) break;
        }
        expect(steps).toBe(count - 1);
      }),
    );
  });
});
