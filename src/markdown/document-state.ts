import type { BlockHandler, BlockStart } from './block.ts';
import type { Container } from './containers.ts';
import type { Fence } from './line-kinds.ts';

/** The block that lines go into. */
export type Leaf =
  | { kind: 'paragraph' | 'heading' | 'table' | 'html' }
  | { kind: 'fence'; fence: Fence }
  | { kind: 'indented'; endsBlank: boolean }
  | { kind: 'math'; end: string };

/** All that is known of a document between two of its lines. */
export interface DocumentState {
  handler: BlockHandler;
  containers: Container[];
  leaf: Leaf | undefined;
  /** A line of a paragraph that the next line may make the head of a table of, or a heading. */
  pending: string | undefined;
  /** The last line may go on. */
  isDraft: boolean;
}

export function newState(handler: BlockHandler): DocumentState {
  return { handler, containers: [], leaf: undefined, pending: undefined, isDraft: false };
}

/** A state to be continued with another handler while the first one stays as it is. */
export function draftState(state: DocumentState, handler: BlockHandler): DocumentState {
  const leaf = state.leaf === undefined ? undefined : { ...state.leaf };
  return { ...state, handler, containers: [...state.containers], leaf, isDraft: true };
}

export function openLeaf(state: DocumentState, leaf: Leaf, start: BlockStart): void {
  state.leaf = leaf;
  state.handler.openBlock(start);
}

/** Ends the open block. */
export function closeLeaf(state: DocumentState, fence?: string): void {
  flushPending(state);
  const { leaf } = state;
  if (leaf === undefined) return;
  state.handler.closeBlock(fence);
  if (leaf.kind === 'indented' && leaf.endsBlank) state.handler.blankLine();
  state.leaf = undefined;
}

/** Ends the containers but for the first `count`, and what stands in them. */
export function closeContainers(state: DocumentState, count: number): void {
  if (count >= state.containers.length) return;
  closeLeaf(state);
  while (state.containers.length > count) {
    state.containers.pop();
    state.handler.closeContainer();
  }
}

export function flushPending(state: DocumentState): void {
  const { pending } = state;
  state.pending = undefined;
  if (pending !== undefined) addToParagraph(state, pending);
}

/** Adds a line, or the beginning of a very long one. */
export function addToParagraph(state: DocumentState, text: string): void {
  if (state.leaf?.kind === 'paragraph') return state.handler.addSource(`\n${text}`);
  openLeaf(state, { kind: 'paragraph' }, { kind: 'paragraph' });
  state.handler.addSource(text);
}
