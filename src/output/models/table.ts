import { parseBlend } from '../../core/models/blend.ts';
import { DEFAULT_BLEND } from '../../core/settings/blend-text.ts';
import type { Model } from '../../apis/catalogue.ts';
import { alignNumbers } from '../table/align-numbers.ts';
import { csvText } from '../text/csv.ts';
import type { ModelColumnName } from './column-names.ts';
import { MODEL_COLUMNS, type ModelColumn, type ModelView } from './columns.ts';
import type { Cell, Table, TableTone } from '../table/table.ts';
import { visibleLine } from '../text/visible.ts';

const DEFAULT_COLUMNS: readonly ModelColumnName[] = ['model', 'in', 'out', 'context', 'created', 'modalities'];
/** Never dropped: the model and its prices. */
const STAYING: ReadonlySet<ModelColumnName> = new Set<ModelColumnName>(['model', 'in', 'out']);
/** The columns by which a list is ordered are dropped last. */
const LAST_TO_GO = 0.5;
/** Of the default columns, the highest is dropped first. */
const DROP_ORDER: Readonly<Partial<Record<ModelColumnName, number>>> = {
  intelligence: 1,
  coding: 1,
  agentic: 1,
  context: 1,
  created: 2,
  modalities: 3,
};

export interface ModelsTableOptions extends Partial<ModelView> {
  /**
   * The columns in this order. On a narrow terminal they are dropped from the end, except for prices. Default: id, prices,
   * context, date, modalities.
   */
  columns?: readonly ModelColumnName[] | undefined;
  /**
   * Shown after the prices of the default columns, and dropped last on a narrow terminal: the columns by which the list is
   * ordered.
   */
  added?: readonly ModelColumnName[] | undefined;
}

/** Returns the effective columns in their order. */
export function modelColumns({ columns, added = [] }: ModelsTableOptions): readonly ModelColumnName[] {
  if (columns !== undefined) return columns;
  const extra = added.filter((name) => !DEFAULT_COLUMNS.includes(name));
  return [...DEFAULT_COLUMNS.slice(0, 3), ...extra, ...DEFAULT_COLUMNS.slice(3)];
}

/**
 * Returns the catalogue as a table, in the given order. With `short`, prices with many digits are rounded and marked with `~`.
 */
export function modelsTable(models: readonly Model[], options: ModelsTableOptions = {}): Table {
  const view = viewOf(options);
  const columns = modelColumns(options).map((name) => ({ name, column: MODEL_COLUMNS[name] as ModelColumn }));
  const cells = columns.map(({ column }) => columnCells(models, column, view));
  return {
    columns: columns.map(({ name, column }, index) => ({
      heading: heading(column.heading, view),
      align: column.align,
      dropOrder: STAYING.has(name) ? 0 : options.columns === undefined ? (DROP_ORDER[name] ?? LAST_TO_GO) : index,
      ...(name === 'model' ? { cut: 'model' } : {}),
    })),
    rows: models.map((_, row) => cells.map((column) => column[row]!)),
  };
}

/** Returns the catalogue as CSV for programs, with exact prices in USD per single token. */
export function modelsCsv(models: readonly Model[], options: ModelsTableOptions): Promise<string> {
  const view = viewOf(options);
  const columns = modelColumns(options).map((name) => MODEL_COLUMNS[name] as ModelColumn);
  return csvText(
    columns.map(({ exactHeading }) => heading(exactHeading, view)),
    models.map((model) => columns.map(({ exact }) => exact(model, view))),
  );
}

function viewOf({ blend, benchmark, facts, short }: ModelsTableOptions): ModelView {
  return { blend: blend ?? parseBlend(DEFAULT_BLEND), benchmark: benchmark ?? 'intelligence', facts, short };
}

function heading(of: ModelColumn['heading'], view: ModelView): string {
  return typeof of === 'string' ? of : of(view);
}

function columnCells(models: readonly Model[], column: ModelColumn, view: ModelView): Cell[] {
  const texts = models.map((model) => visibleLine(column.text(model, view)));
  const shown = column.isNumber === true ? alignNumbers(texts) : texts;
  return shown.map((text, index) => ({ text, tone: column.tone ?? numberTone(column, texts[index]!) }));
}

function numberTone({ isNumber }: ModelColumn, text: string): TableTone | undefined {
  if (isNumber !== true) return undefined;
  return text === 'free' ? 'accent' : text === 'varies' || text === '–' ? 'dim' : undefined;
}
