import { expect, test } from 'vitest';
import type { CompletionEvent, StreamCompletion } from '../../../src/apis/completion.ts';
import { messageText } from '../../../src/apis/message.ts';
import type { GradeRequest } from '../../../src/core/evaluation/expectations/evaluate-case.ts';
import type { TestCase } from '../../../src/core/evaluation/test-case.ts';
import { openJudge } from '../../../src/core/judge/ask-judge.ts';
import { judgeSender } from '../../../src/core/judge/send-to-judge.ts';
import { gradeExpectation } from '../../../src/core/judge/grade-expectation.ts';
import { decimalText } from '../../../src/decimal.ts';
import { OrxError } from '../../../src/errors.ts';

const CASE: TestCase = {
  id: '1',
  testId: '1',
  tags: [],
  metadata: {},
  vars: {},
  prompt: [{ role: 'user', text: 'What is the capital of France?' }],
  followUps: ['And of Spain?'],
  reference: 'Paris, Madrid',
  expectations: [],
  origin: { file: 'x.yaml' },
};

/** Grades with a judge that replies as told, and returns what it was asked. */
async function grade(
  request: Partial<GradeRequest>,
  reply: string | Error = '{"reason":"right","grade":{"pass":true,"score":0.9}}',
) {
  const prompts: string[] = [];
  const stream: StreamCompletion = async function* ({ messages }): AsyncGenerator<CompletionEvent> {
    prompts.push(messages.map((message) => messageText(message)).join('\n'));
    if (reply instanceof Error) throw reply;
    yield { type: 'response-start', id: 'gen', model: 'j/judge' };
    yield { type: 'text-delta', text: reply };
    yield { type: 'usage', usage: { promptTokens: 1, completionTokens: 1, totalTokens: 2, cost: '0.001', wire: {} } };
    yield { type: 'response-end', finishReason: 'stop' };
  };
  const judge = openJudge({ model: 'j/judge', send: judgeSender({ stream }) });
  const asked: GradeRequest = {
    type: 'llm-rubric',
    criteria: ['names both'],
    answer: 'Paris and Madrid',
    testCase: CASE,
    ...request,
  };
  return { ...(await gradeExpectation(judge, asked)), prompts };
}

test('a rubric is graded with the whole conversation and the right answer of the case', async () => {
  const { grade: graded, spending, prompts } = await grade({});
  expect(graded).toEqual({ state: 'graded', isPassed: true, score: 0.9, reason: 'right' });
  expect([decimalText(spending.cost), spending.requests]).toEqual(['0.001', 1]);
  for (const text of ['capital of France', 'And of Spain?', 'Paris, Madrid', 'names both', 'Paris and Madrid'])
    expect(prompts[0]).toContain(text);
});

test.each([
  ['factuality', 'contradicts the reference answer'],
  ['similar', 'means the same as the reference answer'],
] as const)('%s compares with its own value', async (type, criteria) => {
  const { prompts } = await grade({ type, criteria: ['Lyon'] });
  expect(prompts[0]).toContain(criteria);
  expect(prompts[0]).toContain('Lyon');
  expect(prompts[0]).not.toContain('Paris, Madrid');
});

test('g-eval lists its steps', async () => {
  expect((await grade({ type: 'g-eval', criteria: ['short', 'right'] })).prompts[0]).toContain('- short\n- right');
});

test('a reply without a grade, a failed request and select-best are not run, so nothing passes', async () => {
  expect((await grade({}, 'Looks fine to me.')).grade).toEqual({
    state: 'not-run',
    reason: 'j/judge gave no verdict: the reply has no grade, twice',
  });
  expect((await grade({}, new OrxError('busy', { kind: 'rate-limit', status: 429 }))).grade).toEqual({
    state: 'not-run',
    reason: 'j/judge gave no verdict: busy',
  });
  const best = await grade({ type: 'select-best' });
  expect([best.grade.state, best.prompts, best.spending.requests]).toEqual(['not-run', [], 0]);
});

test('what stops all judging is thrown', async () => {
  await expect(grade({}, new OrxError('no money', { kind: 'credits', status: 402 }))).rejects.toMatchObject({ kind: 'credits' });
});
