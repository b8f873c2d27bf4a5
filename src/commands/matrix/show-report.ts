import type { MatrixReport } from '../../core/matrix/report.ts';
import { matrixCsv } from '../../output/matrix/csv.ts';
import { shownJudge } from '../../output/matrix/judge.ts';
import { matrixJson } from '../../output/matrix/json.ts';
import { matrixJunit } from '../../output/matrix/junit.ts';
import { matrixPage } from '../../output/matrix/page/write-page.ts';
import { matrixMarkdown } from '../../output/matrix/markdown.ts';
import { failedCells, failedTable, laneTable, summaryLines } from '../../output/matrix/table.ts';
import { wrapWords } from '../../output/text/wrap-rows.ts';
import { write } from '../../output/text/write-stream.ts';
import type { Context } from '../context.ts';
import { isDrawable } from '../is-drawable.ts';
import { showTable } from '../show-table.ts';
import { type ReportPlace, writeReport } from '../write-report.ts';
import type { MatrixFormat } from './options.ts';

/** Failed cells that the table lists. */
const MOST_FAILED = 20;

/** The formats that are written as a whole at the end: each is a stream of pieces. */
const WRITERS: Readonly<Record<Exclude<MatrixFormat, 'table' | 'jsonl'>, (report: MatrixReport) => AsyncIterable<string>>> = {
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
  if (format !== 'table' && format !== 'jsonl') {
    await writeReport(context, WRITERS[format](report), place);
    if (place.out === undefined) return;
  }
  if (format === 'jsonl' && place.out === undefined) return;
  if (format === 'table' || !isQuiet) await showLaneTable(report, isQuiet, context);
}

async function showLaneTable(report: MatrixReport, isQuiet: boolean, context: Context): Promise<void> {
  await showTable(context, { isSandbox: report.isSandbox, notes: [], table: () => laneTable(report) });
  if (isQuiet) return;
  const { stdout } = context.terminal.streams;
  const room = isDrawable(context) ? stdout.columns - 1 : Number.POSITIVE_INFINITY;
  const lines = summaryLines(report).flatMap((line) => wrapWords(`  ${line}`, room));
  await write(stdout, `\n${lines.map((line) => `${line}\n`).join('')}`);
  const judge = shownJudge(report);
  if (judge !== undefined) {
    const { notes, table } = judge;
    await write(stdout, '\n');
    if (table === undefined)
      await write(
        stdout,
        notes
          .flatMap(({ text }) => wrapWords(`  ${text}`, room))
          .map((line) => `${line}\n`)
          .join(''),
      );
    else await showTable(context, { isSandbox: false, notes, table: () => table });
  }
  const { cells, count } = await failedCells(report, MOST_FAILED);
  if (count === 0) return;
  await write(stdout, '\n');
  await showTable(context, { isSandbox: false, notes: [], table: () => failedTable(cells, report) });
  if (count > cells.length) await write(stdout, `  … and ${count - cells.length} more: -o csv lists all\n`);
}
