import { expect, test } from 'vitest';
import type { CompletionEvent, StreamCompletion } from '../../../src/apis/completion.ts';
import { collectAnswer } from '../../../src/core/answer/collect.ts';
import { strictModel } from '../../../src/core/pipeline/strict-model.ts';

function answering(model: string) {
  const state = { pulled: 0, closed: false };
  const stream: StreamCompletion = async function* () {
    const events: CompletionEvent[] = [
      { type: 'response-start', id: 'gen-1', model },
      { type: 'text-delta', text: 'hello' },
      { type: 'response-end', finishReason: 'stop' },
    ];
    try {
      for (const event of events) {
        state.pulled += 1;
        yield event;
      }
    } finally {
      state.closed = true;
    }
  };
  return { state, stream };
}

const ask = (model: string, isStreamed = true) => ({ model, messages: [], stream: isStreamed });

test('an answer of another model is stopped at its first event', async () => {
  const { state, stream } = answering('b/two');
  const outcome = await collectAnswer(strictModel(stream, async () => false)(ask('a/one')), () => undefined);
  expect(outcome.error).toMatchObject({ kind: 'model-mismatch', message: 'b/two answered, not a/one' });
  expect(outcome.answer).toMatchObject({ id: 'gen-1', text: '' });
  expect(state).toEqual({ pulled: 1, closed: true });
});

test('an answer of the requested model passes', async () => {
  const asked: string[] = [];
  const isRequested = async (one: string, other: string): Promise<boolean> => asked.push(`${one} ${other}`) > 0;
  const outcome = await collectAnswer(strictModel(answering('a/one-2026').stream, isRequested)(ask('a/one')), () => undefined);
  expect([outcome.error, outcome.answer.text, asked]).toEqual([undefined, 'hello', ['a/one a/one-2026']]);
});

test('a reply that is not streamed has been paid for, so it passes', async () => {
  const stream = strictModel(answering('b/two').stream, async () => false);
  expect((await collectAnswer(stream(ask('a/one', false)), () => undefined)).answer.text).toBe('hello');
});
