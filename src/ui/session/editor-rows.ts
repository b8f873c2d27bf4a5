import { blockLabel, type EditorCell, characterOf } from '../../core/session/editor-cells.ts';
import type { Editor } from '../../core/session/editor.ts';
import { cutText } from '../../output/text/width.ts';
import { visibleText } from '../../output/text/visible.ts';
import { mayBreakBetween } from '../../output/text/open-line.ts';
import { graphemeWidth } from '../../output/text/width.ts';

export interface EditorRow {
  /** The first cell of the row; `end` is the cell behind its last one. */
  start: number;
  end: number;
  text: string;
}

const TAB = '    ';

/** A position where the open row may end: before this cell. */
interface Break {
  cell: number;
  /** The length of the row's text up to the break, and its width in columns. */
  length: number;
  used: number;
}

/**
 * Returns the cells wrapped at words into rows of at most `width` columns. Characters stay whole; a longer word is cut. There is
 * at least one row. Spaces that no longer fit stay at the end of their row, hidden.
 */
export function editorRows(cells: readonly EditorCell[], width: number): EditorRow[] {
  const rows: EditorRow[] = [];
  let row: EditorRow = { start: 0, end: 0, text: '' };
  let used = 0;
  let last = '';
  let best: Break | undefined;
  const close = (start: number, text = ''): void => {
    rows.push(row);
    row = { start, end: start, text };
    best = undefined;
  };
  const wrap = (index: number): void => {
    const { cell, length, used: before } = best ?? { cell: index, length: row.text.length, used };
    const rest = row.text.slice(length);
    row.text = row.text.slice(0, length);
    row.end = cell;
    close(cell, rest);
    used -= before;
  };
  for (const [index, cell] of cells.entries()) {
    if (characterOf(cell) === '\n') {
      row.end = index;
      close(index + 1);
      used = 0;
      last = '';
      continue;
    }
    const text = cellText(cell, width);
    const wide = graphemeWidth(text);
    const isBlank = text.trim() === '';
    const isBetween = !isBlank && last !== '' && (last.trim() === '' || mayBreakBetween(last, text, wide));
    if (isBetween) best = { cell: index, length: row.text.length, used };
    const isTooWide = (): boolean => !isBlank && used > 0 && used + wide > width;
    if (isTooWide()) wrap(index);
    // The text moved to the next row may fill it: then the word is cut.
    if (isTooWide()) wrap(index);
    row.end = index + 1;
    last = text;
    if (isBlank && used + wide > width) {
      used = width;
      continue;
    }
    row.text += text;
    used += wide;
  }
  rows.push(row);
  return rows;
}

/** Returns the row of the cursor, and its column in that row. */
export function cursorPlace(
  editor: Pick<Editor, 'cells' | 'cursor'>,
  rows: readonly EditorRow[],
  width: number,
): { row: number; column: number } {
  let row = rows.length - 1;
  while (row > 0 && rows[row]!.start > editor.cursor) row -= 1;
  let column = 0;
  for (let at = rows[row]!.start; at < editor.cursor; at += 1) column += graphemeWidth(cellText(editor.cells[at]!, width));
  return { row, column: Math.min(column, width) };
}

/**
 * Returns the cursor position one row up or down, as close to the target column as possible, or undefined if there is no such row.
 */
export function verticalPlace(editor: Editor, step: -1 | 1, width: number): { cursor: number; column: number } | undefined {
  const rows = editorRows(editor.cells, width);
  const place = cursorPlace(editor, rows, width);
  const target = rows[place.row + step];
  if (target === undefined) return undefined;
  const column = editor.column ?? place.column;
  let cursor = target.start;
  let used = 0;
  // A row that continues below ends before its last character, because the position behind that is the start of the next row.
  const end = rows[place.row + step + 1]?.start === target.end ? target.end - 1 : target.end;
  while (cursor < end) {
    const wide = graphemeWidth(cellText(editor.cells[cursor]!, width));
    if (used + wide > column) break;
    used += wide;
    cursor += 1;
  }
  return { cursor, column };
}

function cellText(cell: EditorCell, width: number): string {
  const character = characterOf(cell);
  if (character === undefined) return cutText(blockLabel(cell), width);
  if (character.length === 1 && character >= ' ' && character <= '~') return character;
  return character === '\t' ? TAB : visibleText(character);
}
