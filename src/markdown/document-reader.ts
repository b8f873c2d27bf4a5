import type { BlockHandler } from './block.ts';
import { closeContainers, closeLeaf, type DocumentState, draftState, newState } from './document-state.ts';
import { readLine } from './read-line.ts';

// A line is read when it is complete, or when it is longer than any line that needs to be read as a whole.
const LONGEST_LINE = 256;
// Models pad tables with blanks, sometimes with thousands.
const LONGEST_TABLE_LINE = 16_384;
const LONGEST_CODE_LINE = 4096;

/** Reads a document that arrives in pieces. */
export interface DocumentReader {
  push: (text: string) => void;
  /** Reads the remaining text and ends the document for another handler. Does not change this reader. */
  preview: (handler: BlockHandler) => void;
  /** Ends the document. Further text starts a new one. */
  end: () => void;
}

/**
 * Returns a reader that examines each piece of the text a bounded number of times. The handler's calls do not depend on how the
 * text is split. While `isPaused` returns true, no line is read; `push('')` continues.
 */
export function createDocumentReader(handler: BlockHandler, isPaused: () => boolean): DocumentReader {
  const state = newState(handler);
  /** An incomplete line; during a pause also the text after it. */
  let unread = '';
  /** The beginning of the line has already been read. */
  let isInLine = false;

  const read = (isStopped: () => boolean): void => {
    let from = 0;
    while (from < unread.length && !isStopped()) {
      const end = unread.indexOf('\n', from);
      const length = (end === -1 ? unread.length : end) - from;
      const limit = limitOf(state, unread, from, length);
      if (isInLine && limit !== LONGEST_CODE_LINE && end === -1) {
        handler.addSource(unread.slice(from));
        from = unread.length;
      } else if (length > limit && !(isInLine && limit !== LONGEST_CODE_LINE)) {
        // Do not split a surrogate pair.
        const cut = /[\ud800-\udbff]/.test(unread.charAt(from + limit - 1)) ? limit + 1 : limit;
        const part = unread.slice(from, from + cut);
        if (isInLine) handler.addSource(part);
        else readLine(state, part, true);
        // The rest is read as a new line if no block accepted the beginning.
        isInLine = state.leaf !== undefined;
        from += cut;
      } else if (end === -1) {
        break;
      } else {
        const line = unread.slice(from, end);
        if (isInLine) endLine(state, line);
        else readLine(state, line);
        isInLine = false;
        from = end + 1;
      }
    }
    unread = unread.slice(from);
  };
  return {
    push(text) {
      unread += text;
      read(isPaused);
    },
    preview(other) {
      const draft = draftState(state, other);
      const line = unread.slice(0, unread.includes('\n') ? unread.indexOf('\n') : undefined);
      if (line !== '' && !isPaused()) {
        if (!isInLine) readLine(draft, line);
        else if (draft.leaf !== undefined) other.addSource(line);
      }
      closeLeaf(draft);
      closeContainers(draft, 0);
    },
    end() {
      read(() => false);
      if (isInLine) endLine(state, unread);
      else if (unread !== '') readLine(state, unread);
      unread = '';
      isInLine = false;
      closeLeaf(state);
      closeContainers(state, 0);
    },
  };
}

/** Returns the maximum length of a line that is read as a whole. */
function limitOf(state: DocumentState, text: string, from: number, length: number): number {
  const kind = state.leaf?.kind;
  if (kind === 'fence' || kind === 'indented') return LONGEST_CODE_LINE;
  if (kind === 'table') return LONGEST_TABLE_LINE;
  if (length <= LONGEST_LINE) return LONGEST_LINE;
  return text.slice(from, from + LONGEST_LINE).includes('|') ? LONGEST_TABLE_LINE : LONGEST_LINE;
}

function endLine(state: DocumentState, rest: string): void {
  if (rest !== '' && state.leaf !== undefined) state.handler.addSource(rest);
  if (state.leaf?.kind === 'heading') closeLeaf(state);
}
