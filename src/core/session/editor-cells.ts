import { graphemes } from '../graphemes.ts';
import { addSpan, type Draft, isPasted, pastedDraft, type DraftSpan, typedDraft } from './draft.ts';

/** Text that was not typed: a single character, or a long paste, which is shown as a label and sent in full. */
export interface PastedText {
  text: string;
  isBlock: boolean;
}

/** The unit of cursor movement: a grapheme, a line end (`\n`), or a pasted block. A typed grapheme is a string. */
export type EditorCell = string | PastedText;

/** Longer pastes are shown as a block. */
const LONGEST_OPEN_PASTE = 1000;
const MOST_OPEN_LINES = 8;
const PLAIN = /^[\n\u0020-\u007e]$/;

/** Returns the cells of a draft; all line ends become `\n`. */
export function draftCells(draft: Draft): EditorCell[] {
  const cells: EditorCell[] = [];
  let at = 0;
  for (const [start, end] of draft.pasted) {
    cells.push(...cellsOf(draft.text.slice(at, start)), ...pastedCells(draft.text.slice(start, end)));
    at = end;
  }
  return rejoined([...cells, ...cellsOf(draft.text.slice(at))]);
}

/** Returns the cells of a typed text. */
export function cellsOf(text: string): EditorCell[] {
  return openCells(typedDraft(plainLines(text)));
}

/** Returns the cells of a paste: its characters, or one block if it would fill the screen. */
export function pastedCells(text: string): EditorCell[] {
  const plain = plainLines(text);
  if (plain.length <= LONGEST_OPEN_PASTE && lineCount(plain) <= MOST_OPEN_LINES) return openCells(pastedDraft(plain));
  return [{ text: plain, isBlock: true }];
}

/** Returns the text of the cells, and which parts of it were not typed. */
export function editorDraftOf(cells: readonly EditorCell[]): Draft {
  const pasted: DraftSpan[] = [];
  let length = 0;
  for (const cell of cells) {
    const { length: added } = cellText(cell);
    if (typeof cell !== 'string') addSpan(pasted, [length, length + added]);
    length += added;
  }
  return { text: textOf(cells), pasted };
}

/** Returns the text to send. */
export function textOf(cells: readonly EditorCell[]): string {
  return cells.map(cellText).join('');
}

/** Returns the character of a cell; undefined for a block. */
export function characterOf(cell: EditorCell): string | undefined {
  if (typeof cell === 'string') return cell;
  return cell.isBlock ? undefined : cell.text;
}

/** Returns the label that is shown for a block. */
export function blockLabel(cell: EditorCell): string {
  const text = cellText(cell);
  const lines = lineCount(text);
  return lines === 1 ? `[pasted ${text.length} characters]` : `[pasted ${lines} lines]`;
}

/**
 * Replaces the cells from `start` to `end`. Combining marks and joiners merge with a character that they now follow, so that the cells are those
 * of the whole text again. `cursor` is after the inserted cells, never inside a character.
 */
export function splice(
  cells: readonly EditorCell[],
  start: number,
  end: number,
  inserted: readonly EditorCell[],
): { cells: EditorCell[]; cursor: number } {
  const left = edge(cells, start, -1);
  const right = edge(cells, end, 1);
  const before = [...cells.slice(left, start), ...inserted];
  const near = [...before, ...cells.slice(end, right)];
  const units = textOf(before).length;
  const joined = rejoined(near);
  let cursor = 0;
  for (let used = 0; used < units; cursor += 1) used += cellText(joined[cursor]!).length;
  return { cells: [...cells.slice(0, left), ...joined, ...cells.slice(right)], cursor: left + cursor };
}

function cellText(cell: EditorCell): string {
  return typeof cell === 'string' ? cell : cell.text;
}

function plainLines(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

function lineCount(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

/** Returns the nearest place in this direction beyond which nothing can merge: after a plain letter, a line end or a block. */
function edge(cells: readonly EditorCell[], from: number, step: 1 | -1): number {
  let at = from;
  for (;;) {
    const next = cells[step === 1 ? at : at - 1];
    const character = next === undefined ? undefined : characterOf(next);
    if (character === undefined) return at;
    at += step;
    if (PLAIN.test(character)) return at;
  }
}

function rejoined(cells: readonly EditorCell[]): EditorCell[] {
  if (cells.every((cell) => PLAIN.test(characterOf(cell) ?? ''))) return [...cells];
  const joined: EditorCell[] = [];
  let run: EditorCell[] = [];
  for (const cell of cells) {
    if (characterOf(cell) === undefined) {
      joined.push(...openCells(editorDraftOf(run)), cell);
      run = [];
    } else run.push(cell);
  }
  return [...joined, ...openCells(editorDraftOf(run))];
}

/** Creates one cell for each character; a character that was partly pasted counts as pasted. */
function openCells(draft: Draft): EditorCell[] {
  return Array.from(graphemes(draft.text), ({ segment, index }): EditorCell => {
    const wasTyped = draft.pasted.length === 0 || !isPasted(draft, index, index + segment.length);
    return wasTyped ? segment : { text: segment, isBlock: false };
  });
}
