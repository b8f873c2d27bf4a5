import type { BlockHandler, BlockStart } from '../../markdown/block.ts';
import type { Container } from '../../markdown/containers.ts';
import { createCodeBlock } from './code-block.ts';
import { cutRows } from './cut-rows.ts';
import type { MarkdownTheme } from './theme.ts';
import { createParagraph, createSourceBlock } from './paragraph.ts';
import { type BlockWidth, type OpenBlock, paintRow, type Piece, type PieceRow, plainPiece } from './piece.ts';
import { createTableBlock } from './table-block.ts';

/** Makes rows for the screen from the blocks of a document while they are read. */
export interface ScreenDocument extends BlockHandler {
  /** Takes the finished rows, painted. */
  take: () => string[];
  /** Resolves when the open code block can be colored. */
  waiting: () => Promise<void> | undefined;
  /** From here on rows of another width. */
  resize: (width: number) => void;
  /** A handler with rows of its own that continues from here. Nothing in this one changes, and what is open is shown as a preview. */
  draft: () => ScreenDocument;
  /** Forgets the document that has ended: what follows is a new one. */
  reset: () => void;
}

interface ScreenState {
  /** Columns of the screen. */
  width: number;
  /** Prose is wrapped at so many columns, also where there are more. */
  prose: number;
  containers: OpenContainer[];
  block: OpenBlock | undefined;
  /** An empty line stands in the source since the last row: within so many containers. */
  owedBlank: number | undefined;
  hasRows: boolean;
  waiting: Promise<void> | undefined;
  isDraft: boolean;
}

interface OpenContainer {
  /** What stands at the left of its first row, and with a quote of each. */
  marker: string;
  width: number;
  isQuote: boolean;
  /** Its marker stands on the screen already. */
  isShown: boolean;
}

/** However deep it stands, a block has this many columns, or as many as there are. */
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
    const last = row.findLastIndex(({ text }) => text.trim() !== '');
    const shown = row
      .slice(0, last + 1)
      .map((piece, index) => (index === last ? { ...piece, text: piece.text.trimEnd() } : piece));
    rows.push(paintRow(shown, theme));
    state.hasRows = true;
  };
  const emitRow = (row: PieceRow): void => {
    const shown = shownContainers(state);
    if (state.owedBlank !== undefined && state.hasRows) {
      write(shown.slice(0, state.owedBlank).map((container) => (container.isQuote ? bar() : blanks(container))));
    }
    state.owedBlank = undefined;
    for (const container of state.containers.slice(shown.length)) {
      // Where there is no room beside its content the marker has a row of its own.
      if (container.isQuote || container.isShown) continue;
      container.isShown = true;
      for (const part of cutRows([plainPiece(container.marker)], contentWidth(state))) write([...prefix(shown), ...part]);
    }
    write([...prefix(shown), ...row]);
  };
  const emit = (made: readonly PieceRow[]): void => {
    for (const row of made) emitRow(row);
  };
  return {
    openContainer: (container) => void state.containers.push(openContainer(container)),
    closeContainer() {
      const last = state.containers.at(-1);
      // An item without content.
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
      // Without color the marks say what it is.
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

/** The rows above a block: the language of a fence. */
function titleRows(start: BlockStart, width: number, { hasColor }: MarkdownTheme): PieceRow[] {
  if (start.kind !== 'code' || start.fence === undefined) return [];
  const title = hasColor ? start.fence.info : start.fence.marks + start.fence.info;
  return title === '' ? [] : cutRows([{ text: title, meanings: ['dim'] }], width);
}

/** Forgets what is waited for when it is there. */
async function watch(state: ScreenState): Promise<void> {
  const { waiting } = state;
  await waiting;
  if (state.waiting === waiting) state.waiting = undefined;
}

/** Takes more of an open block without changing it. */
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

function bar(): Piece {
  return { text: QUOTE_BAR, meanings: ['dim'] };
}

function blanks({ width }: OpenContainer): Piece {
  return plainPiece(' '.repeat(width));
}

/** The outer containers that leave enough room. */
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

/** How many columns the open containers leave. */
function contentWidth(state: ScreenState): number {
  return state.width - prefixWidth(state);
}

/** The same, and how many of them prose takes. */
function blockWidth(state: ScreenState): BlockWidth {
  const all = contentWidth(state);
  return { all, prose: Math.min(all, Math.max(LEAST_CONTENT, state.prose - prefixWidth(state))) };
}
