import { graphemes } from '../graphemes.ts';
import type { Candidate, Suggestions } from './suggestions.ts';
import { type Draft, EMPTY_DRAFT } from './draft.ts';
import { textOf } from './editor-cells.ts';
import { edit, type Editor, editorDraft, editorText, EMPTY_EDITOR } from './editor.ts';
import {
  findPrompt,
  type HistorySearch,
  type PromptHistory,
  startHistory,
  stepHistory,
  storedHistory,
  withPrompt,
} from './prompt-history.ts';
import type { Key } from './keys.ts';
import { EDITS } from './keymap.ts';

/** The prompt: the text, the history and the suggestions. */
export interface SessionInput {
  editor: Editor;
  history: PromptHistory;
  /** Set while the user searches the history. */
  search?: HistorySearch | undefined;
  /** Index of the selected suggestion; undefined if the user dismissed the suggestions until the text changes. */
  chosen: number | undefined;
  /** Ctrl-X was pressed; the next key completes the chord. */
  isChord: boolean;
}

/** What a key press requests from the session. */
export type InputEffect =
  | { type: 'send'; draft: Draft }
  | { type: 'stop' | 'leave' | 'write-outside' | 'suspend' | 'redraw' | 'take-back' };

/** What the prompt needs to know to handle a key. */
export interface EditorContext {
  /** An answer is in progress. */
  isBusy: boolean;
  hasQueue: boolean;
  /** Returns completions of the text before the cursor. */
  complete: (before: string) => Suggestions | undefined;
  /** Returns the position one row up or down in the layout on the screen; undefined if there is no such row. */
  vertical: (editor: Editor, step: -1 | 1) => { cursor: number; column: number } | undefined;
}

interface Pressed {
  input: SessionInput;
  effect?: InputEffect;
}

export function startInput(entries: readonly string[]): SessionInput {
  return { editor: EMPTY_EDITOR, history: storedHistory(entries), chosen: 0, isChord: false };
}

/** Replaces the draft and moves the cursor to its end; this can be undone. */
export function withDraft(input: SessionInput, draft: Draft): SessionInput {
  return changed(input, edit(input.editor, { type: 'replace', draft }));
}

/** Returns the current suggestions; undefined if there are none, or the user dismissed them. */
export function offered(
  { editor, search, chosen }: SessionInput,
  { complete }: Pick<EditorContext, 'complete'>,
): Suggestions | undefined {
  if (search !== undefined || chosen === undefined) return undefined;
  const completion = complete(beforeCursor(editor));
  return completion === undefined || cellAt(editor, completion.start) === undefined ? undefined : completion;
}

/** Returns the prompt after a key press. */
export function pressEditorKey(input: SessionInput, key: Key, around: EditorContext): Pressed {
  if (input.search !== undefined) return pressInSearch(input, input.search, key, around);
  if (key.type !== 'press') {
    const change = key.type === 'text' ? ({ type: 'insert', text: key.text } as const) : key;
    return { input: changed({ ...input, isChord: false }, edit(input.editor, change)) };
  }
  if (input.isChord) return pressChord({ ...input, isChord: false }, key.key);
  const menu = offered(input, around);
  if (menu !== undefined) {
    const pressed = pressInMenu(input, menu, key.key);
    if (pressed !== undefined) return pressed;
  }
  switch (key.key) {
    case 'enter':
      return pressEnter(input);
    case 'up':
    case 'down':
    case 'ctrl-p':
    case 'ctrl-n':
      return pressVertical(input, key.key === 'up' || key.key === 'ctrl-p' ? -1 : 1, around);
    case 'escape':
      if (around.hasQueue) return { input, effect: { type: 'take-back' } };
      return around.isBusy ? { input, effect: { type: 'stop' } } : { input };
    case 'ctrl-c':
      if (around.isBusy) return { input, effect: { type: 'stop' } };
      return isEmpty(input) ? { input, effect: { type: 'leave' } } : { input: withDraft(input, EMPTY_DRAFT) };
    case 'ctrl-d':
      if (isEmpty(input)) return { input, effect: { type: 'leave' } };
      return { input: changed(input, edit(input.editor, { type: 'erase', to: 'right' })) };
    case 'ctrl-r':
      return { input: { ...input, search: { query: '', skip: 0 } } };
    case 'ctrl-x':
      return { input: { ...input, isChord: true } };
    case 'ctrl-g':
      return { input, effect: { type: 'write-outside' } };
    case 'ctrl-z':
      return { input, effect: { type: 'suspend' } };
    case 'ctrl-l':
      return { input, effect: { type: 'redraw' } };
    default: {
      const change = EDITS[key.key];
      return { input: change === undefined ? input : changed(input, edit(input.editor, change)) };
    }
  }
}

function pressChord(input: SessionInput, key: string): Pressed {
  if (key === 'ctrl-e') return { input, effect: { type: 'write-outside' } };
  return { input: key === 'ctrl-u' ? changed(input, edit(input.editor, { type: 'undo' })) : input };
}

function pressEnter(input: SessionInput): Pressed {
  const { editor } = input;
  const isAtEnd = editor.cursor === editor.cells.length;
  if (isAtEnd && textOf(editor.cells.slice(-1)) === '\\') {
    const without = edit(editor, { type: 'erase', to: 'left' });
    return { input: changed(input, edit(without, { type: 'insert', text: '\n' })) };
  }
  return editorText(editor).trim() === '' ? { input } : sent(input);
}

function sent(input: SessionInput): Pressed {
  const draft = editorDraft(input.editor);
  const editor = { ...EMPTY_EDITOR, killed: input.editor.killed };
  return { input: { ...input, editor, history: withPrompt(input.history, draft), chosen: 0 }, effect: { type: 'send', draft } };
}

function pressVertical(input: SessionInput, step: -1 | 1, around: EditorContext): Pressed {
  const place = around.vertical(input.editor, step);
  if (place !== undefined) return { input: { ...input, editor: edit(input.editor, { type: 'move-to', ...place }) } };
  const { history, shown } = stepHistory(input.history, step, editorDraft(input.editor));
  if (shown === undefined) {
    // There is no older entry: move to the beginning, as shells and editors do.
    return { input: { ...input, editor: edit(input.editor, { type: 'move', to: step === -1 ? 'line-start' : 'line-end' }) } };
  }
  // No suggestions for a command from the history, so that the arrow keys continue through the history.
  return { input: { ...withDraft(input, shown), history, chosen: undefined } };
}

function pressInMenu(input: SessionInput, menu: Suggestions, key: string): Pressed | undefined {
  const count = menu.candidates.length;
  if (count === 0) return key === 'escape' ? { input: { ...input, chosen: undefined } } : undefined;
  const chosen = Math.min(input.chosen ?? 0, count - 1);
  switch (key) {
    case 'up':
    case 'ctrl-p':
      return { input: { ...input, chosen: (chosen + count - 1) % count } };
    case 'down':
    case 'ctrl-n':
      return { input: { ...input, chosen: (chosen + 1) % count } };
    case 'escape':
      return { input: { ...input, chosen: undefined } };
    case 'tab':
      return { input: accepted(input, menu, menu.candidates[chosen]!) };
    case 'enter': {
      const candidate = menu.candidates[chosen]!;
      if (candidate.isTyped === true) return undefined;
      const input2 = accepted(input, menu, candidate);
      return candidate.isWhole ? sent(input2) : { input: input2 };
    }
    default:
      return undefined;
  }
}

function accepted(input: SessionInput, { start }: Suggestions, { insert }: Candidate): SessionInput {
  return changed(input, edit(input.editor, { type: 'complete', text: insert, start: cellAt(input.editor, start) ?? 0 }));
}

function pressInSearch(input: SessionInput, search: HistorySearch, key: Key, around: EditorContext): Pressed {
  const open = (next: HistorySearch): Pressed => ({ input: { ...input, search: next } });
  const closed: SessionInput = { ...input, search: undefined };
  if (key.type !== 'press') return open({ query: search.query + key.text.replace(/[\r\n]+/g, ' '), skip: 0 });
  const match = findPrompt(input.history, search);
  const taken = match === undefined ? closed : { ...withDraft(closed, match), chosen: undefined };
  switch (key.key) {
    case 'ctrl-r':
    case 'up': {
      const next = { ...search, skip: search.skip + 1 };
      return findPrompt(input.history, next) === undefined ? { input } : open(next);
    }
    case 'ctrl-s':
    case 'down':
      return open({ ...search, skip: Math.max(0, search.skip - 1) });
    case 'backspace': {
      const letters = Array.from(graphemes(search.query), ({ segment }) => segment);
      return open({ query: letters.slice(0, -1).join(''), skip: 0 });
    }
    case 'escape':
    case 'ctrl-c':
    case 'ctrl-g':
      return { input: closed };
    case 'enter':
    case 'tab':
      return { input: taken };
    default:
      return pressEditorKey(taken, key, around);
  }
}

/** Returns the cell that begins at this position of the text; undefined if the position is inside a cell, such as a pasted block. */
function cellAt({ cells }: Editor, place: number): number | undefined {
  let [cell, used] = [0, 0];
  for (; used < place && cell < cells.length; cell += 1) used += textOf(cells.slice(cell, cell + 1)).length;
  return used === place ? cell : undefined;
}

/** Returns the text before the cursor, with pasted blocks in full. */
function beforeCursor({ cells, cursor }: Editor): string {
  return textOf(cells.slice(0, cursor));
}

function isEmpty({ editor }: SessionInput): boolean {
  return editor.cells.length === 0;
}

/** Resets the suggestions and the position in the history if the text changed. */
function changed(input: SessionInput, editor: Editor): SessionInput {
  if (editor.cells === input.editor.cells) return { ...input, editor };
  return { ...input, editor, chosen: 0, history: startHistory(input.history.entries) };
}
