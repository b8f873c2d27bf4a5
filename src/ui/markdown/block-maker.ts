import { createCodeBlock } from './code-block.ts';
import type { Container } from '../../markdown/containers.ts';
import { cutRows } from './cut-rows.ts';
import type { Fence } from '../../markdown/line-kinds.ts';
import type { MarkdownTheme } from './theme.ts';
import { createParagraph } from './paragraph.ts';
import type { BlockWidth, OpenBlock, PieceRow } from './piece.ts';
import { createSourceBlock } from './source-block.ts';
import { createTableBlock } from './table-block.ts';
import type { Alignment } from '../../markdown/table-source.ts';

/** What becomes of the blocks that are found in a document, each for so many columns. */
export interface BlockMaker {
  paragraph: (width: BlockWidth) => OpenBlock;
  /** `marks` are as many # as its level. */
  heading: (width: BlockWidth, marks: string) => OpenBlock;
  /** The rows above the code, and what takes its lines. Without a fence: code that is indented. */
  code: (width: number, fence: Fence | undefined) => { title: PieceRow[]; block: OpenBlock };
  /** Shown as it is written. */
  source: (width: number, kind: 'html' | 'math') => OpenBlock;
  /** Takes the lines below the head. */
  table: (width: number, head: string, alignments: readonly Alignment[]) => OpenBlock;
  rule: (width: number) => PieceRow[];
  /** A quote, or an item of a list, begins: what follows stands in it. */
  opened: (container: Container) => void;
  /** The container that was opened last ends. */
  closed: () => void;
}

const WIDEST_RULE = 24;

/** Rows for the screen. */
export function screenBlocks({ hasColor, highlighter }: MarkdownTheme): BlockMaker {
  const keepsMarks = !hasColor;
  return {
    paragraph: (width) => createParagraph(width, { keepsMarks }),
    heading: (width) => createParagraph(width, { keepsMarks, meanings: ['heading'] }),
    code(width, fence) {
      const info = fence?.info ?? '';
      const title = hasColor ? info : (fence?.marks ?? '') + info;
      return {
        title: title === '' ? [] : cutRows([{ text: title, meanings: ['dim'] }], width),
        block: createCodeBlock(width, highlighter.colors(info)),
      };
    },
    source: (width, kind) => createSourceBlock(width, kind === 'html' ? 'dim' : 'code'),
    table: (width, head, alignments) => createTableBlock(head, alignments, width, { keepsMarks }),
    rule: (width) => [[{ text: '─'.repeat(Math.min(WIDEST_RULE, width)), meanings: ['dim'] }]],
    opened: () => undefined,
    closed: () => undefined,
  };
}
