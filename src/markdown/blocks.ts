import type { MarkdownBlock, MarkdownCell, MarkdownText } from './block.ts';
import { visibleText } from '../output/text/visible.ts';
import type { BlockMaker } from '../ui/markdown/block-maker.ts';
import { closeContainers, closeLeaf, newState } from './document-state.ts';
import { NO_HIGHLIGHTER } from '../ui/markdown/highlighter.ts';
import { createInlineReader } from './inline-reader.ts';
import type { MarkdownTheme } from '../ui/markdown/theme.ts';
import type { OpenBlock } from '../ui/markdown/piece.ts';
import { readLine } from './read-line.ts';
import { type Alignment, tableCells } from './table-source.ts';

type List = Extract<MarkdownBlock, { kind: 'list' }> & { items: { number: number | undefined; blocks: MarkdownBlock[] }[] };

/** Nothing is narrowed, styled or marked. */
const PLAIN_THEME: MarkdownTheme = { hasColor: true, paint: (_, text) => text, highlighter: NO_HIGHLIGHTER };
const WIDTH = 1_000_000;

/** Reads a whole text as the screen does, into what it means instead of rows. */
export function markdownBlocks(source: string): MarkdownBlock[] {
  const blocks: MarkdownBlock[] = [];
  const state = newState(WIDTH, PLAIN_THEME, { make: collector(blocks) });
  for (const line of visibleText(source.replaceAll('\r\n', '\n')).split('\n')) {
    readLine(state, line);
    // They are for a screen.
    state.rows = [];
  }
  closeLeaf(state);
  closeContainers(state, 0);
  return blocks;
}

function collector(blocks: MarkdownBlock[]): BlockMaker {
  /** Where blocks go, outermost first. */
  const places = [blocks];
  const here = (): MarkdownBlock[] => places.at(-1)!;
  /** A block that is made of its pieces of source when it ends. */
  const collected = (make: (source: readonly string[]) => MarkdownBlock, first: readonly string[] = []): OpenBlock => {
    const place = here();
    const source = [...first];
    return {
      push(piece) {
        source.push(piece);
        return [];
      },
      end() {
        place.push(make(source));
        return [];
      },
      preview: () => [],
      resize: () => [],
    };
  };
  return {
    paragraph: () => collected((source) => ({ kind: 'paragraph', text: inlineText(source.join('')) })),
    heading: (_, { length: level }) => collected((source) => ({ kind: 'heading', level, text: inlineText(source.join('')) })),
    code(_, fence) {
      const block = collected((lines) => ({ kind: 'code', language: fence?.info ?? '', lines: withoutLastBlanks(lines) }));
      return { title: [], block };
    },
    source: () => collected((source) => ({ kind: 'source', text: source.join('') })),
    table: (_, head, alignments) => collected(([first = '', ...lines]) => tableOf(first, lines, alignments), [head]),
    rule() {
      here().push({ kind: 'rule' });
      return [];
    },
    opened(container) {
      const inside: MarkdownBlock[] = [];
      if (container.kind === 'quote') here().push({ kind: 'quote', blocks: inside });
      else addItem(here(), container.marker, inside);
      places.push(inside);
    },
    closed: () => void places.pop(),
  };
}

/** Items that follow one another are one list, as long as they all have bullets or all have numbers. */
function addItem(place: MarkdownBlock[], marker: string, blocks: MarkdownBlock[]): void {
  const number = /^\d+/.test(marker) ? Number.parseInt(marker, 10) : undefined;
  const last = place.at(-1);
  const isSame = last?.kind === 'list' && (last.items[0]!.number === undefined) === (number === undefined);
  if (isSame) (last as List).items.push({ number, blocks });
  else place.push({ kind: 'list', items: [{ number, blocks }] });
}

function tableOf(head: string, lines: readonly string[], alignments: readonly Alignment[]): MarkdownBlock {
  const cells = (line: string): MarkdownCell[] =>
    tableCells(line).map((cell, index) => ({
      align: alignments[index] ?? 'left',
      text: inlineText(cell.replaceAll(/<br\s*\/?>/gi, '\n')),
    }));
  return { kind: 'table', head: cells(head), rows: lines.map(cells) };
}

function inlineText(source: string): MarkdownText[] {
  const reader = createInlineReader({ keepsMarks: false });
  return [...reader.push(source).flat(), ...reader.end()];
}

function withoutLastBlanks(lines: readonly string[]): readonly string[] {
  return lines.slice(0, lines.findLastIndex((line) => line.trim() !== '') + 1);
}
