import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  evaluateCase,
  type ExpectationServices,
  type ExpectationGrade,
  type GradeRequest,
  type MeasuredAnswer,
} from '../../../src/core/evaluation/expectations/evaluate-case.ts';
import type { Expectation, TestCase } from '../../../src/core/evaluation/test-case.ts';
import { scriptRunner } from '../../../src/scripts/run-script.ts';
import { withinTime } from '../../../src/scripts/within-time.ts';
import { expectation, testCase } from '../../support/test-case.ts';

const services: ExpectationServices = { runScript: scriptRunner(), withinTime };
const result = (
  expectations: readonly Expectation[],
  text: string,
  facts: Partial<TestCase> = {},
  answer: Partial<MeasuredAnswer> = {},
  more: Partial<ExpectationServices> = {},
): ReturnType<typeof evaluateCase> =>
  evaluateCase(testCase({ expectations, ...facts }), { text, ...answer }, { ...services, ...more });

describe('an expectation', () => {
  test.each<[string, unknown, string, string]>([
    ['contains', 'Paris', 'In Paris.', 'In paris.'],
    ['icontains', 'PARIS', 'In paris.', 'In Rome.'],
    ['contains-any', ['a', 'b'], 'xb', 'xc'],
    ['icontains-any', ['A', 'B'], 'xb', 'xc'],
    ['contains-all', ['a', 'b'], 'ab', 'a'],
    ['icontains-all', ['A', 'B'], 'ab', 'a'],
    ['contains-word', '18', 'It is $18.', 'It is 180.'],
    ['contains-word', '1000', 'It is 1,000 in all', 'It is 11000'],
    ['contains-word', '3', 'It is 3.', 'It is 3.5'],
    ['contains-word', 'Leprosy', 'leprosy', 'leprosyx'],
    ['choice', 'B', 'Some text. Answer: **B**', 'Answer: A. Not B'],
    ['choice', 'A', 'A) because', 'A cat is not B)'],
    ['choice', ['C', 'D'], '(c)', 'b'],
    ['equals', 'Yes', 'Yes', 'yes'],
    ['equals', 5, '5', '5.0'],
    ['equals', { a: [1, 2], b: null }, '{"b":null,"a":[1,2]}', '{"a":[2,1],"b":null}'],
    ['fuzzy', 'The Beatles!', 'beatles', 'stones'],
    ['starts-with', ['time', 'a time'], 'a time', 'once'],
    ['regex', '^\\s*yes\\b', ' yes, it does', 'Yes'],
    ['max-length', 3, 'äöü', 'abcd'],
    ['min-length', '3', '👍👍👍', '👍👍'],
    ['is-json', undefined, ' {"a":1}', '```json\n{"a":1}\n```'],
    ['is-json', { type: 'object', required: ['a'] }, '{"a":1}', '{"b":1}'],
    ['contains-json', undefined, 'Here: ```json\n{"a":"}"}\n```', 'no {json'],
    ['contains-json', { required: ['b'], type: 'object' }, 'x {"a":1} y {"b":2}', 'x {"a":1}'],
    ['json', '$.category = billing', '```\n{"category":"billing"}\n```', '{"category":"bug"}'],
    ['json', '$.items[1]["unit price"] >= 10', '{"items":[0,{"unit price":10}]}', '{"items":[{}]}'],
    ['json', '$.tags contains "a"', '{"tags":["a"]}', '{"tags":["ab"]}'],
    ['json', '$.ok', '{"ok":null}', '{}'],
    ['json', '$.a != 1', '{"a":"2"}', '{"a":"1"}'],
    ['javascript', 'output.length > 3', 'long', 'abc'],
    ['javascript', 'output.length / 4', 'long', ''],
    ['assert-set', undefined, 'ab', 'a'],
  ])('%s %j passes and fails, and its not- form is the reverse', async (type, value, good, bad) => {
    const members = type === 'assert-set' ? [expectation('contains', 'a'), expectation('contains', 'b')] : undefined;
    for (const isNegated of [false, true]) {
      const one = expectation(type, value, { isNegated, members });
      expect((await result([one], good)).state).toBe(isNegated ? 'failed' : 'passed');
      expect((await result([one], bad)).state).toBe(isNegated ? 'passed' : 'failed');
    }
  });

  test('latency and cost are compared with what was measured, and never pass unmeasured', async () => {
    const both = [expectation('latency', undefined, { threshold: 100 }), expectation('cost', undefined, { threshold: 0.01 })];
    expect((await result(both, '', {}, { latencyMs: 100, costUsd: 0.01 })).state).toBe('passed');
    expect((await result(both, '', {}, { latencyMs: 101, costUsd: 0.01 })).state).toBe('failed');
    expect((await result(both, '')).state).toBe('not-run');
  });

  test('what cannot be evaluated never passes, in its not- form neither', async () => {
    for (const isNegated of [false, true]) {
      for (const one of [
        expectation('javascript', 'file://x.js', { notRun: 'code is not loaded' }),
        expectation('llm-rubric', 'is polite'),
        expectation('perplexity', 5),
        expectation('regex', '('),
        expectation('regex', '^(a+)+$'),
        expectation('is-json', { type: 'object', properties: { a: { pattern: '^(a+)+$' } } }),
        expectation('is-json', { type: 'nothing' }),
        expectation('json', 'category = billing'),
      ]) {
        const text = one.type === 'regex' ? `${'a'.repeat(60)}b` : JSON.stringify({ a: `${'a'.repeat(60)}b` });
        const { state, score, results } = await result([{ ...one, isNegated }], text);
        expect({ one, state, score, own: results[0]!.state }).toEqual({ one, state: 'not-run', score: 0, own: 'not-run' });
      }
    }
  });

  test('an answer that is nested too deeply passes nothing', async () => {
    const deep = `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
    const all = [
      expectation('json', '$.a'),
      expectation('contains-json', { type: 'string' }, { isNegated: true }),
      expectation('equals', { a: [] }),
      expectation('javascript', 'JSON.parse(output).b'),
    ];
    const { results } = await result(all, deep);
    expect(results.map(({ state }) => state)).toEqual(['not-run', 'not-run', 'failed', 'failed']);
  });

  test('a script that fails or returns nothing fails', async () => {
    for (const code of ['JSON.parse(output).a', 'undefined', 'process.exit()', '"yes"', '({ score: 1 })'])
      expect((await result([expectation('javascript', code)], 'text')).state).toBe('failed');
    const graded = await result(
      [expectation('javascript', '({ pass: true, score: 0.4, reason: "so" })', { threshold: 0.5 })],
      'x',
    );
    expect(graded).toMatchObject({ state: 'failed', results: [{ score: 0.4, reason: 'so' }] });
  });

  test('a transform of the case comes before that of the expectation', async () => {
    const one = expectation('contains-any', ['Peru'], { transform: 'output.countries' });
    expect((await result([one], '{"countries":["Peru"]}', { transform: 'JSON.parse(output)' })).state).toBe('passed');
    const failed = await result([one, expectation('contains', 'x', { isNegated: true })], 'no json', {
      transform: 'JSON.parse(output)',
    });
    expect(failed.results.map(({ state }) => state)).toEqual(['failed', 'failed']);
  });

  test('scripts read the case', async () => {
    const facts = { vars: { name: 'Ann' }, metadata: { level: 2 } };
    const code =
      'context.vars.name === "Ann" && context.config.max === 3 && context.test.metadata.level === 2 && context.prompt === "What is 2+2?"';
    expect((await result([expectation('javascript', code, { config: { max: 3 } })], '', facts)).state).toBe('passed');
  });
});

describe('a judge', () => {
  const graded = async (grade: ExpectationGrade, one: Expectation): Promise<string> =>
    (await result([one], 'answer', {}, {}, { grade: async () => grade })).state;

  test('decides by its verdict, or by its score where the type has one', async () => {
    const grade = (isPassed: boolean, score: number): ExpectationGrade => ({
      state: 'graded',
      isPassed,
      score,
      reason: 'because',
    });
    expect(await graded(grade(true, 0.2), expectation('llm-rubric', 'polite'))).toBe('passed');
    expect(await graded(grade(false, 1), expectation('llm-rubric', 'polite'))).toBe('failed');
    expect(await graded(grade(true, 0.2), expectation('llm-rubric', 'polite', { threshold: 0.5 }))).toBe('failed');
    expect(await graded(grade(false, 0.75), expectation('similar', 'text'))).toBe('passed');
    expect(await graded(grade(true, 0.74), expectation('similar', 'text'))).toBe('failed');
    expect(await graded(grade(true, 0.69), expectation('g-eval', ['a', 'b']))).toBe('failed');
    expect(await graded(grade(true, 1), expectation('factuality', 'text', { isNegated: true }))).toBe('failed');
  });

  test('without a verdict passes nothing', async () => {
    for (const isNegated of [false, true])
      expect(await graded({ state: 'not-run', reason: 'unreadable' }, expectation('llm-rubric', 'x', { isNegated }))).toBe(
        'not-run',
      );
  });

  test('gets the criteria and the answer', async () => {
    const asked: GradeRequest[] = [];
    const grade = async (request: GradeRequest): Promise<ExpectationGrade> => {
      asked.push(request);
      return { state: 'graded', isPassed: true, score: 1, reason: '' };
    };
    await result([expectation('g-eval', ['a', 'b'])], 'text', { reference: 'ref' }, {}, { grade });
    expect(asked).toMatchObject([{ type: 'g-eval', criteria: ['a', 'b'], answer: 'text', testCase: { reference: 'ref' } }]);
  });
});

describe('a case', () => {
  const good = expectation('contains', 'a');
  const bad = expectation('contains', 'b');

  test('passes when all expectations pass; weight 0 never decides', async () => {
    expect(await result([], 'a')).toMatchObject({ state: 'passed', score: 1 });
    expect(await result([good, bad], 'a')).toMatchObject({ state: 'failed', score: 0.5 });
    expect(await result([good, { ...bad, weight: 0 }], 'a')).toMatchObject({ state: 'passed', score: 1 });
    expect(await result([good, { ...bad, weight: 0, notRun: 'code' }], 'a')).toMatchObject({ state: 'passed' });
  });

  test('with a threshold passes by the weighted mean', async () => {
    const both = [{ ...good, weight: 3 }, bad];
    expect(await result(both, 'a', { threshold: 0.75 })).toMatchObject({ state: 'passed', score: 0.75 });
    expect(await result(both, 'a', { threshold: 0.76 })).toMatchObject({ state: 'failed' });
    expect(await result([...both, { ...good, notRun: 'code' }], 'a', { threshold: 0.1 })).toMatchObject({ state: 'not-run' });
  });

  test('a set has its own threshold, and the score of its members', async () => {
    const set = expectation('assert-set', undefined, { members: [good, bad], threshold: 0.5 });
    expect(await result([set], 'a')).toMatchObject({ state: 'passed', score: 0.5 });
    expect(await result([{ ...set, threshold: undefined }], 'a')).toMatchObject({ state: 'failed' });
    expect(await result([{ ...set, members: [good, { ...good, notRun: 'code' }] }], 'a')).toMatchObject({ state: 'not-run' });
  });

  test('metrics are weighted means', async () => {
    const metric = 'Consistency';
    const { metrics } = await result(
      [
        { ...good, metric, weight: 3 },
        { ...bad, metric },
        { ...good, metric: 'Length' },
      ],
      'a',
    );
    expect(metrics).toEqual({ Consistency: 0.75, Length: 1 });
  });

  test('never passes with a failed expectation that counts, whatever the others are', async () => {
    const state = fc.constantFrom(good, bad, { ...good, notRun: 'code' });
    await fc.assert(
      fc.asyncProperty(
        fc.array(state, { maxLength: 6 }),
        fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
        async (all, threshold) => {
          const { state: own, score } = await result(all, 'a', { threshold });
          const ran = all.every(({ notRun }) => notRun === undefined);
          const isMet = threshold === undefined ? !all.includes(bad) : score >= threshold - 1e-9;
          expect(own === 'passed').toBe(ran && isMet);
        },
      ),
      { numRuns: 60 },
    );
  });
});
