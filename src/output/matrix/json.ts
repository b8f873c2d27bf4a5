import type { CellResult } from '../../core/matrix/cell-result.ts';
import type { MatrixReport } from '../../core/matrix/report.ts';
import { jsonLine } from '../text/json.ts';
import { cellJson } from './cell-json.ts';
import { summaryJson } from './summary-json.ts';

/**
 * Yields one JSON object: the run, its lanes, and `cells` in the order of the file, one on a line. It is never in memory as a
 * whole.
 */
export async function* matrixJson(report: MatrixReport): AsyncGenerator<string> {
  yield `${jsonLine(summaryJson(report)).trimEnd().slice(0, -1)},"cells":[`;
  let isFirst = true;
  for await (const cell of report.cells()) {
    yield `${isFirst ? '' : ','}\n${jsonLine(cellJson(cell, report.lanes)).trimEnd()}`;
    isFirst = false;
  }
  yield '\n]}\n';
}

/** Returns a cell as a line of JSON, for output while the run continues. */
export function cellLine(result: CellResult, lanes: readonly { name: string; model: string }[]): string {
  return jsonLine({ type: 'cell', ...cellJson(result, lanes) });
}

/** Returns the last line of such output: the run and its lanes. */
export function summaryLine(report: MatrixReport): string {
  return jsonLine({ type: 'summary', ...summaryJson(report) });
}
