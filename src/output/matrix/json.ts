import type { CellResult } from '../../core/matrix/cell-result.ts';
import type { JudgedResult } from '../../core/judge/judge-pairs.ts';
import { verdictsOf } from '../../core/matrix/lane-verdicts.ts';
import type { MatrixReport } from '../../core/matrix/report.ts';
import { jsonLine } from '../text/json.ts';
import { cellJson, verdictJson } from './cell-json.ts';
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

/** Returns what the judge of the lanes said about a cell as a line of JSON. */
export function verdictLine({ cell }: CellResult, judged: readonly JudgedResult[], lanes: readonly { name: string }[]): string {
  const lane = lanes[cell.lane]!.name;
  const verdicts = verdictsOf(judged, lane).map(verdictJson);
  return jsonLine({ type: 'verdicts', case: cell.testCase.id, lane, repetition: cell.repetition, verdicts });
}

/** Returns the last line of such output: the run and its lanes. */
export function summaryLine(report: MatrixReport): string {
  return jsonLine({ type: 'summary', ...summaryJson(report) });
}
