import { expect, test } from 'vitest';
import { EMPTY_ANSWER } from '../../../src/core/answer/answer.ts';
import { addAnswers } from '../../../src/core/tools/add-answers.ts';
import { answerJson } from '../../../src/output/chat/answer-json.ts';
import { stepsJson } from '../../../src/output/chat/steps-json.ts';

const timed = (metrics: { timeToFirstTokenMs?: number; loadMs?: number; durationMs: number }) => ({ ...EMPTY_ANSWER, metrics });

test('the load time of a model is included if known, and summed over the requests of a turn', () => {
  const first = timed({ timeToFirstTokenMs: 40.04, loadMs: 2101.335, durationMs: 3000 });
  const second = timed({ timeToFirstTokenMs: 30, loadMs: 12, durationMs: 1000 });
  expect(answerJson(first, 'ollama:a')['timing']).toEqual({
    time_to_first_token_ms: 40,
    load_ms: 2101.3,
    duration_ms: 3000,
    tokens_per_second: null,
  });
  expect(answerJson(addAnswers([first, second])!, 'ollama:a')['timing']).toMatchObject({ load_ms: 2113.3, duration_ms: 4000 });
  expect(answerJson(timed({ durationMs: 5 }), 'a/b')['timing']).not.toHaveProperty('load_ms');
});

test('a cost computed by orx is marked, alone, in its step, and in a sum with a billed one', () => {
  const costing = (cost: string, isComputed?: true) => ({
    ...EMPTY_ANSWER,
    usage: { promptTokens: 1, completionTokens: 1, totalTokens: 2, cost, isComputed, wire: {} },
  });
  const [billed, computed] = [costing('0.25'), costing('0.5', true)];
  expect(answerJson(computed, 'openai:a')).toMatchObject({ cost: '0.5', cost_source: 'computed' });
  expect(answerJson(billed, 'a/b')).not.toHaveProperty('cost_source');
  expect(answerJson(addAnswers([computed, billed])!, 'openai:a')).toMatchObject({ cost: '0.75', cost_source: 'computed' });
  expect(answerJson(addAnswers([billed, billed])!, 'a/b')).not.toHaveProperty('cost_source');
  const steps = stepsJson([
    { answer: computed, calls: [] },
    { answer: billed, calls: [] },
  ]);
  expect(steps.map((step) => step['cost_source'])).toEqual(['computed', undefined]);
});
