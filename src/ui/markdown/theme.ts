import type { Theme } from '../../output/text/theme.ts';
import { createHighlighter, type Highlighter, NO_HIGHLIGHTER } from './highlighter.ts';

/** What decides the appearance of a document, apart from its width. Without color what would not read keeps its marks. */
export interface MarkdownTheme extends Theme {
  highlighter: Highlighter;
}

export function markdownTheme(theme: Theme): MarkdownTheme {
  return { ...theme, highlighter: theme.hasColor ? createHighlighter() : NO_HIGHLIGHTER };
}
