import type { RowPriceChange } from '../../core/models/live/changes.ts';
import type { LiveTable } from '../../core/models/live/state.ts';
import { fitColumns, fitTexts, tableWidths, type TableWidths } from '../../output/table/fit.ts';
import type { Cell, Column, Table } from '../../output/table/table.ts';
import type { Model } from '../../apis/catalogue.ts';
import { type Line, type Span, type Tone, toneOf } from '../screen/line.ts';

/**
 * The cells of all models and the widths of their columns. Computed once per catalogue, so that columns do not move while
 * scrolling.
 */
export interface ModelCells {
  columns: readonly Column[];
  widths: TableWidths;
  /** Returns the cells of a model, with its name in this width. */
  of: (model: Model, width: number) => readonly Cell[];
}

/** Columns before the id for the cursor and two marks. On a narrow screen, a model in the comparison shows no star. */
const MARKS = 5;
const NARROW_MARKS = 3;
const NARROW = 50;
/** The indentation of fitTable. */
const INDENT = 2;
const CHANGE: Column = { heading: 'change', align: 'right', dropOrder: 0 };
const CHANGE_WIDTH = 7;

export function modelCells(models: readonly Model[], table: Table): ModelCells {
  const places = new Map(models.map((model, index) => [model, index]));
  let names: { width: number; texts: readonly string[] } | undefined;
  // Cut all names at once, so that they stay distinct.
  const namesIn = (width: number): readonly string[] => {
    if (names?.width !== width) {
      const texts = table.rows.map(([name]) => name!.text);
      names = { width, texts: fitTexts(texts, table.columns[0]!, width) };
    }
    return names.texts;
  };
  return {
    columns: table.columns,
    widths: tableWidths(table),
    of(model, width) {
      const place = places.get(model);
      const [name, ...others] = (place === undefined ? undefined : table.rows[place]) ?? [{ text: '' }];
      return [{ ...name!, text: place === undefined ? '' : namesIn(width)[place]! }, ...others];
    },
  };
}

/** Returns the heading and the visible models. No line is wider than `width`. */
export function modelLines(table: LiveTable, cells: ModelCells, width: number): { heading: Line; body: Line[] } {
  const inView = table.rows.slice(table.top, table.top + table.height);
  const { added, repriced } = table.changes;
  const hasChanges = added.size > 0 || repriced.size > 0;
  const columns = hasChanges ? [...cells.columns, CHANGE] : cells.columns;
  const withChange = (widths: readonly number[]): number[] => (hasChanges ? [...widths, CHANGE_WIDTH] : [...widths]);
  const all = { full: withChange(cells.widths.full), wanted: withChange(cells.widths.wanted) };
  const isNarrow = width < NARROW;
  const marksWidth = isNarrow ? NARROW_MARKS : MARKS;
  const { shown, widths, gap } = fitColumns(columns, all, width + 1 - (marksWidth - INDENT));
  const line = (row: readonly Cell[], marks: string, tone?: Tone): Line =>
    joined([
      { text: marks, tone: 'plain' },
      ...shown.map((column): Span => {
        const cell = row[column] ?? { text: '' };
        const [text = ''] = fitTexts([cell.text], { ...columns[column]!, cut: 'end' }, widths[column]!);
        return { text: column === 0 ? text : ' '.repeat(gap) + text, tone: toneOf(cell) };
      }),
    ]).map((span) => ({ text: span.text, tone: tone ?? span.tone }));
  const heading = line(
    columns.map(({ heading: text }) => ({ text })),
    ' '.repeat(marksWidth),
    'dim',
  );
  const body = inView.map((model, index) => {
    const isCurrent = table.top + index === table.cursor;
    const cursor = isCurrent ? '▸' : ' ';
    const star = table.favorites.has(model.id) ? '★' : ' ';
    const lane = table.marked.includes(model.id) ? '+' : ' ';
    const marks = isNarrow ? `${cursor}${lane === ' ' ? star : lane} ` : ` ${cursor}${star}${lane} `;
    const row = cells.of(model, widths[0]!);
    return line(hasChanges ? [...row, changeCell(model, table)] : row, marks, isCurrent ? 'live' : undefined);
  });
  return { heading, body };
}

function changeCell({ id }: Model, { changes }: LiveTable): Cell {
  if (changes.added.has(id)) return { text: 'new', tone: 'accent' };
  const change = changes.repriced.get(id);
  return change === undefined ? { text: '' } : { text: changeText(change), tone: 'warning' };
}

function changeText({ percent }: RowPriceChange): string {
  if (percent === undefined) return 'price';
  const amount = Math.min(999, Math.abs(percent));
  return `${percent < 0 ? '↓' : '↑'} ${amount === 0 ? '<1' : amount}%`;
}

/**
 * Joins neighbors of the same style into one piece, and removes trailing spaces, because every piece costs time in every frame.
 */
function joined(spans: readonly Span[]): Line {
  const line: Span[] = [];
  for (const span of spans) {
    const last = line.at(-1);
    if (last !== undefined && (last.tone === span.tone || span.text.trim() === ''))
      line[line.length - 1] = { ...last, text: last.text + span.text };
    else line.push(span);
  }
  const end = line.at(-1);
  if (end !== undefined) line[line.length - 1] = { ...end, text: end.text.trimEnd() };
  return line;
}
