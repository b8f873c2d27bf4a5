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
  return new LineReader(handler, isPaused);
}

class LineReader implements DocumentReader {
  readonly #state: DocumentState;
  readonly #isPaused: () => boolean;
  /** An incomplete line; during a pause also the text after it. */
  #unread = '';
  /** The beginning of the line has already been read. */
  #isInLine = false;

  constructor(handler: BlockHandler, isPaused: () => boolean) {
    this.#state = newState(handler);
    this.#isPaused = isPaused;
  }

  push(text: string): void {
    this.#unread = this.#unread === '' ? text : this.#unread + text;
    this.#read(this.#isPaused);
  }

  preview(other: BlockHandler): void {
    const draft = draftState(this.#state, other);
    const end = this.#unread.indexOf('\n');
    const line = end === -1 ? this.#unread : this.#unread.slice(0, end);
    if (line !== '' && !this.#isPaused()) {
      if (!this.#isInLine) readLine(draft, line);
      else if (draft.leaf !== undefined) other.addSource(line);
    }
    closeLeaf(draft);
    closeContainers(draft, 0);
  }

  end(): void {
    this.#read(() => false);
    if (this.#isInLine) endLine(this.#state, this.#unread);
    else if (this.#unread !== '') readLine(this.#state, this.#unread);
    this.#unread = '';
    this.#isInLine = false;
    closeLeaf(this.#state);
    closeContainers(this.#state, 0);
  }

  #read(isStopped: () => boolean): void {
    const unread = this.#unread;
    const state = this.#state;
    let from = 0;
    while (from < unread.length && !isStopped()) {
      const end = unread.indexOf('\n', from);
      const length = (end === -1 ? unread.length : end) - from;
      const limit = limitOf(state, unread, from, length);
      if (this.#isInLine && limit !== LONGEST_CODE_LINE && end === -1) {
        state.handler.addSource(unread.slice(from));
        from = unread.length;
      } else if (length > limit && !(this.#isInLine && limit !== LONGEST_CODE_LINE)) {
        // Do not split a surrogate pair.
        const cut = /[\ud800-\udbff]/.test(unread.charAt(from + limit - 1)) ? limit + 1 : limit;
        const part = unread.slice(from, from + cut);
        if (this.#isInLine) state.handler.addSource(part);
        else readLine(state, part, true);
        // The rest is read as a new line if no block accepted the beginning.
        this.#isInLine = state.leaf !== undefined;
        from += cut;
      } else if (end === -1) {
        break;
      } else {
        const line = unread.slice(from, end);
        if (this.#isInLine) endLine(state, line);
        else readLine(state, line);
        this.#isInLine = false;
        from = end + 1;
      }
    }
    this.#unread = from === 0 ? unread : unread.slice(from);
  }
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
