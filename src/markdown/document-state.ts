import { type BlockMaker, screenBlocks } from '../ui/markdown/block-maker.ts';
import { type Container, QUOTE_BAR } from './containers.ts';
import { cutRows } from '../ui/markdown/cut-rows.ts';
import type { Fence } from './line-kinds.ts';
import type { MarkdownTheme } from '../ui/markdown/theme.ts';
import { type BlockWidth, type OpenBlock, paintRow, type Piece, type PieceRow, plainPiece } from '../ui/markdown/piece.ts';

/** The block that lines go into. */
export type Leaf = { block: OpenBlock } & (
  | { kind: 'paragraph' | 'heading' | 'table' | 'html' }
  | { kind: 'fence'; fence: Fence }
  | { kind: 'indented'; endsBlank: boolean }
  | { kind: 'math'; end: string }
);

/** All that is known of a document between two of its lines. */
export interface DocumentState {
  theme: MarkdownTheme;
  /** Makes the blocks. */
  make: BlockMaker;
  width: number;
  /** Prose is wrapped at so many columns, also where there are more. */
  prose: number;
  containers: Container[];
  leaf: Leaf | undefined;
  /** A line of a paragraph that the next line may make the head of a table of, or a heading. */
  pending: string | undefined;
  /** An empty line stands in the source since the last row: within so many containers. */
  owedBlank: number | undefined;
  hasRows: boolean;
  /** Only shown until more comes: what is open is previewed, not ended. */
  isDraft: boolean;
  /** Resolves when the open fence can be coloured. */
  waiting: Promise<void> | undefined;
  /** Finished rows, painted, that nobody has taken. */
  rows: string[];
}

/** However deep it stands, a block has this many columns, or as many as there are. */
const LEAST_CONTENT = 10;

export function newState(width: number, theme: MarkdownTheme, { prose = width, make = screenBlocks(theme) } = {}): DocumentState {
  const empty = { leaf: undefined, pending: undefined, waiting: undefined, owedBlank: undefined, hasRows: false, isDraft: false };
  return { theme, make, width, prose, containers: [], rows: [], ...empty };
}

/** A state to be continued while the first one stays as it is. */
export function draftState(state: DocumentState): DocumentState {
  const containers = state.containers.map((container) => ({ ...container }));
  const leaf = state.leaf === undefined ? undefined : { ...state.leaf, block: draftBlock(state.leaf.block) };
  return { ...state, containers, leaf, isDraft: true, rows: [] };
}

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

/** How many columns the open containers leave. */
export function contentWidth(state: DocumentState): number {
  return state.width - shownPrefix(state);
}

/** The same, and how many of them prose takes. */
export function blockWidth(state: DocumentState): BlockWidth {
  const all = contentWidth(state);
  return { all, prose: Math.min(all, Math.max(LEAST_CONTENT, state.prose - shownPrefix(state))) };
}

function shownPrefix(state: DocumentState): number {
  return shownContainers(state).reduce((total, container) => total + prefixWidth(container), 0);
}

export function emit(state: DocumentState, rows: readonly PieceRow[]): void {
  for (const row of rows) emitRow(state, row);
}

/** Ends the open block. */
export function closeLeaf(state: DocumentState): void {
  flushPending(state);
  const { leaf } = state;
  if (leaf === undefined) return;
  emit(state, state.isDraft ? leaf.block.preview('') : leaf.block.end());
  if (leaf.kind === 'indented' && leaf.endsBlank) state.owedBlank = state.containers.length;
  state.leaf = undefined;
}

/** Ends the containers but for the first `count`, and what stands in them. */
export function closeContainers(state: DocumentState, count: number): void {
  if (count >= state.containers.length) return;
  closeLeaf(state);
  while (state.containers.length > count) {
    const last = state.containers.at(-1);
    // An item without content.
    if (last?.kind === 'item' && !last.isShown) emitRow(state, []);
    state.containers.pop();
    state.make.closed();
  }
  if (state.owedBlank !== undefined) state.owedBlank = Math.min(state.owedBlank, count);
}

export function flushPending(state: DocumentState): void {
  const { pending } = state;
  state.pending = undefined;
  if (pending !== undefined) addToParagraph(state, pending);
}

/** Adds a line, or the beginning of a very long one. */
export function addToParagraph(state: DocumentState, text: string): void {
  if (state.leaf?.kind === 'paragraph') return emit(state, state.leaf.block.push(`\n${text}`));
  const block = state.make.paragraph(blockWidth(state));
  state.leaf = { kind: 'paragraph', block };
  emit(state, block.push(text));
}

function emitRow(state: DocumentState, row: PieceRow): void {
  const shown = shownContainers(state);
  if (state.owedBlank !== undefined && state.hasRows) {
    const bars = shown
      .slice(0, state.owedBlank)
      .map((container) => (container.kind === 'quote' ? bar() : plainPiece(' '.repeat(prefixWidth(container)))));
    write(state, bars);
  }
  state.owedBlank = undefined;
  for (const container of state.containers.slice(shown.length)) {
    // Where there is no room beside its content the marker has a row of its own.
    if (container.kind !== 'item' || container.isShown) continue;
    container.isShown = true;
    for (const part of cutRows([plainPiece(container.marker)], contentWidth(state))) write(state, [...prefix(shown), ...part]);
  }
  write(state, [...prefix(shown), ...row]);
}

function write(state: DocumentState, row: PieceRow): void {
  const last = row.findLastIndex(({ text }) => text.trim() !== '');
  const shown = row.slice(0, last + 1).map((piece, index) => (index === last ? { ...piece, text: piece.text.trimEnd() } : piece));
  state.rows.push(paintRow(shown, state.theme));
  state.hasRows = true;
}

function prefix(containers: readonly Container[]): Piece[] {
  return containers.map((container) => {
    if (container.kind === 'quote') return bar();
    const width = prefixWidth(container);
    if (container.isShown) return plainPiece(' '.repeat(width));
    container.isShown = true;
    return { text: container.marker.padEnd(width), meanings: ['accent'] };
  });
}

function bar(): Piece {
  return { text: QUOTE_BAR, meanings: ['dim'] };
}

function prefixWidth(container: Container): number {
  return container.kind === 'quote' ? QUOTE_BAR.length : container.marker.length + 1;
}

/** The outer containers that leave enough room. */
function shownContainers({ containers, width }: DocumentState): readonly Container[] {
  let left = width;
  const tooMany = containers.findIndex((container) => {
    left -= prefixWidth(container);
    return left < LEAST_CONTENT;
  });
  return tooMany === -1 ? containers : containers.slice(0, tooMany);
}
