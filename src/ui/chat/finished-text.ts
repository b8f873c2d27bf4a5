import type { Theme } from '../../output/text/theme.ts';
import { visibleText } from '../../output/text/visible.ts';
import { markdownTheme } from '../markdown/theme.ts';
import { createMarkdownRows } from '../markdown/markdown-rows.ts';
import { createPlainRows } from '../screen/plain-rows.ts';

/**
 * Renders a complete text like a streamed answer: as formatted Markdown, or as its source. Rows have at most `width` columns,
 * prose at most `prose` columns, and every row ends with a newline.
 */
export async function finishedText(
  source: string,
  { width, prose, theme, isMarkdown }: { width: number; prose: number; theme: Theme; isMarkdown: boolean },
): Promise<string> {
  const text = isMarkdown ? createMarkdownRows(width, markdownTheme(theme), prose) : createPlainRows(width, (row) => row);
  const rows = [text.push(visibleText(source))];
  for (let waiting = text.waiting(); waiting !== undefined; waiting = text.waiting()) {
    await waiting;
    rows.push(text.push(''));
  }
  rows.push(text.end());
  return rows
    .flat()
    .map((row) => `${row}\n`)
    .join('');
}
