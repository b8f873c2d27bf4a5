import { expect, test } from 'vitest';
import {
  answerOf,
  DOWN,
  failure,
  group,
  question,
  scriptedTargets,
  type Step,
  tableOf,
  target,
} from '../../support/scripted-targets.ts';

const A = 'openai:a';
const B = 'anthropic:b';
const alone = tableOf([group('fast', [A])]);
const pair = tableOf([group('fast', [A, B])]);
const billed: Step = { type: 'usage', usage: { promptTokens: 1, completionTokens: 0, totalTokens: 1, cost: '0.1', wire: {} } };
const broken: Step[] = [...answerOf(A).slice(0, 2), failure('cut', { kind: 'network', code: 'stream-cut' })];

test.each<[string, ReturnType<typeof tableOf>, Record<string, Step[][]>, Parameters<typeof question>[1]?]>([
  ['an answer', alone, { [A]: [answerOf(A)] }],
  ['a whole answer', alone, { [A]: [answerOf(A)] }, { stream: false }],
  ['a whole answer that breaks off once', alone, { [A]: [broken, answerOf(A)] }, { stream: false }],
  ['an answer after a failure', alone, { [A]: [[billed, DOWN], answerOf(A)] }],
  ['failures only', alone, { [A]: [[DOWN]] }],
  ['a refused request', alone, { [A]: [[failure('no', { kind: 'usage', status: 400 })]] }],
  ['an answer that breaks off', alone, { [A]: [broken] }],
  ['an answer that begins again', alone, { [A]: [broken, answerOf(A)] }, { wishes: { restart: true } }],
  ['a second target after the first', pair, { [A]: [[DOWN]], [B]: [answerOf(B)] }],
  ['a limited target', tableOf([group('fast', [target(A, { limits: { answerMs: 100 } })])]), { [A]: [[200, ...answerOf(A)]] }],
  ['a hedge', tableOf([group('fast', [A, B], { hedgeMs: 50 })]), { [A]: [[500, ...answerOf(A)]], [B]: [answerOf(B)] }],
])('%s has the same events, requests and end when it is pushed', async (_, table, scripts, more = {}) => {
  const pulled = scriptedTargets(table, scripts);
  const pushed = scriptedTargets(table, scripts);
  const [one, other] = [await pulled.ask(question('fast', more)), await pushed.askPushed(question('fast', more))];
  expect(other).toEqual(one);
  expect(one.events.length + Number(one.error !== undefined)).toBeGreaterThan(0);
  expect(pushed.order()).toEqual(pulled.order());
  expect(pushed.router.statuses()).toEqual(pulled.router.statuses());
});
