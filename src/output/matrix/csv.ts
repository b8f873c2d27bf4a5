import type { CellResult } from '../../core/matrix/cell-result.ts';
import type { MatrixReport } from '../../core/matrix/report.ts';
import { csvLines, type CsvRow } from '../text/csv.ts';
import { costOfCell, passedOf, sumOf } from './cell-json.ts';
import { verdictLines } from './judge.ts';
import { cellReason } from './reason.ts';

const HEADINGS = [
  'case',
  'label',
  'line',
  'lane',
  'requested_model',
  'repetition',
  'state',
  'passed',
  'score',
  'reason',
  'verdicts',
  'answer',
  'model',
  'provider',
  'finish_reason',
  'cost',
  'prompt_tokens',
  'completion_tokens',
  'time_to_first_token_ms',
  'duration_ms',
];
const ROWS_AT_ONCE = 100;

/** Yields the cells as CSV, one row each. */
export async function* matrixCsv(report: MatrixReport): AsyncGenerator<string> {
  let rows: CsvRow[] = [HEADINGS];
  for await (const cell of report.cells()) {
    rows.push(rowOf(cell, report));
    if (rows.length < ROWS_AT_ONCE) continue;
    yield await csvLines(rows);
    rows = [];
  }
  if (rows.length > 0) yield await csvLines(rows);
}

function rowOf(result: CellResult, { lanes }: MatrixReport): CsvRow {
  const { cell, state, answers, outcome, verdicts } = result;
  const lane = lanes[cell.lane]!;
  const last = answers.at(-1);
  return [
    cell.testCase.id,
    cell.testCase.label ?? null,
    cell.testCase.origin.line ?? null,
    lane.name,
    lane.model,
    cell.repetition,
    state,
    passedOf(result),
    outcome?.score ?? null,
    cellReason(result) ?? null,
    verdicts === undefined ? null : verdictLines(verdicts).join('\n'),
    last?.text ?? null,
    last?.model ?? null,
    last?.provider ?? null,
    last?.finishReason ?? null,
    costOfCell(answers) ?? null,
    sumOf(answers, 'promptTokens') ?? null,
    sumOf(answers, 'completionTokens') ?? null,
    last?.timeToFirstTokenMs ?? null,
    sumOf(answers, 'durationMs') ?? null,
  ];
}
