import type { Container } from './containers.ts';
import type { Fence } from './line-kinds.ts';
import type { Alignment } from './table-source.ts';

/** What a piece of text is, as far as Markdown says it; `dim` is what only accompanies the text. */
export type MarkdownMeaning = 'strong' | 'emphasis' | 'strike' | 'code' | 'link' | 'dim';

/** A piece of text with one set of meanings. Untrusted. */
export interface MarkdownText {
  text: string;
  meanings: readonly MarkdownMeaning[];
  /** Where the link goes that this is part of. Any scheme. */
  address?: string;
  /** It only tells where the link before it goes. */
  isAddress?: boolean;
}

export const NO_MEANING: readonly never[] = [];

/** The beginning of a block that contains text, not other blocks. */
export type BlockStart =
  | { kind: 'paragraph' }
  /** From 1 to 6. */
  | { kind: 'heading'; level: number }
  /** Without a fence: code that is indented. */
  | { kind: 'code'; fence: Fence | undefined }
  /** HTML and mathematics are shown as they are written. */
  | { kind: 'html' | 'math' }
  /** Its source is the lines below the head. */
  | { kind: 'table'; head: string; alignments: readonly Alignment[] };

/** Receives the structure of a document while it is read. At most one block is open at a time, in the innermost open container. */
export interface BlockHandler {
  openContainer: (container: Container) => void;
  /** The innermost container ends. */
  closeContainer: () => void;
  openBlock: (start: BlockStart) => void;
  /** More of the open block. Code and tables get one line at a time, or a part of a very long one; other blocks get text with its newlines. */
  addSource: (source: string) => void;
  /** `fence` is the line that closes a fence. */
  closeBlock: (fence?: string) => void;
  rule: () => void;
  /** An empty line between blocks, in the containers that are open. */
  blankLine: () => void;
}
