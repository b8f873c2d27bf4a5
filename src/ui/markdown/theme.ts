import type { Theme } from '../../output/text/theme.ts';
import { createHighlighter, type Highlighter, NO_HIGHLIGHTER } from './highlighter.ts';

/** The appearance of a document, except for its width. Without color, Markdown marks that the text needs stay visible. */
export interface MarkdownTheme extends Theme {
  highlighter: Highlighter;
}

export function markdownTheme(theme: Theme): MarkdownTheme {
  const { hasColor, paint, style } = theme;
  // Not a spread with an added field: each answer would make a hidden class, and optimized code would not know it.
  return { hasColor, paint, style, highlighter: hasColor ? createHighlighter() : NO_HIGHLIGHTER };
}
