import type { Draft } from './draft.ts';
import { type EditorCell, cellsOf, characterOf, draftCells, editorDraftOf, pastedCells, splice, textOf } from './editor-cells.ts';

interface Content {
  cells: readonly EditorCell[];
  /** In cells, from 0 to their count. */
  cursor: number;
}

/** A text that is being edited. Immutable: every change returns a new value. */
export interface Editor extends Content {
  /** The contents before each change, latest last, and the contents that an undo removed. */
  undone: readonly Content[];
  done: readonly Content[];
  /** The text that the last deletion of words or lines removed. */
  killed: readonly EditorCell[];
  /** Consecutive letters are undone together. */
  last: 'typing' | 'erasing' | 'killing' | undefined;
  /** The column that moving up and down aims for. */
  column?: number | undefined;
}

export type Edit =
  | { type: 'insert'; text: string }
  | { type: 'paste'; text: string }
  /** Replaces the whole draft. */
  | { type: 'replace'; draft: Draft }
  /** Replaces the cells from `start` to the cursor with the text that the user chose; it counts as typed. */
  | { type: 'complete'; text: string; start: number }
  | { type: 'move'; to: CursorPlace }
  | { type: 'move-to'; cursor: number; column: number }
  | { type: 'erase'; to: CursorPlace }
  /** Like erase, but `yank` restores the text. */
  | { type: 'kill'; to: CursorPlace }
  | { type: 'yank' | 'undo' | 'redo' };

export type CursorPlace =
  | 'left'
  | 'right'
  | 'word-left'
  | 'word-right'
  | 'blank-left'
  | 'line-start'
  | 'line-end'
  | 'start'
  | 'end';

export const EMPTY_EDITOR: Editor = { cells: [], cursor: 0, undone: [], done: [], killed: [], last: undefined };

const MOST_STEPS = 200;

export function editorText({ cells }: Editor): string {
  return textOf(cells);
}

/** Returns the text, and which parts of it were not typed. */
export function editorDraft({ cells }: Editor): Draft {
  return editorDraftOf(cells);
}

export function edit(editor: Editor, change: Edit): Editor {
  switch (change.type) {
    case 'insert':
      return put(editor, editor.cursor, editor.cursor, cellsOf(withoutControls(change.text)), 'typing');
    case 'paste':
      return put(editor, editor.cursor, editor.cursor, pastedCells(change.text), undefined);
    case 'replace':
      return put(editor, 0, editor.cells.length, draftCells(change.draft), undefined);
    case 'complete':
      return put(editor, change.start, editor.cursor, cellsOf(change.text), undefined);
    case 'move':
      return { ...editor, cursor: placeOf(editor, change.to), last: undefined, column: undefined };
    case 'move-to': {
      const cursor = Math.max(0, Math.min(editor.cells.length, change.cursor));
      return { ...editor, cursor, column: change.column, last: undefined };
    }
    case 'erase':
      return take(editor, placeOf(editor, change.to), 'erasing');
    case 'kill': {
      const to = placeOf(editor, change.to);
      // At the end of a line, this removes the line end itself.
      return take(editor, to === editor.cursor && change.to === 'line-end' ? placeOf(editor, 'right') : to, 'killing');
    }
    case 'yank':
      return put(editor, editor.cursor, editor.cursor, editor.killed, undefined);
    case 'undo':
      return step(editor, 'undone', 'done');
    case 'redo':
      return step(editor, 'done', 'undone');
  }
}

/** Removes control characters. Keys do not produce any, but an input method or an unusual terminal may. */
function withoutControls(text: string): string {
  // oxlint-disable-next-line no-control-regex -- this removes them
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '');
}

function put(editor: Editor, start: number, end: number, cells: readonly EditorCell[], as: Editor['last']): Editor {
  if (start === end && cells.length === 0) return editor;
  return { ...remembered(editor, as), ...splice(editor.cells, start, end, cells), last: as, column: undefined };
}

function take(editor: Editor, to: number, as: 'erasing' | 'killing'): Editor {
  const [start, end] = [Math.min(to, editor.cursor), Math.max(to, editor.cursor)];
  if (start === end) return editor;
  const taken = editor.cells.slice(start, end);
  const changed = put(editor, start, end, [], as);
  if (as === 'erasing') return changed;
  if (editor.last !== 'killing') return { ...changed, killed: taken };
  // Consecutive kills are restored together.
  return { ...changed, killed: to < editor.cursor ? [...taken, ...editor.killed] : [...editor.killed, ...taken] };
}

function remembered(editor: Editor, as: Editor['last']): Editor {
  const { cells, cursor, undone } = editor;
  if (as !== undefined && as === editor.last) return { ...editor, done: [] };
  return { ...editor, undone: [...undone.slice(-MOST_STEPS + 1), { cells, cursor }], done: [] };
}

function step(editor: Editor, from: 'undone' | 'done', to: 'undone' | 'done'): Editor {
  const content = editor[from].at(-1);
  if (content === undefined) return editor;
  const { cells, cursor } = editor;
  return {
    ...editor,
    ...content,
    [from]: editor[from].slice(0, -1),
    [to]: [...editor[to], { cells, cursor }],
    last: undefined,
    column: undefined,
  };
}

const WORD = /[\p{L}\p{N}\p{M}_]/u;

function placeOf({ cells, cursor }: Content, place: CursorPlace): number {
  const back = (isWanted: (cell: EditorCell) => boolean, from: number): number => {
    let at = from;
    while (at > 0 && isWanted(cells[at - 1]!)) at -= 1;
    return at;
  };
  const on = (isWanted: (cell: EditorCell) => boolean, from: number): number => {
    let at = from;
    while (at < cells.length && isWanted(cells[at]!)) at += 1;
    return at;
  };
  switch (place) {
    case 'left':
      return Math.max(0, cursor - 1);
    case 'right':
      return Math.min(cells.length, cursor + 1);
    case 'word-left': {
      const from = back((cell) => !isWord(cell), cursor);
      return isBlock(cells[from - 1]) ? from - 1 : back(isLetter, from);
    }
    case 'word-right': {
      const from = on((cell) => !isWord(cell), cursor);
      return isBlock(cells[from]) ? from + 1 : on(isLetter, from);
    }
    case 'blank-left':
      return back((cell) => !isBlank(cell), back(isBlank, cursor));
    case 'line-start':
      return back((cell) => characterOf(cell) !== '\n', cursor);
    case 'line-end':
      return on((cell) => characterOf(cell) !== '\n', cursor);
    case 'start':
      return 0;
    case 'end':
      return cells.length;
  }
}

function isBlock(cell: EditorCell | undefined): boolean {
  return cell !== undefined && characterOf(cell) === undefined;
}

function isLetter(cell: EditorCell): boolean {
  return WORD.test(characterOf(cell) ?? '');
}

function isWord(cell: EditorCell): boolean {
  return isBlock(cell) || isLetter(cell);
}

function isBlank(cell: EditorCell): boolean {
  return /^\s/.test(characterOf(cell) ?? '');
}
