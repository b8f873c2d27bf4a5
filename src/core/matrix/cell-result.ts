import { hash } from 'node:crypto';
import type { AnswerRecord, StoredError } from '../../storage/matrix/record.ts';
import type { OrxError } from '../../errors.ts';
import type { TestCase } from '../evaluation/test-case.ts';
import { storedError } from './answer-record.ts';
import type { MatrixCell } from './cell.ts';
import type { CellVerdict } from './judged.ts';

/**
 * `answered` · `empty`: the model answered with nothing · `failed`: no complete answer came · `not-asked`: the run ended before, or
 * everything of its lane fails.
 */
export type CellState = 'answered' | 'empty' | 'failed' | 'not-asked';

/** One checked expectation. `not-run` never passes. */
export interface CheckedExpectation {
  /** Such as `not-contains`. */
  name: string;
  verdict: 'pass' | 'fail' | 'not-run';
  /** From 0 to 1. */
  score: number;
  /** Why it failed or did not run; of a judge also why it passed. Untrusted. */
  reason?: string | undefined;
}

/** What the expectations of a cell say about its answer. */
export interface CellOutcome {
  /** `none`: the case expects nothing. */
  verdict: 'pass' | 'fail' | 'not-run' | 'none';
  /** Weighted mean of the scores; undefined if nothing was checked. */
  score?: number | undefined;
  checks: readonly CheckedExpectation[];
  /** Scores of the metrics that the file names, from 0 to 1. */
  metrics?: Readonly<Record<string, number>> | undefined;
}

/** One cell when nothing more happens to it. */
export interface CellResult {
  cell: MatrixCell;
  state: CellState;
  /** The answers of its questions in sequence; the last one is what its expectations are about. */
  answers: readonly AnswerRecord[];
  /** Why there is no complete answer. */
  error?: StoredError | undefined;
  /** Undefined without a complete answer, and if it was not checked. */
  outcome?: CellOutcome | undefined;
  /** What the judge of the lanes says about it, in the order of the other lanes. Undefined if no judge compared the lanes. */
  verdicts?: readonly CellVerdict[] | undefined;
}

/** The outcome of a case without expectations. */
export const NOTHING_EXPECTED: CellOutcome = { verdict: 'none', checks: [] };

/** Returns the result of a cell whose questions were asked, up to the first one without an answer. */
export function endedResult(cell: MatrixCell, answers: readonly AnswerRecord[]): CellResult {
  const last = answers.at(-1)!;
  return { cell, state: last.state, answers, ...(last.error !== undefined && { error: last.error }) };
}

/** Returns the result of a cell whose next question was not asked. */
export function notAskedResult(cell: MatrixCell, answers: readonly AnswerRecord[], reason: OrxError): CellResult {
  return { cell, state: 'not-asked', answers, error: storedError(reason) };
}

/** Returns whether a cell counts as passed. An answer that never came passes nothing. */
export function hasPassed({ state, outcome }: Pick<CellResult, 'state' | 'outcome'>): boolean {
  return state === 'answered' && outcome?.verdict === 'pass';
}

/**
 * Returns the key of an outcome in the journal: a hash of the answers and of everything that decides about them. `checker` names
 * the version of the checks. `rivals`: the answers that this one is compared with.
 */
export function outcomeKey(
  testCase: TestCase,
  answers: readonly Pick<AnswerRecord, 'key'>[],
  checker: string,
  rivals?: readonly string[],
): string {
  const { expectations, threshold, transform, reference, vars, metadata } = testCase;
  const keys = answers.map(({ key }) => key);
  const asked = { keys, expectations, threshold, transform, reference, vars, metadata, checker, rivals };
  return hash('sha256', JSON.stringify(asked)).slice(0, 32);
}
