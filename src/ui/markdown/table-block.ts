import { parseInline } from '../../markdown/parse-inline.ts';
import { type Alignment, tableCells } from '../../markdown/table-source.ts';
import type { Theme } from '../../output/text/theme.ts';
import { type BlockWidth, NO_ROWS, type OpenBlock, type Piece } from './piece.ts';
import {
  columnWidths,
  measuredCell,
  type TableCell,
  type TableLayout,
  tableRows,
  tableRule,
  wantedWidths,
} from './table-layout.ts';

/** The lines, and the characters of source, that decide the widths of the columns. Later lines are returned one at a time. */
const LINES_TO_FIT = 24;
const SOURCE_TO_FIT = 6000;
/** Markup in longer cells is not parsed, because parsing takes more than linear time. */
const LONGEST_CELL = 2048;

export interface TableOptions {
  head: string;
  alignments: readonly Alignment[];
  width: number;
  keepsMarks: boolean;
}

/** Creates a table whose columns fit the screen and whose cells are wrapped. `push` takes whole lines. */
export function createTableBlock(theme: Theme, options: TableOptions): OpenBlock {
  return new TableBlock(theme, options);
}

interface LaidOut {
  layout: TableLayout;
  /** How many of the first lines the rows show. */
  lines: number;
  rows: string[];
}

class TableBlock implements OpenBlock {
  readonly #theme: Theme;
  readonly #options: TableOptions;
  #width: number;
  /**
   * The head, then the lines that wait for the widths. They are kept afterwards to compute the widths for another screen size.
   */
  readonly #lines: (readonly TableCell[])[];
  #wanted: readonly number[];
  #length: number;
  #isFitted = false;
  /** The painted rows of the first lines for a layout: a preview adds one line to them. */
  #laidOut: LaidOut | undefined;

  constructor(theme: Theme, options: TableOptions) {
    this.#theme = theme;
    this.#options = options;
    this.#width = options.width;
    const head = this.#read(options.head, true);
    this.#lines = [head];
    this.#wanted = wantedWidths([], head);
    this.#length = options.head.length;
  }

  push(source: string): readonly string[] {
    const cells = this.#read(source, false);
    if (this.#isFitted) return tableRows(cells, this.#laid(this.#wanted).layout);
    this.#lines.push(cells);
    this.#wanted = wantedWidths(this.#wanted, cells);
    this.#length += source.length;
    if (this.#lines.length < LINES_TO_FIT && this.#length < SOURCE_TO_FIT) return NO_ROWS;
    this.#isFitted = true;
    return this.#firstRows(this.#wanted).rows;
  }

  end(): readonly string[] {
    return this.#isFitted ? NO_ROWS : this.#firstRows(this.#wanted).rows;
  }

  preview(source: string): readonly string[] {
    if (source === '') return this.end();
    const cells = this.#read(source, false);
    if (this.#isFitted) return tableRows(cells, this.#laid(this.#wanted).layout);
    const { rows, layout } = this.#firstRows(wantedWidths(this.#wanted, cells));
    return [...rows, ...tableRows(cells, layout)];
  }

  resize(next: BlockWidth): readonly string[] {
    this.#width = next.all;
    this.#laidOut = undefined;
    return NO_ROWS;
  }

  #read(line: string, isHead: boolean): readonly TableCell[] {
    return tableCells(line).map((cell) => measuredCell(piecesOf(cell, isHead, this.#options.keepsMarks), this.#theme));
  }

  /** Returns the painted rows of the lines so far, with columns of these widths if there is room. */
  #firstRows(wanted: readonly number[]): { layout: TableLayout; rows: readonly string[] } {
    const laid = this.#laid(wanted);
    for (; laid.lines < this.#lines.length; laid.lines += 1) {
      laid.rows.push(...tableRows(this.#lines[laid.lines]!, laid.layout));
      if (laid.lines === 0) laid.rows.push(tableRule(laid.layout));
    }
    return laid;
  }

  #laid(wanted: readonly number[]): LaidOut {
    const columns = columnWidths(wanted, this.#width);
    if (this.#laidOut === undefined || !isEqual(this.#laidOut.layout.columns, columns)) {
      const layout = { columns, alignments: this.#options.alignments, width: this.#width, theme: this.#theme };
      this.#laidOut = { layout, lines: 0, rows: [] };
    }
    return this.#laidOut;
  }
}

function piecesOf(source: string, isHead: boolean, keepsMarks: boolean): readonly Piece[] {
  // A line break is the only HTML that is useful in a table.
  const text = source.includes('<') ? source.replaceAll(/<br\s*\/?>/gi, '\n') : source;
  const pieces = text.length > LONGEST_CELL ? [{ text, meanings: [] }] : parseInline(text, { keepsMarks }).pieces;
  return isHead ? pieces.map((piece) => ({ text: piece.text, meanings: ['strong' as const, ...piece.meanings] })) : pieces;
}

function isEqual(one: readonly number[] | undefined, other: readonly number[] | undefined): boolean {
  if (one === other) return true;
  if (one === undefined || one.length !== other?.length) return false;
  return one.every((value, index) => value === other[index]);
}
