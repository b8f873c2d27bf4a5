import { createTheme } from '../../src/output/text/theme.ts';
import { visibleTextStream } from '../../src/output/text/visible.ts';
import { markdownTheme } from '../../src/ui/markdown/theme.ts';
import { createMarkdownRows } from '../../src/ui/markdown/markdown-rows.ts';

export const COLOR = createTheme('dark', { isTTY: true }, {});
export const NO_COLOR = createTheme('none', { isTTY: true }, {});

/** Returns the rows of a Markdown text that arrives in these pieces; `onPiece` receives the open rows after each piece. */
export async function rowsOfPieces(
  pieces: readonly string[],
  width: number,
  theme = COLOR,
  onPiece: (tail: readonly string[], rows: readonly string[]) => void = () => undefined,
  prose = width,
): Promise<string[]> {
  const markdown = createMarkdownRows(width, markdownTheme(theme), prose);
  const visible = visibleTextStream();
  const rows: string[] = [];
  for (const piece of pieces) {
    rows.push(...markdown.push(visible.push(piece)));
    for (let waiting = markdown.waiting(); waiting !== undefined; waiting = markdown.waiting()) {
      await waiting;
      rows.push(...markdown.push(''));
    }
    onPiece(markdown.tail(), rows);
  }
  rows.push(...markdown.push(visible.end()));
  return [...rows, ...markdown.end()];
}

/** Returns the rows without their styles. */
export function withoutStyles(rows: readonly string[]): string[] {
  return rows.map((row) => row.replaceAll(/\u001b\[[\d;]*m/g, ''));
}
