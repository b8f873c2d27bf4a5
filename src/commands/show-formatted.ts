import type { Cell, TableLine, Table } from '../output/table/table.ts';
import { visibleText } from '../output/text/visible.ts';
import type { Context } from './context.ts';
import { showJson, showTable, showText } from './show-table.ts';
import type { TableFormat } from './table-format.ts';

/** The output of a command in each format; only the requested one is created. */
interface Formatted {
  /** The data comes from the sandbox, and a table is labeled. */
  isSandbox: boolean;
  /** Notes shown with the table. With other formats, only warnings are printed, on standard error. */
  notes: readonly Cell[];
  /** Returns lines for this width, which are part of the output, to print above the table. */
  lines?: (columns: number) => readonly TableLine[];
  table: (forTerminal: boolean) => Table;
  csv: () => Promise<string>;
  markdown: () => string;
  json: () => unknown;
}

/** Shows output on standard output in the requested format. */
export async function showFormatted(context: Context, format: TableFormat, shown: Formatted): Promise<void> {
  const warnings = shown.notes.filter(({ tone }) => tone === 'warning');
  if (format === 'json') return showJson(context, warnings, shown.json());
  if (format === 'table') return showTable(context, shown);
  // People read Markdown, so it is made safe to print; programs read CSV, so they get the unmodified text.
  return showText(context, warnings, format === 'csv' ? await shown.csv() : visibleText(shown.markdown()));
}
