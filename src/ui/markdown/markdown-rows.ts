import { createDocumentReader } from '../../markdown/document-reader.ts';
import type { MarkdownTheme } from './theme.ts';
import type { TextRows } from '../screen/plain-rows.ts';
import { createScreenDocument } from './screen-document.ts';

/**
 * Renders streamed Markdown as rows for the screen. Prose is wrapped at `prose` columns if the screen is wider. How the text was
 * split into pieces does not affect the rows.
 */
export function createMarkdownRows(width: number, theme: MarkdownTheme, prose?: number): TextRows {
  const screen = createScreenDocument(width, theme, prose);
  const reader = createDocumentReader(screen, () => screen.waiting() !== undefined);
  return {
    push(text) {
      reader.push(text);
      return screen.take();
    },
    tail() {
      const draft = screen.draft();
      reader.preview(draft);
      return draft.take();
    },
    waiting: () => screen.waiting(),
    resize(next) {
      screen.resize(next);
      return screen.take();
    },
    end() {
      reader.end();
      screen.reset();
      return screen.take();
    },
  };
}
