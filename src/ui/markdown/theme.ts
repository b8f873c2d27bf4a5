import type { Theme } from '../../output/text/theme.ts';
import { createHighlighter, type Highlighter, NO_HIGHLIGHTER } from './highlighter.ts';

/** What decides how a document looks, apart from its width. Without colour what would not read keeps its marks. */
export interface MarkdownTheme extends Theme {
  highlighter: Highlighter;
}

export function markdownTheme(theme: Theme): MarkdownTheme {
  return { ...theme, highlighter: theme.hasColor ? createHighlighter() : NO_HIGHLIGHTER };
}
