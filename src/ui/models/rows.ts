import type { RowPriceChange } from '../../core/models/live/changes.ts';
import type { LiveTable } from '../../core/models/live/state.ts';
import { fitColumns } from '../../output/table/fit.ts';
import { cutText, textWidth } from '../../output/text/width.ts';
import type { Cell, Column, Table } from '../../output/table/table.ts';
import type { Model } from '../../apis/catalogue.ts';
import { type Line, type Span, type Tone, toneOf } from '../screen/line.ts';

/** The cells of all models and how wide their columns are: made once for a catalogue, so that scrolling moves no column. */
export interface ModelCells {
  columns: readonly Column[];
  widths: readonly number[];
  of: (model: Model) => readonly Cell[] | undefined;
}

/** Room before the id for the cursor and two marks. */
const MARKS = 5;
/** What fitTable indents, and the gap between its columns. */
const [INDENT, GAP] = [2, 2];
const CHANGE: Column = { heading: 'change', align: 'right', dropOrder: 0 };

export function modelCells(models: readonly Model[], table: Table): ModelCells {
  const cells = new Map(models.map((model, index) => [model, table.rows[index]!]));
  const widths = table.columns.map(({ heading }, column) =>
    table.rows.reduce((widest, row) => Math.max(widest, textWidth(row[column]!.text)), textWidth(heading)),
  );
  return { columns: table.columns, widths, of: (model) => cells.get(model) };
}

/** The heading, and the models in view. No line is wider than `width`. */
export function modelLines(table: LiveTable, cells: ModelCells, width: number): { heading: Line; body: Line[] } {
  const inView = table.rows.slice(table.top, table.top + table.height);
  const { added, repriced } = table.changes;
  const hasChanges = added.size > 0 || repriced.size > 0;
  const columns = hasChanges ? [...cells.columns, CHANGE] : cells.columns;
  const widths = hasChanges ? [...cells.widths, 7] : cells.widths;
  const { shown, first } = fitColumns({ columns }, widths, width + 1 - (MARKS - INDENT));
  const line = (row: readonly Cell[], marks: string, tone?: Tone): Line =>
    joined([
      { text: marks, tone: 'plain' },
      ...shown.map((column): Span => {
        const cell = row[column] ?? { text: '' };
        const shown = fitted(cell.text, column === 0 ? first : widths[column]!, columns[column]!.align);
        return {
          text: column === 0 ? shown : ' '.repeat(GAP) + shown,
          tone: toneOf(cell),
        };
      }),
    ]).map((span) => ({ text: span.text, tone: tone ?? span.tone }));
  const heading = line(
    columns.map(({ heading: text }) => ({ text })),
    ' '.repeat(MARKS),
    'dim',
  );
  const body = inView.map((model, index) => {
    const isCurrent = table.top + index === table.cursor;
    const marks = ` ${isCurrent ? '▸' : ' '}${table.favourites.has(model.id) ? '★' : ' '}${table.marked.includes(model.id) ? '+' : ' '} `;
    const row = cells.of(model) ?? [{ text: '' }];
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
  return `${percent < 0 ? '↓' : '↑'} ${amount === 0 ? '<1' : amount} %`;
}

function fitted(text: string, width: number, align: Column['align']): string {
  const cut = cutText(text, width);
  const space = ' '.repeat(Math.max(0, width - textWidth(cut)));
  return align === 'right' ? space + cut : cut + space;
}

/** Neighbors of the same style as one piece, and nothing drawn behind the last: every piece costs time in every frame. */
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
