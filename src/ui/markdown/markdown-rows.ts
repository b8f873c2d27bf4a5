import {
  closeContainers,
  blockWidth,
  closeLeaf,
  type DocumentState,
  draftState,
  emit,
  newState,
} from '../../markdown/document-state.ts';
import type { MarkdownTheme } from './theme.ts';
import type { TextRows } from '../screen/plain-rows.ts';
import { readLine } from '../../markdown/read-line.ts';

// A line is read when it is complete, or has become so long that it can be nothing but text of its kind.
const LONGEST_LINE = 256;
// Models pad tables with blanks, some with thousands of them.
const LONGEST_TABLE_LINE = 16_384;
const LONGEST_CODE_LINE = 4096;

/**
 * A Markdown text as rows for the screen, its prose wrapped at `prose` columns where there are more. Each piece of it is looked at a bounded number of times, and which rows come of it does not depend
 * on where it was cut.
 */
export function createMarkdownRows(width: number, theme: MarkdownTheme, prose?: number): TextRows {
  const state = newState(width, theme, prose === undefined ? {} : { prose });
  /** What is not read yet: an incomplete line, and while something is waited for whatever follows. */
  let unread = '';
  /** The beginning of the line has been read already. */
  let isInLine = false;

  const take = (): string[] => {
    const { rows } = state;
    state.rows = [];
    return rows;
  };
  const read = (): void => {
    let from = 0;
    while (state.waiting === undefined && from < unread.length) {
      const end = unread.indexOf('\n', from);
      const length = (end === -1 ? unread.length : end) - from;
      const limit = limitOf(state, unread, from, length);
      if (isInLine && limit !== LONGEST_CODE_LINE && end === -1) {
        emit(state, state.leaf!.block.push(unread.slice(from)));
        from = unread.length;
      } else if (length > limit && !(isInLine && limit !== LONGEST_CODE_LINE)) {
        // A surrogate pair stays whole.
        const cut = /[\ud800-\udbff]/.test(unread.charAt(from + limit - 1)) ? limit + 1 : limit;
        const part = unread.slice(from, from + cut);
        if (isInLine) emit(state, state.leaf!.block.push(part));
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
      if (state.waiting !== undefined) void watch(state);
    }
    unread = unread.slice(from);
  };
  return {
    push(text) {
      unread += text;
      read();
      return take();
    },
    tail() {
      const draft = draftState(state);
      const line = unread.slice(0, unread.includes('\n') ? unread.indexOf('\n') : undefined);
      if (line !== '' && state.waiting === undefined) {
        if (isInLine) draft.leaf?.block.push(line);
        else readLine(draft, line);
      }
      closeLeaf(draft);
      closeContainers(draft, 0);
      return draft.rows;
    },
    waiting: () => state.waiting,
    resize(next) {
      state.width = next;
      if (state.leaf !== undefined) emit(state, state.leaf.block.resize(blockWidth(state)));
      return take();
    },
    end() {
      state.waiting = undefined;
      read();
      state.waiting = undefined;
      if (isInLine) endLine(state, unread);
      else if (unread !== '') readLine(state, unread);
      unread = '';
      isInLine = false;
      closeLeaf(state);
      closeContainers(state, 0);
      state.owedBlank = undefined;
      state.hasRows = false;
      return take();
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
  if (rest !== '' && state.leaf !== undefined) emit(state, state.leaf.block.push(rest));
  if (state.leaf?.kind === 'heading') closeLeaf(state);
}

/** Reads on when what is waited for is there, unless the text has ended meanwhile. */
async function watch(state: DocumentState): Promise<void> {
  const { waiting } = state;
  await waiting;
  if (state.waiting === waiting) state.waiting = undefined;
}
