import { describe, expect, test } from 'vitest';
import { type ChatRequest, type CompletionEvent, type StreamCompletion } from '../../../src/apis/completion.ts';
import { type Message } from '../../../src/apis/message.ts';
import { EMPTY_ANSWER, reduceAnswer } from '../../../src/core/answer/answer.ts';
import { collectAnswer } from '../../../src/core/answer/collect.ts';
import { fallback } from '../../../src/core/pipeline/fallback.ts';
import { type ErrorFacts, OrxError } from '../../../src/errors.ts';
import { gather } from '../../support/byte-pieces.ts';

type Played = readonly (CompletionEvent | OrxError)[];

const usage = (cost: string): CompletionEvent => ({
  type: 'usage',
  usage: { promptTokens: 9, completionTokens: 3, totalTokens: 12, cost, wire: {} },
});
const answerOf = (model: string, cost = '0.25'): Played => [
  { type: 'response-start', id: '1', model },
  { type: 'text-delta', text: `from ${model}` },
  usage(cost),
  { type: 'metrics', metrics: { timeToFirstTokenMs: 10, durationMs: 30 } },
  { type: 'response-end', finishReason: 'stop' },
];
const failure = (message: string, facts: Partial<ErrorFacts> = {}): OrxError =>
  new OrxError(message, { kind: 'network', ...facts });
const DOWN = failure('down');

/** Returns a stream in which each model plays its script; every request takes 100 ms before its first event. */
function scripted(scripts: Readonly<Record<string, Played>>) {
  const asked: ChatRequest[] = [];
  const clock = { now: 0 };
  const stream: StreamCompletion = async function* (request) {
    asked.push(request);
    clock.now += 100;
    for (const event of scripts[request.model]!) {
      if (event instanceof OrxError) throw event;
      yield event;
    }
  };
  return { asked, stream: fallback(stream, () => clock.now) };
}

const QUESTION: Message = { role: 'user', content: 'hi' };
const request = (model: string, ...fallbackModels: readonly string[]): ChatRequest => ({
  model,
  fallbackModels,
  messages: [QUESTION],
  stream: true,
});

describe('a fallback list with direct models', () => {
  test('without any direct models goes to the API unchanged', async () => {
    const { asked, stream } = scripted({ 'a/one': answerOf('a/two') });
    const { answer } = await collectAnswer(stream(request('a/one', 'a/two'), {}), () => undefined);
    expect(answer.text).toBe('from a/two');
    expect(asked.map(({ model, fallbackModels }) => [model, fallbackModels])).toEqual([['a/one', ['a/two']]]);
  });

  test('is tried in order; consecutive OpenRouter models are one request', async () => {
    const { asked, stream } = scripted({
      'a/one': [DOWN],
      'openai:x': [failure('full', { kind: 'rate-limit', status: 429 })],
      'b/one': [failure('no key', { kind: 'authentication' })],
      'ollama:y:3b': answerOf('ollama:y:3b', '0'),
    });
    const { answer, error } = await collectAnswer(
      stream(request('a/one', 'a/two', 'openai:x', 'b/one', 'ollama:y:3b', 'c/one'), {}),
      () => undefined,
    );
    expect(error).toBeUndefined();
    expect(asked.map(({ model, fallbackModels }) => [model, fallbackModels])).toEqual([
      ['a/one', ['a/two']],
      ['openai:x', []],
      ['b/one', []],
      ['ollama:y:3b', []],
    ]);
    expect(answer).toMatchObject({ text: 'from ollama:y:3b', model: 'ollama:y:3b', usage: { cost: '0' } });
    expect(answer.fallbacks.map(({ model, next }) => `${model} → ${next}`)).toEqual([
      'a/one → openai:x',
      'openai:x → b/one',
      'b/one → ollama:y:3b',
    ]);
    // The ledger learns for which model the request is, and why.
    expect(asked.map(({ wishes }) => wishes?.fallback)).toEqual([
      undefined,
      { from: 'a/one', reason: 'a/one: network' },
      { from: 'a/one', reason: 'a/one: network; openai:x: rate-limit 429' },
      { from: 'a/one', reason: 'a/one: network; openai:x: rate-limit 429; b/one: authentication' },
    ]);
    // Three requests of 100 ms came before.
    expect(answer.metrics).toEqual({ timeToFirstTokenMs: 310, durationMs: 330 });
  });

  test('the cost of a failed model is part of the cost', async () => {
    const { stream } = scripted({
      'openai:x': [{ type: 'response-start', id: '0', model: 'openai:x' }, usage('0.5'), failure('broke', { kind: 'provider' })],
      'ollama:y': answerOf('ollama:y', '0.25'),
    });
    const { answer } = await collectAnswer(stream(request('openai:x', 'ollama:y'), {}), () => undefined);
    expect([answer.model, answer.usage?.cost]).toEqual(['ollama:y', '0.75']);
  });

  test('output that was shown is not taken back', async () => {
    const { asked, stream } = scripted({
      'openai:x': [{ type: 'response-start', id: '0', model: 'openai:x' }, { type: 'text-delta', text: 'half' }, DOWN],
      'ollama:y': answerOf('ollama:y'),
    });
    const { answer, error } = await collectAnswer(stream(request('openai:x', 'ollama:y'), {}), () => undefined);
    expect([answer.text, error]).toEqual(['half', DOWN]);
    expect(asked).toHaveLength(1);
  });

  test.each<[what: string, error: OrxError]>([
    ['a budget', failure('too expensive', { kind: 'credits', code: 'budget' })],
    ['a content policy', failure('flagged', { kind: 'no-endpoint', code: 'content_policy_violation' })],
    ['a person', failure('stopped', { kind: 'interrupted' })],
  ])('a request stopped by %s is over', async (_, error) => {
    const { asked, stream } = scripted({ 'openai:x': [error], 'ollama:y': answerOf('ollama:y') });
    expect((await collectAnswer(stream(request('openai:x', 'ollama:y'), {}), () => undefined)).error).toBe(error);
    expect(asked).toHaveLength(1);
  });

  test('if all fail, the first failure is thrown and the others are named', async () => {
    const first = failure('the first is down', { hints: ['check the network'] });
    const { stream } = scripted({ 'openai:x': [first], 'ollama:y': [failure('the second too', { kind: 'usage', status: 400 })] });
    const { error } = await collectAnswer(stream(request('openai:x', 'ollama:y'), {}), () => undefined);
    expect(error).toMatchObject({ kind: 'network', message: 'the first is down' });
    expect((error as OrxError).hints).toEqual(['check the network', 'the fallback failed too: ollama:y: the second too']);
  });

  test('only the answering model is reported as such', async () => {
    const { stream } = scripted({
      'openai:x': [{ type: 'dropped', text: 'seed: none' }, { type: 'response-start', id: '0', model: 'openai:x' }, DOWN],
      'ollama:y': answerOf('ollama:y'),
    });
    const events = await gather(stream(request('openai:x', 'ollama:y'), {}));
    expect(events.map(({ type }) => type)).toEqual([
      'fallback',
      'response-start',
      'text-delta',
      'usage',
      'metrics',
      'response-end',
    ]);
  });

  test('reasoning signed by one vendor is not sent to the next', async () => {
    const { asked, stream } = scripted({ 'anthropic:x': [DOWN], 'ollama:y': answerOf('ollama:y') });
    const signed: Message = {
      role: 'assistant',
      content: 'earlier',
      answeredBy: 'anthropic:x',
      reasoningParts: [{ kind: 'text', text: 'why', signature: 's', format: 'anthropic-claude-v1' }],
    };
    await gather(stream({ ...request('anthropic:x', 'ollama:y'), messages: [QUESTION, signed, QUESTION] }, {}));
    expect(asked.map(({ messages }) => messages[1]?.reasoningParts?.length ?? 0)).toEqual([1, 0]);
  });
});

describe('a list that orx goes through itself', () => {
  const local = (restart: boolean, ...models: [string, ...string[]]): ChatRequest => ({
    ...request(...models),
    wishes: { fallsBackLocally: true, restart },
  });
  const start = (model: string): CompletionEvent => ({ type: 'response-start', id: `id ${model}`, model });
  const END: CompletionEvent = { type: 'response-end', finishReason: 'stop' };
  const text = (piece: string): CompletionEvent => ({ type: 'text-delta', text: piece });

  test('sends one request for each model, in order', async () => {
    const { asked, stream } = scripted({ 'a/one': [failure('busy', { kind: 'provider' })], 'a/two': answerOf('a/two') });
    const { answer } = await collectAnswer(stream(local(false, 'a/one', 'a/two', 'a/three')), () => undefined);
    expect(answer.text).toBe('from a/two');
    expect(asked.map(({ model, fallbackModels }) => [model, fallbackModels])).toEqual([
      ['a/one', []],
      ['a/two', []],
    ]);
  });

  test.each(['connect-timeout', 'dns', 'refused', 'unreachable'])(
    '%s: the other models of the same API are skipped',
    async (code) => {
      const { asked, stream } = scripted({ 'a/one': [failure('gone', { code })], 'ollama:y': answerOf('ollama:y') });
      const { answer } = await collectAnswer(stream(local(false, 'a/one', 'a/two', 'ollama:y')), () => undefined);
      expect([answer.text, asked.map(({ model }) => model)]).toEqual(['from ollama:y', ['a/one', 'ollama:y']]);
      const alone = scripted({ 'a/one': [failure('gone', { code })] });
      const { error } = await collectAnswer(alone.stream(local(false, 'a/one', 'a/two')), () => undefined);
      expect([(error as OrxError).message, alone.asked.length]).toEqual(['gone', 1]);
    },
  );

  test.each<[string, Played]>([
    ['no text', [start('a/one'), usage('0.5'), END]],
    ['only spaces', [start('a/one'), text(' '), text('\n'), usage('0.5'), END]],
    [
      'the whole limit used for hidden reasoning',
      [start('a/one'), usage('0.5'), { type: 'response-end', finishReason: 'length' }],
    ],
  ])('an empty answer (%s) is a failure whose cost counts', async (_, script) => {
    const { stream } = scripted({ 'a/one': script, 'a/two': answerOf('a/two', '0.25') });
    const events: CompletionEvent[] = [];
    const { answer, error } = await collectAnswer(stream(local(false, 'a/one', 'a/two')), (event) => void events.push(event));
    expect(error).toBeUndefined();
    expect(answer).toMatchObject({ text: 'from a/two', model: 'a/two', usage: { cost: '0.75' } });
    expect(answer.fallbacks).toMatchObject([{ model: 'a/one', next: 'a/two', error: { code: 'empty-answer' } }]);
    expect(events.filter(({ type }) => type === 'usage')).toHaveLength(1);
  });

  test('an empty answer of the last model, and a blocked one, are passed on', async () => {
    const last = scripted({ 'a/one': [DOWN], 'a/two': [start('a/two'), END] });
    expect((await collectAnswer(last.stream(local(false, 'a/one', 'a/two')), () => undefined)).answer.model).toBe('a/two');
    const blocked = scripted({ 'a/one': [start('a/one'), { type: 'response-end', finishReason: 'content_filter' }] });
    const { error } = await collectAnswer(blocked.stream(local(true, 'a/one', 'a/two')), () => undefined);
    expect([(error as OrxError).code, blocked.asked.length]).toEqual(['content-filter', 1]);
  });

  test('after a visible token no other model is tried', async () => {
    const { asked, stream } = scripted({
      'a/one': [start('a/one'), { type: 'reasoning-delta', text: 'hm' }, usage('0.5'), END],
      'a/two': answerOf('a/two'),
    });
    const { answer } = await collectAnswer(stream(local(false, 'a/one', 'a/two')), () => undefined);
    expect([answer.model, answer.text, asked.length]).toEqual(['a/one', '', 1]);
  });

  test.each<[string, Played]>([
    ['it breaks off', [start('a/one'), text('half'), usage('0.5'), DOWN]],
    ['it is empty after reasoning', [start('a/one'), { type: 'reasoning-delta', text: 'hm' }, usage('0.5'), END]],
  ])('with a restart the next answer replaces what came before: %s', async (_, script) => {
    const { stream } = scripted({ 'a/one': script, 'a/two': answerOf('a/two', '0.25') });
    const events: CompletionEvent[] = [];
    const { answer, error } = await collectAnswer(stream(local(true, 'a/one', 'a/two')), (event) => void events.push(event));
    expect(error).toBeUndefined();
    expect(answer).toMatchObject({ text: 'from a/two', reasoning: '', model: 'a/two', usage: { cost: '0.75' } });
    expect(answer.fallbacks).toMatchObject([{ model: 'a/one', restarts: true }]);
    expect(events.filter(({ type }) => type === 'usage')).toHaveLength(1);
    expect(events.reduce(reduceAnswer, EMPTY_ANSWER)).toMatchObject({ text: 'from a/two', reasoning: '', model: 'a/two' });
  });

  test('with a restart: if the last model breaks off too, its text stays, and its error ends the answer', async () => {
    const { stream } = scripted({
      'a/one': [start('a/one'), text('half'), usage('0.5'), DOWN],
      'a/two': [start('a/two'), text('other half'), usage('0.25'), failure('gone too')],
    });
    const { answer, error } = await collectAnswer(stream(local(true, 'a/one', 'a/two')), () => undefined);
    expect([answer.text, (error as OrxError).message, answer.usage?.cost]).toEqual(['other half', 'gone too', '0.75']);
  });
});
