import type { ExpectationGrade, GradeRequest } from '../evaluation/expectations/evaluate-case.ts';
import type { Judge, Judgment } from './ask-judge.ts';
import { type JudgeSpending, NOTHING_SPENT } from './spending.ts';
import type { Grade } from './tasks.ts';
import { gradeAnswer } from './judge-pairs.ts';
import { MOST_ANSWERS, selectBest } from './select-best.ts';

/** A grade, and what it has cost. */
export interface PaidGrade {
  grade: ExpectationGrade;
  /** The judge has replied: asking again would cost as much and say the same. */
  isFinal: boolean;
  spending: JudgeSpending;
}

/**
 * Lets a judge grade an answer against an expectation. An unreadable reply and a failed request are `not-run`, so that neither
 * passes. `rivals`: for `select-best`, all answers that are compared, this one included. Throws what stops all judging, as
 * `Judge.ask` does.
 */
export async function gradeExpectation(
  judge: Judge,
  { type, criteria, answer, testCase }: GradeRequest,
  rivals: readonly string[] = [],
): Promise<PaidGrade> {
  const messages = [...testCase.prompt, ...testCase.followUps.map((text) => ({ role: 'user' as const, text }))];
  if (type === 'select-best') {
    if (rivals.length < 2) return notGraded(ONE_ANSWER);
    if (new Set(rivals).size > MOST_ANSWERS) return notGraded(`select-best compares at most ${MOST_ANSWERS} answers`);
    const selected = await selectBest(judge, { messages, reference: testCase.reference }, rivals, criteria.join('\n'));
    return gradeOf(judge, selected, ({ text }) => ({ isPassed: text === answer, score: text === answer ? 1 : 0 }));
  }
  const isReference = type === 'factuality' || type === 'similar';
  const reference = isReference ? criteria.join('\n') : testCase.reference;
  const judgment = await gradeAnswer(judge, { messages, reference }, answer, CRITERIA[type](criteria));
  return gradeOf(judge, judgment, (grade) => grade);
}

function gradeOf<Value>(judge: Judge, judgment: Judgment<Value>, read: (value: Value) => Grade): PaidGrade {
  const { spending } = judgment;
  if (judgment.state === 'decided')
    return { grade: { state: 'graded', ...read(judgment.value), reason: judgment.reason }, isFinal: true, spending };
  const { error } = judgment.state === 'failed' ? judgment : { error: undefined };
  const why = judgment.state === 'unreadable' ? judgment.why : error instanceof Error ? error.message : String(error);
  const grade: ExpectationGrade = { state: 'not-run', reason: `${judge.model} gave no verdict: ${why}` };
  return { grade, isFinal: judgment.state === 'unreadable', spending };
}

function notGraded(reason: string): PaidGrade {
  return { grade: { state: 'not-run', reason }, isFinal: true, spending: NOTHING_SPENT };
}

const ONE_ANSWER = 'select-best compares several answers, and there is only this one';

const CRITERIA: Readonly<Record<Exclude<GradeRequest['type'], 'select-best'>, (criteria: readonly string[]) => string>> = {
  'llm-rubric': (criteria) => `The answer passes only if it meets this rubric:\n${criteria.join('\n')}`,
  'g-eval': (criteria) =>
    `Check each of these points. "score" is the share of them that the answer meets:\n${criteria.map((step) => `- ${step}`).join('\n')}`,
  'model-graded-closedqa': (criteria) => `The answer passes only if it meets this criterion:\n${criteria.join('\n')}`,
  'answer-relevance': () =>
    'The answer passes if it answers the request. "score" is the share of it that is about the request. Whether it is right does not matter.',
  factuality: () =>
    'The answer passes if none of its facts contradicts the reference answer. More detail passes, and so does another wording.',
  similar: () =>
    'The answer passes if it means the same as the reference answer. "score" is 1 for the same meaning and 0 for another one.',
};
