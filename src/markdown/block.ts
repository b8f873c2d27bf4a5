/** A text in Markdown as what it means, for renderers that want all of it: what stands in it in order. All text in it is visible, and untrusted. */
export type MarkdownBlock =
  | { kind: 'paragraph'; text: readonly MarkdownText[] }
  /** From 1 to 6. */
  | { kind: 'heading'; level: number; text: readonly MarkdownText[] }
  /** Its language as it was written behind the fence, or nothing. */
  | { kind: 'code'; language: string; lines: readonly string[] }
  /** HTML and mathematics, as they are written. */
  | { kind: 'source'; text: string }
  | { kind: 'rule' }
  | { kind: 'table'; head: readonly MarkdownCell[]; rows: readonly (readonly MarkdownCell[])[] }
  | { kind: 'quote'; blocks: readonly MarkdownBlock[] }
  /** Numbers as they are written; without them it has bullets. */
  | { kind: 'list'; items: readonly { number: number | undefined; blocks: readonly MarkdownBlock[] }[] };

/** A piece of text that means one thing. */
export interface MarkdownText {
  text: string;
  meanings: readonly string[];
  /** Where the link goes that this is part of. Any scheme. */
  address?: string;
  /** It only tells where the link before it goes. */
  isAddress?: boolean;
}

export interface MarkdownCell {
  align: 'left' | 'right' | 'center';
  text: readonly MarkdownText[];
}
