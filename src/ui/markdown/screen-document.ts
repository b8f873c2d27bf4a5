import type { BlockHandler, BlockStart } from '../../markdown/block.ts';
import type { Container } from '../../markdown/containers.ts';
import { blankRow, copyContainers, newContainer, prefix, prefixRow } from './container-prefix.ts';
import { blockWidth, type ContainerRoom, contentWidth, shownContainers } from './container-width.ts';
import { createBlock, titleRows } from './create-block.ts';
import { cutRows } from './cut-rows.ts';
import { DraftBlock } from './draft-block.ts';
import { type OpenBlock, plainPiece } from './piece.ts';
import type { MarkdownTheme } from './theme.ts';

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

interface ScreenState extends ContainerRoom {
  block: OpenBlock | undefined;
  /** The number of open containers at an empty source line since the last row; undefined if there was no empty line. */
  owedBlank: number | undefined;
  hasRows: boolean;
  waiting: Promise<void> | undefined;
  isDraft: boolean;
}

const WIDEST_RULE = 24;
const DIM = ['dim'] as const;

/** Creates a document for a screen of `width` columns whose prose is at most `prose` columns wide. */
export function createScreenDocument(width: number, theme: MarkdownTheme, prose = width): ScreenDocument {
  const state: ScreenState = {
    width,
    prose,
    containers: [],
    block: undefined,
    owedBlank: undefined,
    hasRows: false,
    waiting: undefined,
    isDraft: false,
  };
  return new Screen(state, theme);
}

/** A class without closures, because each frame of a streamed answer makes a draft. */
class Screen implements ScreenDocument {
  readonly #theme: MarkdownTheme;
  readonly #state: ScreenState;
  #rows: string[] = [];

  constructor(state: ScreenState, theme: MarkdownTheme) {
    this.#state = state;
    this.#theme = theme;
  }

  openContainer(container: Container): void {
    this.#state.containers.push(newContainer(container));
  }

  closeContainer(): void {
    const state = this.#state;
    const last = state.containers.at(-1);
    // An item without content still shows its marker.
    if (last !== undefined && !last.isQuote && !last.isShown) this.#emit('');
    state.containers.pop();
    if (state.owedBlank !== undefined) state.owedBlank = Math.min(state.owedBlank, state.containers.length);
  }

  openBlock(start: BlockStart): void {
    const state = this.#state;
    if (start.kind === 'code') {
      if (start.fence !== undefined) {
        state.waiting = this.#theme.highlighter.load(start.fence.info);
        if (state.waiting !== undefined) void watch(state, state.waiting);
      }
      this.#emitAll(titleRows(start, contentWidth(state), this.#theme));
    }
    state.block = createBlock(start, blockWidth(state), this.#theme);
    // Without color, the marks identify the heading.
    if (start.kind === 'heading' && !this.#theme.hasColor) this.#emitAll(state.block.push(`${'#'.repeat(start.level)} `));
  }

  addSource(source: string): void {
    if (this.#state.block !== undefined) this.#emitAll(this.#state.block.push(source));
  }

  closeBlock(fence?: string): void {
    const { block, isDraft } = this.#state;
    if (block !== undefined) this.#emitAll(isDraft ? block.preview('') : block.end());
    this.#state.block = undefined;
    if (fence !== undefined && !this.#theme.hasColor) this.#emit(fence.trimEnd());
  }

  rule(): void {
    this.#emit(this.#theme.style(DIM, '─'.repeat(Math.min(WIDEST_RULE, contentWidth(this.#state)))));
  }

  blankLine(): void {
    this.#state.owedBlank = this.#state.containers.length;
  }

  take(): string[] {
    const taken = this.#rows;
    this.#rows = [];
    return taken;
  }

  waiting(): Promise<void> | undefined {
    return this.#state.waiting;
  }

  resize(next: number): void {
    const state = this.#state;
    state.width = next;
    if (state.block !== undefined) this.#emitAll(state.block.resize(blockWidth(state)));
  }

  draft(): ScreenDocument {
    const { width, prose, containers, block, owedBlank, hasRows, waiting } = this.#state;
    const copy: ScreenState = {
      width,
      prose,
      containers: copyContainers(containers),
      block: block === undefined ? undefined : new DraftBlock(block),
      owedBlank,
      hasRows,
      waiting,
      isDraft: true,
    };
    return new Screen(copy, this.#theme);
  }

  reset(): void {
    this.#state.owedBlank = undefined;
    this.#state.hasRows = false;
    this.#state.waiting = undefined;
  }

  #emitAll(rows: readonly string[]): void {
    for (const row of rows) this.#emit(row);
  }

  /** Adds a painted row, within the open containers. */
  #emit(row: string): void {
    const state = this.#state;
    if (state.containers.length === 0) {
      if (state.owedBlank !== undefined && state.hasRows) this.#rows.push('');
      this.#rows.push(row);
    } else this.#emitInside(row, state);
    state.owedBlank = undefined;
    state.hasRows = true;
  }

  #emitInside(row: string, state: ScreenState): void {
    const theme = this.#theme;
    const shown = shownContainers(state);
    if (state.owedBlank !== undefined && state.hasRows) this.#rows.push(blankRow(shown.slice(0, state.owedBlank), theme));
    for (const container of state.containers.slice(shown.length)) {
      // If there is no room next to the content, a marker gets its own row.
      if (container.isQuote || container.isShown) continue;
      container.isShown = true;
      for (const part of cutRows([plainPiece(container.marker)], contentWidth(state), theme))
        this.#rows.push(prefix(shown, theme) + part);
    }
    // If the content is empty, no spaces follow the last mark.
    this.#rows.push(row === '' ? prefixRow(shown, theme) : prefix(shown, theme) + row);
  }
}

/** Clears `waiting` when it resolves. */
async function watch(state: ScreenState, waiting: Promise<void>): Promise<void> {
  await waiting;
  if (state.waiting === waiting) state.waiting = undefined;
}
