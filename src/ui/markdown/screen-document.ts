import type { BlockHandler, BlockStart } from '../../markdown/block.ts';
import type { Container } from '../../markdown/containers.ts';
import { createCodeBlock } from './code-block.ts';
import { cutRows } from './cut-rows.ts';
import type { MarkdownTheme } from './theme.ts';
import { createParagraph, createSourceBlock } from './paragraph.ts';
import { type BlockWidth, type OpenBlock, paintRow, type Piece, type PieceRow, plainPiece } from './piece.ts';
import { createTableBlock } from './table-block.ts';

/** Turns the blocks of a document into rows for the screen while the document is read. */
export interface ScreenDocument extends BlockHandler {
  /** Removes and returns the finished rows, painted. */
  take: () => string[];
  /** Returns a promise that resolves when the language of the open code block is loaded, or undefined if nothing is loading. */
  waiting: () => Promise<void> | undefined;
  /** Uses another width for all further rows. */
  resize: (width: number) => void;
  /**
   * Returns a handler with its own rows that continues from here and shows the open block as a preview. Does not change this
   * document.
   */
  draft: () => ScreenDocument;
  /** Prepares for a new document after the previous one has ended. */
  reset: () => void;
}

interface ScreenState {
  /** Width of the screen in columns. */
  width: number;
  /** Maximum width of prose in columns, even if the screen is wider. */
  prose: number;
  containers: OpenContainer[];
  block: OpenBlock | undefined;
  /** The number of open containers at an empty source line since the last row; undefined if there was no empty line. */
  owedBlank: number | undefined;
  hasRows: boolean;
  waiting: Promise<void> | undefined;
  isDraft: boolean;
}

interface OpenContainer {
  /** Shown to the left of the first row; for a quote, of every row. */
  marker: string;
  width: number;
  isQuote: boolean;
  /** The marker has been shown. */
  isShown: boolean;
}

/** Minimum width of a nested block in columns, if the screen is wide enough. */
const LEAST_CONTENT = 10;
const WIDEST_RULE = 24;
const QUOTE_BAR = '│ ';

export function createScreenDocument(width: number, theme: MarkdownTheme, prose = width): ScreenDocument {
  const empty = { block: undefined, owedBlank: undefined, hasRows: false, waiting: undefined, isDraft: false };
  return screenDocument({ width, prose, containers: [], ...empty }, theme);
}

function screenDocument(state: ScreenState, theme: MarkdownTheme): ScreenDocument {
  let rows: string[] = [];

  const write = (row: PieceRow): void => {
    rows.push(paintRow(withoutTrailingSpace(row), theme));
    state.hasRows = true;
  };
  const emitRow = (row: PieceRow): void => {
    const shown = shownContainers(state);
    if (state.owedBlank !== undefined && state.hasRows) {
      write(shown.slice(0, state.owedBlank).map((container) => (container.isQuote ? bar() : blanks(container))));
    }
    state.owedBlank = undefined;
    for (const container of state.containers.slice(shown.length)) {
      // If there is no room next to the content, a marker gets its own row.
      if (container.isQuote || container.isShown) continue;
      container.isShown = true;
      for (const part of cutRows([plainPiece(container.marker)], contentWidth(state))) write([...prefix(shown), ...part]);
    }
    write(shown.length === 0 ? row : [...prefix(shown), ...row]);
  };
  const emit = (made: readonly PieceRow[]): void => {
    for (const row of made) emitRow(row);
  };
  return {
    openContainer: (container) => void state.containers.push(openContainer(container)),
    closeContainer() {
      const last = state.containers.at(-1);
      // An item without content still shows its marker.
      if (last !== undefined && !last.isQuote && !last.isShown) emitRow([]);
      state.containers.pop();
      if (state.owedBlank !== undefined) state.owedBlank = Math.min(state.owedBlank, state.containers.length);
    },
    openBlock(start) {
      if (start.kind === 'code' && start.fence !== undefined) {
        state.waiting = theme.highlighter.load(start.fence.info);
        void watch(state);
      }
      emit(titleRows(start, contentWidth(state), theme));
      state.block = createBlock(start, blockWidth(state), theme);
      // Without color, the marks identify the heading.
      if (start.kind === 'heading' && !theme.hasColor) emit(state.block.push(`${'#'.repeat(start.level)} `));
    },
    addSource(source) {
      if (state.block !== undefined) emit(state.block.push(source));
    },
    closeBlock(fence) {
      if (state.block !== undefined) emit(state.isDraft ? state.block.preview('') : state.block.end());
      state.block = undefined;
      if (fence !== undefined && !theme.hasColor) emitRow([plainPiece(fence)]);
    },
    rule: () => emitRow([{ text: '─'.repeat(Math.min(WIDEST_RULE, contentWidth(state))), meanings: ['dim'] }]),
    blankLine() {
      state.owedBlank = state.containers.length;
    },
    take() {
      const taken = rows;
      rows = [];
      return taken;
    },
    waiting: () => state.waiting,
    resize(next) {
      state.width = next;
      if (state.block !== undefined) emit(state.block.resize(blockWidth(state)));
    },
    draft() {
      const containers = state.containers.map((container) => ({ ...container }));
      const block = state.block === undefined ? undefined : draftBlock(state.block);
      return screenDocument({ ...state, containers, block, isDraft: true }, theme);
    },
    reset() {
      state.owedBlank = undefined;
      state.hasRows = false;
      state.waiting = undefined;
    },
  };
}

function createBlock(start: BlockStart, width: BlockWidth, { hasColor, highlighter }: MarkdownTheme): OpenBlock {
  const keepsMarks = !hasColor;
  switch (start.kind) {
    case 'paragraph':
      return createParagraph(width, { keepsMarks });
    case 'heading':
      return createParagraph(width, { keepsMarks, meanings: ['heading'] });
    case 'code':
      return createCodeBlock(width.all, highlighter.colors(start.fence?.info ?? ''));
    case 'html':
      return createSourceBlock(width, 'dim');
    case 'math':
      return createSourceBlock(width, 'code');
    case 'table':
      return createTableBlock(start.head, start.alignments, width.all, { keepsMarks });
  }
}

/** Returns the rows above a block: the language of a fence. */
function titleRows(start: BlockStart, width: number, { hasColor }: MarkdownTheme): PieceRow[] {
  if (start.kind !== 'code' || start.fence === undefined) return [];
  const title = hasColor ? start.fence.info : start.fence.marks + start.fence.info;
  return title === '' ? [] : cutRows([{ text: title, meanings: ['dim'] }], width);
}

/** Clears `waiting` when its promise resolves. */
async function watch(state: ScreenState): Promise<void> {
  const { waiting } = state;
  await waiting;
  if (state.waiting === waiting) state.waiting = undefined;
}

/** Returns a block that extends the given open block without changing it. */
function draftBlock(block: OpenBlock): OpenBlock {
  let added = '';
  return {
    push(source) {
      added += source;
      return [];
    },
    end: () => block.preview(added),
    preview: (source) => block.preview(added + source),
    resize: () => [],
  };
}

function openContainer(container: Container): OpenContainer {
  if (container.kind === 'quote') return { marker: QUOTE_BAR, width: QUOTE_BAR.length, isQuote: true, isShown: false };
  const marker = /\d/.test(container.marker) ? container.marker : '•';
  return { marker, width: marker.length + 1, isQuote: false, isShown: false };
}

function prefix(containers: readonly OpenContainer[]): Piece[] {
  return containers.map((container) => {
    if (container.isQuote) return bar();
    if (container.isShown) return blanks(container);
    container.isShown = true;
    return { text: container.marker.padEnd(container.width), meanings: ['accent'] };
  });
}

function withoutTrailingSpace(row: PieceRow): PieceRow {
  const end = row.at(-1)?.text;
  if (end === undefined || (end !== '' && end.trimEnd() === end)) return row;
  const last = row.findLastIndex(({ text }) => text.trim() !== '');
  return row.slice(0, last + 1).map((piece, index) => (index === last ? { ...piece, text: piece.text.trimEnd() } : piece));
}

function bar(): Piece {
  return { text: QUOTE_BAR, meanings: ['dim'] };
}

function blanks({ width }: OpenContainer): Piece {
  return plainPiece(' '.repeat(width));
}

/** Returns the outermost containers that leave enough room for the content. */
function shownContainers({ containers, width }: ScreenState): readonly OpenContainer[] {
  let left = width;
  const tooMany = containers.findIndex((container) => {
    left -= container.width;
    return left < LEAST_CONTENT;
  });
  return tooMany === -1 ? containers : containers.slice(0, tooMany);
}

function prefixWidth(state: ScreenState): number {
  return shownContainers(state).reduce((total, { width }) => total + width, 0);
}

/** Returns the columns that the open containers leave. */
function contentWidth(state: ScreenState): number {
  return state.width - prefixWidth(state);
}

/** Returns the columns that remain, and how many of them prose uses. */
function blockWidth(state: ScreenState): BlockWidth {
  const all = contentWidth(state);
  return { all, prose: Math.min(all, Math.max(LEAST_CONTENT, state.prose - prefixWidth(state))) };
}
