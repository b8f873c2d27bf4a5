import type { LiveTable } from '../../core/models/live/state.ts';
import type { ModelColumnName } from '../../output/models/column-names.ts';
import { modelsTable } from '../../output/models/table.ts';
import type { Table } from '../../output/table/table.ts';
import type { Model } from '../../apis/catalogue.ts';
import { type ModelsOptions, sortColumns } from './options.ts';

/** The columns that keys show and hide, in their order on the screen. */
const COLUMNS: readonly ModelColumnName[] = [
  'in',
  'out',
  'blend',
  'cached',
  'context',
  'output-limit',
  'created',
  'modalities',
  'intelligence',
  'value',
];
const SHOWN: readonly ModelColumnName[] = ['in', 'out', 'context', 'created', 'modalities'];
const SHOWN_WITH_POLICY: readonly ModelColumnName[] = ['in', 'out', 'zdr', 'context', 'created', 'modalities'];

/**
 * Returns all columns and those shown. Columns given on the command line come first and are shown. Without any, a data policy
 * shows which models it excludes.
 */
export function columnsOf({ columns: given, policy }: Pick<ModelsOptions, 'columns' | 'policy'>): {
  allColumns: readonly ModelColumnName[];
  columns: readonly ModelColumnName[];
} {
  const asked = given?.filter((name) => name !== 'model') ?? (policy === undefined ? SHOWN : SHOWN_WITH_POLICY);
  const all = asked === SHOWN ? COLUMNS : [...new Set([...asked, ...COLUMNS])].slice(0, COLUMNS.length);
  return { allColumns: all, columns: asked };
}

/** Returns the table with the shown columns and the one that the models are sorted by. */
export function liveColumns(models: readonly Model[], table: LiveTable, { blend, benchmark }: ModelsOptions): Table {
  const sorted = sortColumns(table.sort, benchmark);
  const shown = table.allColumns.filter((name) => table.columns.has(name));
  // A narrow terminal omits the last columns first, and the sort column must stay.
  const columns = [...new Set([...shown.slice(0, 2), ...sorted, ...shown.slice(2)])] as ModelColumnName[];
  return modelsTable(models, { columns: ['model', ...columns], blend, benchmark, facts: table.facts, short: true });
}
