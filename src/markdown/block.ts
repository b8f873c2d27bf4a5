import type { Container } from './containers.ts';
import type { Fence } from './line-kinds.ts';
import type { Alignment } from './table-source.ts';

/** The Markdown meaning of a piece of text. `dim` marks text that only accompanies the content. */
export type MarkdownMeaning = 'strong' | 'emphasis' | 'strike' | 'code' | 'link' | 'dim';

/** A piece of text with one set of meanings. Untrusted. */
export interface MarkdownText {
  text: string;
  meanings: readonly MarkdownMeaning[];
  /** The target of the link that the text belongs to. Any scheme. */
  address?: string;
  /** The text only shows the target of the link before it. */
  isAddress?: boolean;
}

export const NO_MEANING: readonly never[] = [];

/** The start of a block that contains text instead of other blocks. */
export type BlockStart =
  | { kind: 'paragraph' }
  /** From 1 to 6. */
  | { kind: 'heading'; level: number }
  /** The code is indented when there is no fence. */
  | { kind: 'code'; fence: Fence | undefined }
  /** HTML and mathematics are shown as written. */
  | { kind: 'html' | 'math' }
  /** The source is the lines below the head. */
  | { kind: 'table'; head: string; alignments: readonly Alignment[] };

/**
 * Receives the structure of a document while it is read. At most one block is open at a time, in the innermost open container.
 */
export interface BlockHandler {
  openContainer: (container: Container) => void;
  /** Closes the innermost container. */
  closeContainer: () => void;
  openBlock: (start: BlockStart) => void;
  /**
   * Adds text to the open block. Code and tables get one line at a time, or a part of a very long line; other blocks get text
   * with newlines.
   */
  addSource: (source: string) => void;
  /** `fence` is the closing line of a fenced block. */
  closeBlock: (fence?: string) => void;
  rule: () => void;
  /** An empty line between blocks, in the open containers. */
  blankLine: () => void;
}
