import type { EvaluationFile, Expectation, TestCase } from '../../src/core/evaluation/test-case.ts';

/** Returns a case with one question. */
export function testCase(facts: Partial<TestCase>): TestCase {
  return {
    id: '1',
    testId: '1',
    tags: [],
    metadata: {},
    vars: {},
    prompt: [{ role: 'user', text: 'What is 2+2?' }],
    followUps: [],
    expectations: [],
    origin: { file: 'tests.yaml', line: 1 },
    ...facts,
  };
}

/** Returns an expectation with weight 1. */
export function expectation(type: string, value?: unknown, facts: Partial<Expectation> = {}): Expectation {
  return { type, isNegated: false, value, weight: 1, ...facts };
}

/** Returns a file with these cases. */
export function evaluationFile(cases: readonly TestCase[]): EvaluationFile {
  return {
    path: 'tests.yaml',
    format: 'promptfoo configuration',
    caseCount: cases.length,
    testCount: cases.length,
    prompts: [],
    summary: [],
    notRun: [],
    warnings: [],
    unreadable: [],
    cases: async function* all() {
      yield* cases;
    },
  };
}
