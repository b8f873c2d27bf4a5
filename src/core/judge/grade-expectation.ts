import type { ExpectationGrade, GradeRequest } from '../evaluation/expectations/evaluate-case.ts';
import { type Judge, type JudgeSpending, NOTHING_SPENT } from './ask-judge.ts';
import { gradeAnswer } from './judge-pairs.ts';

/** A grade, and what it has cost. */
export interface PaidGrade {
  grade: ExpectationGrade;
  spending: JudgeSpending;
}

/**
 * Lets a judge grade an answer against an expectation. An unreadable reply and a failed request are `not-run`, so that neither
 * passes. Throws what stops all judging, as `Judge.ask` does.
 */
export async function gradeExpectation(judge: Judge, { type, criteria, answer, testCase }: GradeRequest): Promise<PaidGrade> {
  if (type === 'select-best') return { grade: { state: 'not-run', reason: MANY_ANSWERS }, spending: NOTHING_SPENT };
  const messages = [...testCase.prompt, ...testCase.followUps.map((text) => ({ role: 'user' as const, text }))];
  const isReference = type === 'factuality' || type === 'similar';
  const reference = isReference ? criteria.join('\n') : testCase.reference;
  const judgment = await gradeAnswer(judge, { messages, reference }, answer, CRITERIA[type](criteria));
  const { spending } = judgment;
  if (judgment.state === 'decided') {
    const { isPassed, score } = judgment.value;
    return { grade: { state: 'graded', isPassed, score, reason: judgment.reason }, spending };
  }
  const { error } = judgment.state === 'failed' ? judgment : { error: undefined };
  const why = judgment.state === 'unreadable' ? judgment.why : error instanceof Error ? error.message : String(error);
  return { grade: { state: 'not-run', reason: `${judge.model} gave no verdict: ${why}` }, spending };
}

const MANY_ANSWERS = 'select-best compares several answers, and a judge sees only this one';

const CRITERIA: Readonly<Record<Exclude<GradeRequest['type'], 'select-best'>, (criteria: readonly string[]) => string>> = {
  'llm-rubric': (criteria) => `The answer passes only if it meets this rubric:\n${criteria.join('\n')}`,
  'g-eval': (criteria) =>
    `Check each of these points. "score" is the share of them that the answer meets:\n${criteria.map((step) => `- ${step}`).join('\n')}`,
  factuality: () =>
    'The answer passes if none of its facts contradicts the reference answer. More detail passes, and so does another wording.',
  similar: () =>
    'The answer passes if it means the same as the reference answer. "score" is 1 for the same meaning and 0 for another one.',
};
