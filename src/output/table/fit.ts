import { cutText, textWidth } from '../text/width.ts';
import { cutNames } from './cut-names.ts';
import type { Cell, Column, Table, TableLine } from './table.ts';

const INDENT = 2;
/** In fewer columns, only one space separates two columns. */
const NARROW = 50;
/** A text that may be cut gets this many columns before other columns are dropped. */
const ENOUGH_TEXT = 28;
/** Columns are dropped so that this share of the names is whole. A single long name must not drop the other columns. */
const WHOLE_NAMES = 0.95;
const LONGEST_NAME = 64;
/** A shorter text says nothing, so another text is cut further first. */
const LEAST_TEXT = 8;
/** Stays free, because some terminals wrap when text fills the last column. */
const SPARE = 1;

/** The widths of a table's columns: in full, and the width that each column needs before other columns are dropped. */
export interface TableWidths {
  full: readonly number[];
  wanted: readonly number[];
}

/** The columns of a table that fit, and the width of each column. */
export interface TableFit {
  shown: readonly number[];
  widths: readonly number[];
  /** Spaces between two columns. */
  gap: number;
}

/**
 * Returns the lines of a table, heading first, none wider than the terminal. Columns are dropped first, then texts are cut;
 * numbers are never cut. Empty without rows.
 */
export function fitTable(table: Table, columns: number): TableLine[] {
  const { shown, widths, gap } = fitColumns(table.columns, tableWidths(table), columns);
  return drawLines(table, shown, widths).map((cells) =>
    joined(cells.map(({ text, tone }, place) => ({ text: ' '.repeat(place === 0 ? INDENT : gap) + text, tone }))),
  );
}

/** Returns exactly the text of plainTable, for tables with many rows. */
export function longTable(table: Table): string {
  const all = table.columns.map((_, index) => index);
  const lines = drawLines(table, all, tableWidths(table).full).map((cells) => cells.map(({ text }) => text).join('  '));
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

export function tableWidths({ columns, rows }: Table): TableWidths {
  const sizes = columns.map((_, index) => rows.map((row) => textWidth(row[index]!.text)));
  const full = columns.map(({ heading }, index) =>
    sizes[index]!.reduce((widest, size) => Math.max(widest, size), textWidth(heading)),
  );
  const wanted = columns.map((column, index) => {
    if (!isText(column, index)) return full[index]!;
    if (!isName(column) || column.dropOrder > 0) return Math.min(full[index]!, ENOUGH_TEXT);
    const sorted = sizes[index]!.toSorted((one, other) => one - other);
    const whole = sorted[Math.ceil(sorted.length * WHOLE_NAMES) - 1] ?? 0;
    return Math.min(full[index]!, column.enough ?? LONGEST_NAME, Math.max(whole, textWidth(column.heading)));
  });
  return { full, wanted };
}

/** Returns the columns that fit a terminal of this width. */
export function fitColumns(all: readonly Column[], { full, wanted }: TableWidths, columns: number): TableFit {
  let shown = all.map((_, index) => index);
  const gap = columns < NARROW ? 1 : 2;
  const room = (): number => columns - SPARE - INDENT - gap * (shown.length - 1);
  const sum = (of: readonly number[]): number => shown.reduce((total, index) => total + of[index]!, 0);
  for (;;) {
    const next = shown.reduce((highest, index) => Math.max(highest, all[index]!.dropOrder), 0);
    if (sum(wanted) <= room() || next === 0) break;
    shown = shown.filter((index) => all[index]!.dropOrder !== next);
  }
  const widths = [...wanted];
  const texts = shown.filter((index) => isText(all[index]!, index));
  const named = texts.filter((index) => isName(all[index]!));
  const others = texts.filter((index) => !named.includes(index));
  const shrink = (of: readonly number[], least: number): void => {
    for (let over = sum(widths) - room(); over > 0; over -= 1) {
      const widest = of.reduce<number | undefined>(
        (most, index) => (widths[index]! > (widths[most ?? -1] ?? least) ? index : most),
        undefined,
      );
      if (widest === undefined) return;
      widths[widest]! -= 1;
    }
  };
  // Other texts shrink before names. If that is not enough, all of them shrink.
  shrink(others, LEAST_TEXT);
  shrink(texts, LEAST_TEXT);
  shrink(texts, 1);
  // The remaining columns complete names, then other texts.
  for (const index of [...named, ...others]) {
    widths[index]! += Math.max(0, Math.min(full[index]! - widths[index]!, room() - sum(widths)));
  }
  return { shown, widths, gap };
}

/** Returns the texts of a column cut or padded to this width. */
export function fitTexts(texts: readonly string[], { align, cut = 'end' }: Column, width: number): string[] {
  const fitting = cut === 'end' ? texts.map((text) => cutText(text, width)) : cutNames(texts, width, cut);
  return fitting.map((text) => {
    const space = ' '.repeat(Math.max(0, width - textWidth(text)));
    return align === 'right' ? space + text : text + space;
  });
}

/** Reports whether a column may be cut: the first one, and every one that has a `cut`. */
function isText({ align, cut }: Column, index: number): boolean {
  return align === 'left' && (index === 0 || cut !== undefined);
}

function isName({ cut }: Column): boolean {
  return cut !== undefined && cut !== 'end';
}

/** Returns the cells of the shown columns, padded to the width of their column. A left-aligned last column is not padded. */
function drawLines({ columns, rows }: Table, shown: readonly number[], widths: readonly number[]): Cell[][] {
  if (rows.length === 0) return [];
  const last = shown.at(-1);
  const drawn = shown.map((index): string[] => {
    const column = columns[index]!;
    const [heading = ''] = fitTexts([column.heading], { ...column, cut: 'end' }, widths[index]!);
    const texts = [
      heading,
      ...fitTexts(
        rows.map((row) => row[index]!.text),
        column,
        widths[index]!,
      ),
    ];
    return index === last && column.align === 'left' ? texts.map((text) => text.trimEnd()) : texts;
  });
  return [undefined, ...rows].map((row, line) =>
    shown.map((index, place): Cell => ({ text: drawn[place]![line]!, tone: row === undefined ? 'dim' : row[index]!.tone })),
  );
}

/** Joins neighbors of the same tone into one piece, because each piece costs time when it is drawn. */
function joined(pieces: readonly Cell[]): TableLine {
  const line: Cell[] = [];
  for (const piece of pieces) {
    const last = line.at(-1);
    if (last !== undefined && last.tone === piece.tone) line[line.length - 1] = { ...last, text: last.text + piece.text };
    else line.push(piece);
  }
  return line;
}
