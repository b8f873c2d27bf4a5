import type { IndexRow, TextRow } from '../data.ts';

/** A block of data in the page, as a browser has it. */
interface DataElement {
  textContent: string | null;
  getAttribute: (name: string) => string | null;
}

/** A row with the place of its texts: the number of the block, and its place in it. */
export interface PlacedRow extends IndexRow {
  block: number;
  at: number;
}

/** The texts of a page. They are parsed when they are needed, and most are dropped again. */
export interface PageTexts {
  /** Returns the texts of a row. */
  of: (row: PlacedRow) => Promise<TextRow | undefined>;
  /** Returns the numbers of the rows that contain a text; undefined if `isWanted` has said no meanwhile. */
  search: (text: string, isWanted: () => boolean) => Promise<Set<number> | undefined>;
}

/**
 * Returns the texts of all blocks. The page contains the source of this function, so it uses nothing from outside. `rows` are in the
 * order of the blocks.
 */
export function pageTexts(blocks: readonly DataElement[], rows: readonly PlacedRow[]): PageTexts {
  /** Blocks that stay parsed. */
  const MOST_OPEN = 8;
  const open = new Map<number, Promise<TextRow[]>>();

  async function parsed(block: DataElement): Promise<TextRow[]> {
    const text = block.textContent ?? '';
    if (block.getAttribute('type') === 'application/json') return JSON.parse(text) as TextRow[];
    const bytes = Uint8Array.from(atob(text.trim()), (sign) => sign.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    return (await new Response(stream).json()) as TextRow[];
  }

  /** Returns the texts of a block, and keeps them until others have been used more recently. */
  function read(number: number): Promise<TextRow[]> {
    const texts = open.get(number) ?? parsed(blocks[number]!);
    open.delete(number);
    open.set(number, texts);
    const [oldest] = open.keys();
    if (open.size > MOST_OPEN) open.delete(oldest!);
    return texts;
  }

  function contains({ id, label = '', tags }: PlacedRow, { prompt, cells }: TextRow, wanted: string): boolean {
    const ofCells = cells.flatMap(({ text, reason = '', judged = '', from, more }) => [
      text,
      reason,
      judged,
      from,
      ...more.map((one) => one.text),
    ]);
    const all = [id, label, ...tags, ...prompt.map(({ text }) => text), ...ofCells];
    return all.some((text) => text.toLowerCase().includes(wanted));
  }

  return {
    of: async ({ block, at }) => (await read(block))[at],
    async search(text, isWanted) {
      const wanted = text.toLowerCase();
      const found = new Set<number>();
      let row = 0;
      for (const [number, block] of blocks.entries()) {
        const texts = await (open.get(number) ?? parsed(block));
        for (const one of texts) {
          if (contains(rows[row]!, one, wanted)) found.add(row);
          row += 1;
        }
        // Typing must not wait for the search.
        await new Promise((resolve) => setTimeout(resolve));
        if (!isWanted()) return undefined;
      }
      return found;
    },
  };
}
