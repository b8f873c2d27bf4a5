import type { Cell, TableLine, Table } from '../output/table/table.ts';
import { visibleText } from '../output/text/visible.ts';
import type { Context } from './context.ts';
import { showJson, showTable, showText } from './show-table.ts';
import type { TableFormat } from './table-format.ts';

/** One answer in each format; only the one asked for is made. */
interface Formatted {
  /** What is shown comes from the sandbox, and a table says so. */
  isSandbox: boolean;
  /** Said with the table; with data only the warnings among them, on standard error. */
  notes: readonly Cell[];
  /** Lines above the table that are part of the answer, for so many columns. */
  lines?: (columns: number) => readonly TableLine[];
  table: (forTerminal: boolean) => Table;
  csv: () => Promise<string>;
  markdown: () => string;
  json: () => unknown;
}

/** Shows an answer on standard output in the format asked for. */
export async function showFormatted(context: Context, format: TableFormat, shown: Formatted): Promise<void> {
  const warnings = shown.notes.filter(({ tone }) => tone === 'warning');
  if (format === 'json') return showJson(context, warnings, shown.json());
  if (format === 'table') return showTable(context, shown);
  // Markdown is read by people; CSV by programs, which get the text as it is.
  return showText(context, warnings, format === 'csv' ? await shown.csv() : visibleText(shown.markdown()));
}
