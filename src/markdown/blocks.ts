import type { BlockHandler, BlockStart, MarkdownText } from './block.ts';
import type { Container } from './containers.ts';
import { closeContainers, closeLeaf, newState } from './document-state.ts';
import { createInlineReader } from './inline-reader.ts';
import { readLine } from './read-line.ts';
import { type Alignment, tableCells } from './table-source.ts';

/** A block with its content in order, for renderers that need the whole text. All text in it is untrusted. */
export type MarkdownBlock =
  | { kind: 'paragraph'; text: readonly MarkdownText[] }
  /** From 1 to 6. */
  | { kind: 'heading'; level: number; text: readonly MarkdownText[] }
  /** The language after the fence, or an empty string. */
  | { kind: 'code'; language: string; lines: readonly string[] }
  /** HTML and mathematics, as written. */
  | { kind: 'source'; text: string }
  | { kind: 'rule' }
  | { kind: 'table'; head: readonly MarkdownCell[]; rows: readonly (readonly MarkdownCell[])[] }
  | { kind: 'quote'; blocks: readonly MarkdownBlock[] }
  /** Numbers as written; undefined for a bullet. */
  | { kind: 'list'; items: readonly { number: number | undefined; blocks: readonly MarkdownBlock[] }[] };

export interface MarkdownCell {
  align: Alignment;
  text: readonly MarkdownText[];
}

type List = Extract<MarkdownBlock, { kind: 'list' }> & { items: { number: number | undefined; blocks: MarkdownBlock[] }[] };

/** Parses a whole document. Expects visible text. */
export function markdownBlocks(source: string): MarkdownBlock[] {
  const blocks: MarkdownBlock[] = [];
  const state = newState(collector(blocks));
  for (const line of source.split('\n')) readLine(state, line);
  closeLeaf(state);
  closeContainers(state, 0);
  return blocks;
}

function collector(blocks: MarkdownBlock[]): BlockHandler {
  /** The lists that blocks are added to, outermost first. */
  const places = [blocks];
  const here = (): MarkdownBlock[] => places.at(-1)!;
  let open: { start: BlockStart; source: string[] } | undefined;
  return {
    openContainer(container) {
      const inside: MarkdownBlock[] = [];
      addContainer(here(), container, inside);
      places.push(inside);
    },
    closeContainer: () => void places.pop(),
    openBlock(start) {
      open = { start, source: [] };
    },
    addSource: (source) => void open?.source.push(source),
    closeBlock() {
      if (open !== undefined) here().push(blockOf(open.start, open.source));
      open = undefined;
    },
    rule: () => void here().push({ kind: 'rule' }),
    blankLine: () => undefined,
  };
}

/** Adjacent items form one list as long as all have bullets or all have numbers. */
function addContainer(place: MarkdownBlock[], container: Container, blocks: MarkdownBlock[]): void {
  if (container.kind === 'quote') return void place.push({ kind: 'quote', blocks });
  const number = /^\d+/.test(container.marker) ? Number.parseInt(container.marker, 10) : undefined;
  const last = place.at(-1);
  const isSame = last?.kind === 'list' && (last.items[0]!.number === undefined) === (number === undefined);
  if (isSame) (last as List).items.push({ number, blocks });
  else place.push({ kind: 'list', items: [{ number, blocks }] });
}

function blockOf(start: BlockStart, source: readonly string[]): MarkdownBlock {
  switch (start.kind) {
    case 'paragraph':
      return { kind: 'paragraph', text: inlineText(source.join('')) };
    case 'heading':
      return { kind: 'heading', level: start.level, text: inlineText(source.join('')) };
    case 'code':
      return { kind: 'code', language: start.fence?.info ?? '', lines: withoutLastBlanks(source) };
    case 'html':
    case 'math':
      return { kind: 'source', text: source.join('') };
    case 'table': {
      const cells = (line: string): MarkdownCell[] =>
        tableCells(line).map((cell, index) => ({
          align: start.alignments[index] ?? 'left',
          text: inlineText(cell.replaceAll(/<br\s*\/?>/gi, '\n')),
        }));
      return { kind: 'table', head: cells(start.head), rows: source.map(cells) };
    }
  }
}

function inlineText(source: string): MarkdownText[] {
  const reader = createInlineReader({ keepsMarks: false });
  return [...reader.push(source).flat(), ...reader.end()];
}

function withoutLastBlanks(lines: readonly string[]): readonly string[] {
  return lines.slice(0, lines.findLastIndex((line) => line.trim() !== '') + 1);
}
