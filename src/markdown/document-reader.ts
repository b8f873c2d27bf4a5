import type { BlockHandler } from './block.ts';
import { closeContainers, closeLeaf, type DocumentState, draftState, newState } from './document-state.ts';
import { readLine } from './read-line.ts';

// A line is read when it is complete, or has become so long that it can be nothing but text of its kind.
const LONGEST_LINE = 256;
// Models pad tables with blanks, some with thousands of them.
const LONGEST_TABLE_LINE = 16_384;
const LONGEST_CODE_LINE = 4096;

/** Reads a document that arrives in pieces. */
export interface DocumentReader {
  push: (text: string) => void;
  /** Reads what is still unread, and ends the document, for another handler. Changes nothing in this reader. */
  preview: (handler: BlockHandler) => void;
  /** Ends the document. What follows is a new one. */
  end: () => void;
}

/**
 * Looks at each piece of the text a bounded number of times. What the handler receives does not depend on where the text was cut. While
 * `isPaused` returns true no line is read; `push` with an empty text continues.
 */
export function createDocumentReader(handler: BlockHandler, isPaused: () => boolean): DocumentReader {
  const state = newState(handler);
  /** An incomplete line, and during a pause whatever follows. */
  let unread = '';
  /** The beginning of the line has been read already. */
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
        // A surrogate pair stays whole.
        const cut = /[\ud800-\udbff]/.test(unread.charAt(from + limit - 1)) ? limit + 1 : limit;
        const part = unread.slice(from, from + cut);
        if (isInLine) handler.addSource(part);
        else readLine(state, part, true);
        // What no block has taken up is read as a line of its own.
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

/** How long a line may be that is read as a whole. */
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
