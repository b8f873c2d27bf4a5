import { describe, expect, test } from 'vitest';
import { shellHint } from '../../../src/errors.ts';
import { type Answer, EMPTY_ANSWER } from '../../../src/core/answer/answer.ts';
import { AnswerGatherer } from '../../../src/core/answer/gather.ts';
import { answerFailure, emptyNotice, emptyReason } from '../../../src/core/answer/missing.ts';

const USAGE = { promptTokens: 9, completionTokens: 200, totalTokens: 209, wire: {} };
const CALL = { id: 'c', name: 'weather', arguments: '{}' };
const answer = (facts: Partial<Answer>): Answer => ({ ...EMPTY_ANSWER, id: 'gen-1', ...facts });

describe('an answer with content is complete', () => {
  test.each<[string, Partial<Answer>]>([
    ['text', { text: 'Blue.', finishReason: 'stop' }],
    ['text that was cut at its limit', { text: 'Blu', finishReason: 'length' }],
    ['text of a server that gives no reason', { text: 'Blue.' }],
    ['an image', { images: ['data:,'], finishReason: 'stop' }],
    ['sound', { audio: ['AAAA'], finishReason: 'stop' }],
  ])('%s', (_name, facts) => {
    expect([emptyReason(answer(facts)), emptyNotice(answer(facts)), answerFailure(answer(facts))]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('a filter is a failure of kind no-endpoint, whatever came before', () => {
  test.each<[string, Partial<Answer>, string]>([
    ['content_filter', { finishReason: 'content_filter' }, 'the response is empty: a content filter blocked it (content_filter)'],
    [
      'the reason of Gemini',
      { finishReason: 'stop', nativeFinishReason: 'PROHIBITED_CONTENT' },
      'the response is empty: a content filter blocked it (PROHIBITED_CONTENT)',
    ],
    [
      'the beginning of an answer',
      { text: 'First', finishReason: 'content_filter', nativeFinishReason: 'SAFETY' },
      'the response is incomplete: a content filter cut it off (SAFETY)',
    ],
    [
      'a call of a tool that a filter cut',
      { toolCalls: [CALL], finishReason: 'content_filter' },
      'the response is empty: a content filter blocked it (content_filter)',
    ],
    ['a refusal', { text: 'I cannot help with that.', finishReason: 'stop', isRefusal: true }, 'the model refused to answer'],
    [
      'the reason of Anthropic',
      { finishReason: 'stop', nativeFinishReason: 'refusal' },
      'the response is empty: a content filter blocked it (refusal)',
    ],
  ])('%s', (_name, facts, message) => {
    const error = answerFailure(answer(facts));
    expect(error).toMatchObject({ kind: 'no-endpoint', message });
    // Loosening limits on providers cannot help.
    expect(error?.hints.map(shellHint).join()).not.toMatch(/--only|--ignore|--max-price|--data-policy/);
    expect(emptyNotice(answer(facts))).toBeUndefined();
  });
});

describe('an empty answer that is not a failure is reported with its reason', () => {
  test.each<[string, Partial<Answer>, string | undefined, RegExp]>([
    [
      'all tokens went into reasoning',
      { finishReason: 'length', reasoning: 'hm', usage: { ...USAGE, reasoningTokens: 200 } },
      'reasoning',
      /all 200 output tokens went into reasoning/,
    ],
    [
      'reasoning that is not sent along',
      { finishReason: 'length', usage: { ...USAGE, reasoningTokens: 190 } },
      'reasoning',
      /its output tokens went into reasoning/,
    ],
    ['reasoning, and then nothing', { finishReason: 'stop', reasoning: 'hm' }, 'reasoning', /reasoned, then stopped/],
    [
      'its limit',
      { finishReason: 'length', usage: { ...USAGE, completionTokens: 1 } },
      'length',
      /output limit was reached .*\(1\)/,
    ],
    ['only calls of tools', { finishReason: 'tool_calls', toolCalls: [CALL] }, 'tool-calls', /only calls tools \(weather\)/],
    ['text and calls that nobody runs', { text: 'Let me see.', toolCalls: [CALL] }, undefined, /also calls tools \(weather\)/],
    ['an end at once', { finishReason: 'stop', nativeFinishReason: 'end_turn' }, 'stop', /stopped at once \(end_turn\)/],
    ['a long blank text', { text: ' \n'.repeat(600_000), finishReason: 'stop' }, 'stop', /stopped at once \(stop\)/],
    ['blank text', { text: ' \n', finishReason: 'stop' }, 'stop', /stopped at once \(stop\)/],
  ])('%s', (_name, facts, reason, message) => {
    expect(emptyReason(answer(facts))).toBe(reason);
    expect(emptyNotice(answer(facts))?.message).toMatch(message);
    expect(answerFailure(answer(facts))).toBeUndefined();
  });
});

test('a provider that sends no data has failed', () => {
  expect(emptyReason(answer({}))).toBe('nothing');
  expect(answerFailure(answer({}))).toMatchObject({ kind: 'provider', code: 'empty-answer' });
});

test('an answer built from many blocks is empty only if all of them are blank', () => {
  const gathered = (last: string): Answer => {
    const gatherer = new AnswerGatherer();
    gatherer.see({ type: 'text-delta', text: ' '.repeat(300_000) });
    gatherer.see({ type: 'text-delta', text: last });
    return gatherer.answer();
  };
  expect(emptyReason(gathered('\n'))).toBe('nothing');
  expect(emptyReason(gathered('x'))).toBeUndefined();
});
