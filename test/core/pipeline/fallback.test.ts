import { describe, expect, test } from 'vitest';
import { type ChatRequest, type CompletionEvent, type StreamCompletion } from '../../../src/apis/completion.ts';
import { type Message } from '../../../src/apis/message.ts';
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
