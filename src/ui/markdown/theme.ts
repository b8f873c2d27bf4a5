import type { Theme } from '../../output/text/theme.ts';
import { createHighlighter, type Highlighter, NO_HIGHLIGHTER } from './highlighter.ts';

/** The appearance of a document, except for its width. Without color, Markdown marks that the text needs stay visible. */
export interface MarkdownTheme extends Theme {
  highlighter: Highlighter;
}

export function markdownTheme(theme: Theme): MarkdownTheme {
  return { ...theme, highlighter: theme.hasColor ? createHighlighter() : NO_HIGHLIGHTER };
}
