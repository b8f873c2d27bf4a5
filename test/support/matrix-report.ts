import type { TestCase } from '../../src/core/evaluation/test-case.ts';
import type { CellResult } from '../../src/core/matrix/cell-result.ts';
import type { MatrixReport } from '../../src/core/matrix/report.ts';
import { MatrixSummary } from '../../src/core/matrix/summarize.ts';
import type { AnswerRecord } from '../../src/storage/matrix/record.ts';

/** Returns a case with one question. */
export function testCase(id: string, more: Partial<TestCase> = {}): TestCase {
  return {
    id,
    testId: id,
    tags: [],
    metadata: {},
    vars: {},
    prompt: [{ role: 'user', text: `question ${id}` }],
    followUps: [],
    expectations: [],
    origin: { file: 'cases.csv' },
    ...more,
  };
}

/** An expectation that a test does not evaluate. */
export const EXPECTED = [{ type: 'contains', isNegated: false, value: 'ok', weight: 1 }];

export function answerRecord(key: string, more: Partial<AnswerRecord> = {}): AnswerRecord {
  return { type: 'answer', key, at: 1, state: 'answered', text: 'ok', attempts: 1, cost: '0.001', durationMs: 1500, ...more };
}

/** How a lane did in one cell: passed, failed, no answer, or not asked. */
export type Mark = '+' | '-' | 'x' | '.';

export function cellResult(one: TestCase, lane: number, mark: Mark, more: Partial<AnswerRecord> = {}): CellResult {
  const cell = { testCase: one, lane, repetition: 1 };
  if (mark === '.') return { cell, state: 'not-asked', answers: [], error: { message: 'stopped', kind: 'interrupted' } };
  const answer = answerRecord(`${one.id}-${lane}`, more);
  if (mark === 'x')
    return {
      cell,
      state: 'failed',
      answers: [{ ...answer, state: 'failed' }],
      error: { message: 'refused with 503', kind: 'provider' },
    };
  if (one.expectations.length === 0)
    return { cell, state: 'answered', answers: [answer], outcome: { verdict: 'none', checks: [] } };
  const isPassed = mark === '+';
  const check = {
    name: 'contains',
    verdict: isPassed ? 'pass' : 'fail',
    score: isPassed ? 1 : 0,
    ...(!isPassed && { reason: 'contains "ok"' }),
  } as const;
  return { cell, state: 'answered', answers: [answer], outcome: { verdict: check.verdict, score: check.score, checks: [check] } };
}

/** Returns the report of a run from its cells. */
export function matrixReport(
  names: readonly string[],
  cells: readonly CellResult[],
  more: Partial<MatrixReport> = {},
): MatrixReport {
  const summary = new MatrixSummary(names.map((name) => ({ name, model: name })));
  for (const cell of cells) summary.add(cell);
  return {
    id: '0'.repeat(26),
    source: 'cases.csv',
    isSandbox: false,
    orx: '1.2.3',
    startedAt: Date.UTC(2026, 0, 2),
    endedAt: Date.UTC(2026, 0, 2, 1),
    cases: new Set(cells.map(({ cell }) => cell.testCase)).size,
    repetitions: 1,
    lanes: summary.lanes(),
    totals: { cost: '0.012', judgeCost: '0', answered: cells.length, failed: 0, unpriced: 0, judged: 0, unpricedJudged: 0 },
    stopped: undefined,
    cells: async function* (lane) {
      yield* cells.filter(({ cell }) => lane === undefined || cell.lane === lane);
    },
    ...more,
  };
}

/** Returns cells from one row of marks per lane. */
export function cellsOf(rows: readonly string[]): CellResult[] {
  const cases = Array.from({ length: rows[0]!.length }, (_, index) => testCase(`${index + 1}`, { expectations: EXPECTED }));
  return cases.flatMap((one, index) => rows.map((row, lane) => cellResult(one, lane, row[index] as Mark)));
}

export async function joined(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}
