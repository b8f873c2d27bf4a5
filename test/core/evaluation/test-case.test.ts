import { expect, test } from 'vitest';
import { isAskedBy } from '../../../src/core/evaluation/test-case.ts';
import { evaluationFile, expectation, testCase } from '../../support/test-case.ts';

test('a lane answers the prompts that it names', () => {
  const lane = { id: 'openai:gpt-4', prompts: ['short', 'poem*'] };
  const answers = (promptName?: string): boolean => isAskedBy(lane, testCase({ promptName }));
  expect([answers('short'), answers('short #2'), answers('poems'), answers('shorter'), answers()]).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
  expect(isAskedBy({ id: 'openai:gpt-4' }, testCase({}))).toBe(true);
});

test('a case is answered by the lanes that it names, by id or label', () => {
  const one = testCase({ lanes: ['fast', 'openai:gpt-4'] });
  expect(isAskedBy({ id: 'openai:gpt-4' }, one)).toBe(true);
  expect(isAskedBy({ id: 'x', label: 'fast' }, one)).toBe(true);
  expect(isAskedBy({ id: 'x', label: 'slow' }, one)).toBe(false);
});

test('a file gives its cases again each time', async () => {
  const file = evaluationFile([testCase({ id: 'a', expectations: [expectation('contains', '4')] })]);
  for (let round = 0; round < 2; round += 1) {
    const ids: string[] = [];
    for await (const { id } of file.cases()) ids.push(id);
    expect(ids).toEqual(['a']);
  }
});
