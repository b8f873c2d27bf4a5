import type { BlockHandler, BlockStart } from './block.ts';
import type { Container } from './containers.ts';
import type { Fence } from './line-kinds.ts';

/** The block that receives lines. */
export type Leaf =
  | { kind: 'paragraph' | 'heading' | 'table' | 'html' }
  | { kind: 'fence'; fence: Fence }
  | { kind: 'indented'; endsBlank: boolean }
  | { kind: 'math'; end: string };

/** The complete state of a document between two lines. */
export interface DocumentState {
  handler: BlockHandler;
  containers: Container[];
  leaf: Leaf | undefined;
  /** A paragraph line that the next line may turn into a heading or the head of a table. */
  pending: string | undefined;
  /** The last line may be incomplete. */
  isDraft: boolean;
}

export function newState(handler: BlockHandler): DocumentState {
  return { handler, containers: [], leaf: undefined, pending: undefined, isDraft: false };
}

/** Returns a copy of the state for another handler. Continuing the copy does not change the original. */
export function draftState({ containers, leaf, pending }: DocumentState, handler: BlockHandler): DocumentState {
  // Only this kind changes while it is open.
  const ownLeaf: Leaf | undefined = leaf?.kind === 'indented' ? { kind: 'indented', endsBlank: leaf.endsBlank } : leaf;
  // Not a spread: the hidden class of such a copy is collected with the last copy, and code that was optimized for it is lost.
  return { handler, containers: containers.slice(), leaf: ownLeaf, pending, isDraft: true };
}

export function openLeaf(state: DocumentState, leaf: Leaf, start: BlockStart): void {
  state.leaf = leaf;
  state.handler.openBlock(start);
}

/** Closes the open block. */
export function closeLeaf(state: DocumentState, fence?: string): void {
  flushPending(state);
  const { leaf } = state;
  if (leaf === undefined) return;
  state.handler.closeBlock(fence);
  if (leaf.kind === 'indented' && leaf.endsBlank) state.handler.blankLine();
  state.leaf = undefined;
}

/** Closes all containers except the first `count`, and the blocks in them. */
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

/** Adds a line, or the beginning of a very long line. */
export function addToParagraph(state: DocumentState, text: string): void {
  if (state.leaf?.kind === 'paragraph') return state.handler.addSource(`\n${text}`);
  openLeaf(state, { kind: 'paragraph' }, { kind: 'paragraph' });
  state.handler.addSource(text);
}
