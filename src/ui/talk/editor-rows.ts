import { blockLabel, type Cell, characterOf } from '../../core/talk/editor-cells.ts';
import type { Editor } from '../../core/talk/editor.ts';
import { cutText } from '../../output/fit-table.ts';
import { visibleText } from '../../output/visible-text.ts';
import { graphemeWidth } from '../wrap-rows.ts';

/** One row of the prompt on the screen. */
export interface EditorRow {
  /** First cell in it, and the one behind its last. */
  start: number;
  end: number;
  text: string;
}

const TAB = '    ';

/** The text cut into rows of at most `width` columns, whole characters only. There is at least one row. */
export function editorRows(cells: readonly Cell[], width: number): EditorRow[] {
  const rows: EditorRow[] = [];
  let row: EditorRow = { start: 0, end: 0, text: '' };
  let used = 0;
  const close = (start: number): void => {
    rows.push(row);
    row = { start, end: start, text: '' };
    used = 0;
  };
  for (const [index, cell] of cells.entries()) {
    if (characterOf(cell) === '\n') {
      row.end = index;
      close(index + 1);
      continue;
    }
    const text = cellText(cell, width);
    const wide = graphemeWidth(text);
    if (used + wide > width && used > 0) close(index);
    row.text += text;
    row.end = index + 1;
    used += wide;
  }
  rows.push(row);
  return rows;
}

/** Where the cursor stands: in which of the rows, and how many columns from their beginning. */
export function cursorPlace(
  editor: Pick<Editor, 'cells' | 'cursor'>,
  rows: readonly EditorRow[],
  width: number,
): { row: number; column: number } {
  let row = rows.length - 1;
  while (row > 0 && rows[row]!.start > editor.cursor) row -= 1;
  let column = 0;
  for (let at = rows[row]!.start; at < editor.cursor; at += 1) column += graphemeWidth(cellText(editor.cells[at]!, width));
  return { row, column };
}

/** The place one row up or down, as near to the column aimed at as there is; undefined: there is no such row. */
export function verticalPlace(editor: Editor, step: -1 | 1, width: number): { cursor: number; column: number } | undefined {
  const rows = editorRows(editor.cells, width);
  const place = cursorPlace(editor, rows, width);
  const target = rows[place.row + step];
  if (target === undefined) return undefined;
  const column = editor.column ?? place.column;
  let cursor = target.start;
  let used = 0;
  // A row that goes on below ends before its last character: behind it is the beginning of the next.
  const end = rows[place.row + step + 1]?.start === target.end ? target.end - 1 : target.end;
  while (cursor < end) {
    const wide = graphemeWidth(cellText(editor.cells[cursor]!, width));
    if (used + wide > column) break;
    used += wide;
    cursor += 1;
  }
  return { cursor, column };
}

function cellText(cell: Cell, width: number): string {
  const character = characterOf(cell);
  if (character === undefined) return cutText(blockLabel(cell), width);
  if (character.length === 1 && character >= ' ' && character <= '~') return character;
  return character === '\t' ? TAB : visibleText(character);
}
