import { decimal } from '../../decimal.ts';
import type { AnswerRecord } from '../../storage/matrix/record.ts';
import {
  type CaseResult,
  evaluateCase,
  type ExpectationResult,
  type ExpectationServices,
  type ExpectationState,
} from '../evaluation/expectations/evaluate-case.ts';
import { needsJudge } from '../evaluation/expectations/types.ts';
import type { TestCase } from '../evaluation/test-case.ts';
import type { CellOutcome, CheckedExpectation } from './cell-result.ts';

/** Checks the last answer of a cell. Its latency and cost are those of all questions of the case. */
export async function checkAnswer(
  testCase: TestCase,
  answers: readonly AnswerRecord[],
  services: ExpectationServices,
): Promise<CellOutcome> {
  const last = answers.at(-1)!;
  const durations = answers.map(({ durationMs }) => durationMs);
  const costs = answers.map(({ cost }) => cost);
  const result = await evaluateCase(
    testCase,
    {
      text: last.text,
      latencyMs: durations.includes(undefined) ? undefined : durations.reduce<number>((sum, ms) => sum + (ms ?? 0), 0),
      costUsd: costs.includes(undefined) ? undefined : costs.reduce((sum, cost) => sum.plus(cost ?? 0), decimal(0)).toNumber(),
      model: last.model,
    },
    services,
  );
  return outcomeOf(result);
}

const VERDICTS: Readonly<Record<ExpectationState, CheckedExpectation['verdict']>> = {
  passed: 'pass',
  failed: 'fail',
  'not-run': 'not-run',
};

function outcomeOf({ state, score, results, metrics }: CaseResult): CellOutcome {
  return {
    verdict: VERDICTS[state],
    score,
    checks: results.flatMap(checksOf),
    ...(Object.keys(metrics).length > 0 && { metrics }),
  };
}

/** Returns an expectation, and what its members say if it is a set that did not pass. */
function checksOf({ expectation, state, score, reason, members = [] }: ExpectationResult): CheckedExpectation[] {
  const name = `${expectation.isNegated ? 'not-' : ''}${expectation.type}`;
  const own = { name, verdict: VERDICTS[state], score, ...((state !== 'passed' || needsJudge(expectation.type)) && { reason }) };
  return state === 'passed' ? [own] : [own, ...members.flatMap(checksOf)];
}
