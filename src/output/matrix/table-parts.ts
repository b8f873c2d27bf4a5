import type { MatrixReport } from '../../core/matrix/report.ts';
import { labeledNotes } from '../table/labeled-notes.ts';
import { pipedTable } from '../table/piped-table.ts';
import type { Cell, Table } from '../table/table.ts';
import { countOf } from '../text/count-of.ts';
import { countText } from '../text/number.ts';
import { shownJudge } from './judge.ts';
import { failedCells, failedTable, laneTable, summaryLines } from './table.ts';

/** Failed cells that the table lists. */
const MOST_FAILED = 20;

/** A table with its notes above it and lines below it, or lines of text. */
export type ReportPart = { notes: readonly Cell[]; table: Table; below?: readonly string[] } | { lines: readonly string[] };

/** Yields the parts of the format `table`, which blank lines separate: the lanes, and unless `isBrief`, the summary, the judge and failed cells. */
export async function* tableParts(report: MatrixReport, isBrief: boolean): AsyncGenerator<ReportPart> {
  yield { notes: [], table: laneTable(report) };
  if (isBrief) return;
  yield { lines: summaryLines(report) };
  const judge = shownJudge(report);
  if (judge !== undefined) {
    const { notes, table } = judge;
    yield table === undefined ? { lines: notes.map(({ text }) => text) } : { notes, table };
  }
  const { cells, count, notAsked } = await failedCells(report, MOST_FAILED);
  if (count === 0) return;
  const below = [
    ...(count > cells.length ? [`… and ${countText(count - cells.length)} more: -o csv lists all`] : []),
    ...(notAsked > 0 ? [`… and ${countOf(notAsked, 'more cell was', 'more cells were')} not asked`] : []),
  ];
  yield { notes: [], table: failedTable(cells, report), below };
}

/** Returns the format `table` for a file. */
export async function* matrixTable(report: MatrixReport): AsyncGenerator<string> {
  const label = labeledNotes([], report.isSandbox).map((cells) => `${cells.map(({ text }) => text).join('')}\n`);
  yield label.join('');
  let isFirst = true;
  for await (const part of tableParts(report, false)) {
    if (!isFirst) yield '\n';
    isFirst = false;
    if ('lines' in part) yield indented(part.lines);
    else yield indented(part.notes.map(({ text }) => text)) + (await pipedTable(part.table)) + indented(part.below ?? []);
  }
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}\n`).join('');
}
