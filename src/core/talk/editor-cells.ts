import { graphemes } from '../graphemes.ts';

/** A long paste: one thing to the cursor, shown as a label, sent in full. */
export interface PastedBlock {
  text: string;
  lines: number;
}

/** What the cursor steps over at once: a character as people see it, a line end (`\n`), or a pasted block. */
export type Cell = string | PastedBlock;

/** Longer ones are shown as a block. */
const LONGEST_OPEN_PASTE = 1000;
const MOST_OPEN_LINES = 8;

/** Cells of a text; line ends of every kind become `\n`. */
export function cellsOf(text: string): Cell[] {
  return Array.from(graphemes(text.replace(/\r\n?/g, '\n')), ({ segment }) => segment);
}

/** Cells of a paste: characters, or a block where it would fill the screen. */
export function pastedCells(text: string): Cell[] {
  const plain = text.replace(/\r\n?/g, '\n');
  const lines = plain.split('\n').length - (plain.endsWith('\n') ? 1 : 0);
  if (plain.length <= LONGEST_OPEN_PASTE && lines <= MOST_OPEN_LINES) return cellsOf(plain);
  return [{ text: plain, lines }];
}

/** What is sent. */
export function textOf(cells: readonly Cell[]): string {
  return cells.map((cell) => (typeof cell === 'string' ? cell : cell.text)).join('');
}

/** What stands for a block. */
export function blockLabel({ lines, text }: PastedBlock): string {
  return lines === 1 ? `[pasted ${text.length} characters]` : `[pasted ${lines} lines]`;
}

/**
 * Puts cells in the place of those from `start` to `end`. Marks and joiners that now stand beside a character join it, so that the cells
 * are again those of the whole text. `cursor` is behind what was put in, never inside of a character.
 */
export function splice(
  cells: readonly Cell[],
  start: number,
  end: number,
  inserted: readonly Cell[],
): { cells: Cell[]; cursor: number } {
  const left = edge(cells, start, -1);
  const right = edge(cells, end, 1);
  const before = [...cells.slice(left, start), ...inserted];
  const near = [...before, ...cells.slice(end, right)];
  const units = before.reduce((sum, cell) => sum + (typeof cell === 'string' ? cell.length : 1), 0);
  const joined = rejoined(near);
  let cursor = 0;
  for (let used = 0; used < units; cursor += 1) used += lengthOf(joined[cursor]!);
  return { cells: [...cells.slice(0, left), ...joined, ...cells.slice(right)], cursor: left + cursor };
}

function lengthOf(cell: Cell): number {
  return typeof cell === 'string' ? cell.length : 1;
}

/** From where on (in this direction) nothing can join: behind a plain letter, a line end or a block. */
function edge(cells: readonly Cell[], from: number, step: 1 | -1): number {
  let at = from;
  for (;;) {
    const next = cells[step === 1 ? at : at - 1];
    if (next === undefined || typeof next !== 'string') return at;
    at += step;
    if (/^[\n\u0020-\u007e]$/.test(next)) return at;
  }
}

function rejoined(cells: readonly Cell[]): Cell[] {
  if (cells.every((cell) => typeof cell === 'string' && /^[\n\u0020-\u007e]$/.test(cell))) return [...cells];
  const joined: Cell[] = [];
  let run = '';
  for (const cell of cells) {
    if (typeof cell === 'string') run += cell;
    else {
      joined.push(...cellsOf(run), cell);
      run = '';
    }
  }
  return [...joined, ...cellsOf(run)];
}
