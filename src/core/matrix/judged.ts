import { needsJudge } from '../evaluation/expectations/types.ts';
import type { Expectation, TestCase } from '../evaluation/test-case.ts';
import type { JudgeMode } from '../judge/judge-pairs.ts';
import type { JudgeSummary } from '../judge/summary.ts';

/** What the judge of the lanes says about the answer of a cell. */
export interface CellVerdict {
  /** The lane that the answer was compared with, in both orders; undefined for a score. */
  against?: string | undefined;
  /**
   * `unreadable`: the judge replied, but decided nothing. `failed`: it did not reply, or was not asked. Neither is a tie, a win or a
   * pass.
   */
  result: 'win' | 'tie' | 'loss' | 'scored' | 'unreadable' | 'failed';
  /** From 1 to 10, for `scored`. */
  score?: number | undefined;
  /** Both orders gave the same verdict; with different ones the result is a tie. Undefined unless both are known. */
  isConsistent?: boolean | undefined;
  /** The judge's words, or why there is no verdict. Untrusted. */
  reason: string;
}

/** The judge of a run. */
export interface MatrixJudging {
  /** The judge's model. */
  model: string;
  /** How it compared the answers of the lanes; undefined if it only graded expectations of the file. */
  mode: JudgeMode | undefined;
  criteria: string | undefined;
  /** What the comparison of the lanes shows; undefined without one. */
  summary: JudgeSummary | undefined;
  /** Models of lanes that have the same vendor as the judge. */
  related: readonly string[];
}

/** Returns the expectations of a case that a judge grades, those of sets included. */
export function judgedExpectations({ expectations }: Pick<TestCase, 'expectations'>): Expectation[] {
  return expectations.flatMap((one): Expectation[] => {
    if (one.notRun !== undefined) return [];
    if (one.type === 'assert-set') return judgedExpectations({ expectations: one.members ?? [] });
    return needsJudge(one.type) ? [one] : [];
  });
}
