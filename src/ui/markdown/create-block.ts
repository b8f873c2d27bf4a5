import type { BlockStart } from '../../markdown/block.ts';
import { createCodeBlock } from './code-block.ts';
import { cutRows } from './cut-rows.ts';
import { createParagraph, createSourceBlock } from './paragraph.ts';
import { type BlockWidth, NO_ROWS, type OpenBlock } from './piece.ts';
import { createTableBlock } from './table-block.ts';
import type { MarkdownTheme } from './theme.ts';

const DIM = ['dim'] as const;
const HEADING = ['heading'] as const;

/** Returns what turns the source of a new block into rows. */
export function createBlock(start: BlockStart, width: BlockWidth, theme: MarkdownTheme): OpenBlock {
  const keepsMarks = !theme.hasColor;
  switch (start.kind) {
    case 'paragraph':
      return createParagraph(width, theme, { keepsMarks });
    case 'heading':
      return createParagraph(width, theme, { keepsMarks, meanings: HEADING });
    case 'code':
      return createCodeBlock(width.all, theme, theme.highlighter.colors(start.fence?.info ?? ''));
    case 'html':
      return createSourceBlock(width, theme, 'dim');
    case 'math':
      return createSourceBlock(width, theme, 'code');
    case 'table':
      return createTableBlock(theme, { head: start.head, alignments: start.alignments, width: width.all, keepsMarks });
  }
}

/** Returns the rows above a block: the language of a fence. */
export function titleRows(start: Extract<BlockStart, { kind: 'code' }>, width: number, theme: MarkdownTheme): readonly string[] {
  if (start.fence === undefined) return NO_ROWS;
  const title = theme.hasColor ? start.fence.info : start.fence.marks + start.fence.info;
  return title === '' ? NO_ROWS : cutRows([{ text: title, meanings: DIM }], width, theme);
}
