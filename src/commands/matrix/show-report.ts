import type { MatrixReport } from '../../core/matrix/report.ts';
import { matrixCsv } from '../../output/matrix/csv.ts';
import { matrixJson } from '../../output/matrix/json.ts';
import { matrixJunit } from '../../output/matrix/junit.ts';
import { matrixPage } from '../../output/matrix/page/write-page.ts';
import { matrixMarkdown } from '../../output/matrix/markdown.ts';
import { matrixTable, tableParts } from '../../output/matrix/table-parts.ts';
import { wrapWords } from '../../output/text/wrap-rows.ts';
import { write } from '../../output/text/write-stream.ts';
import type { Context } from '../context.ts';
import { isDrawable } from '../is-drawable.ts';
import { showTable } from '../show-table.ts';
import { type ReportPlace, writeReport } from '../write-report.ts';
import type { MatrixFormat } from './format.ts';

/** The formats that are written as a whole at the end: each is a stream of pieces. */
const WRITERS: Readonly<Record<Exclude<MatrixFormat, 'jsonl'>, (report: MatrixReport) => AsyncIterable<string>>> = {
  table: matrixTable,
  json: matrixJson,
  csv: matrixCsv,
  markdown: matrixMarkdown,
  junit: matrixJunit,
  html: matrixPage,
};

/**
 * Shows a run in the requested format. With a file, writes the format there and the table to standard output. JSON lines were
 * written while the run continued.
 */
export async function showReport(
  report: MatrixReport,
  { format, place, isQuiet }: { format: MatrixFormat; place: ReportPlace; isQuiet: boolean },
  context: Context,
): Promise<void> {
  const isFile = place.out !== undefined;
  if (format !== 'jsonl' && (format !== 'table' || isFile)) await writeReport(context, WRITERS[format](report), place);
  if (format === 'table' ? !isFile || !isQuiet : isFile && !isQuiet) await showTableParts(report, isQuiet, context);
}

async function showTableParts(report: MatrixReport, isQuiet: boolean, context: Context): Promise<void> {
  const { stdout } = context.terminal.streams;
  const room = isDrawable(context) ? stdout.columns - 1 : Number.POSITIVE_INFINITY;
  const writeLines = async (lines: readonly string[]): Promise<void> => {
    const rows = lines.flatMap((line) => wrapWords(`  ${line}`, room));
    await write(stdout, rows.map((row) => `${row}\n`).join(''));
  };
  let isFirst = true;
  for await (const part of tableParts(report, isQuiet)) {
    if (!isFirst) await write(stdout, '\n');
    if ('lines' in part) await writeLines(part.lines);
    else {
      await showTable(context, { isSandbox: isFirst && report.isSandbox, notes: part.notes, table: () => part.table });
      await writeLines(part.below ?? []);
    }
    isFirst = false;
  }
}
