import { expect, test } from 'vitest';
import type { CompletionEvent, StreamCompletion } from '../../../src/apis/completion.ts';
import { pushOf } from '../../../src/apis/push-events.ts';
import { type AnswerKeeper, storing, storingPushed } from '../../../src/core/conversation/storing.ts';
import { OrxError } from '../../../src/errors.ts';
import { gather } from '../../support/byte-pieces.ts';

const MEGABYTE = 'x'.repeat(1024 * 1024 + 1);
const text = (piece: string): CompletionEvent => ({ type: 'text-delta', text: piece });
const failed: CompletionEvent = {
  type: 'fallback',
  model: 'a/one',
  next: 'b/two',
  error: new OrxError('cut', { kind: 'network' }),
  restarts: true,
};

test.each([
  ['a short answer', 'whole', 'pulled'],
  ['a long answer', `${MEGABYTE}whole`, 'pulled'],
  ['a short answer', 'whole', 'pushed'],
  ['a long answer', `${MEGABYTE}whole`, 'pushed'],
] as const)('%s that was started again is stored as a whole, without what came before', async (_, answer, way) => {
  const stream: StreamCompletion = async function* () {
    yield text('half');
    yield failed;
    yield text(answer);
    yield { type: 'response-end', finishReason: 'stop' };
  };
  const ends: { text: string; isLong: boolean }[] = [];
  const keeper: AnswerKeeper = {
    begin: () => undefined,
    append: () => undefined,
    finish: (came, { isLong }) => void ends.push({ text: came.text, isLong }),
    keepsText: false,
    sleep: () => new Promise(() => undefined),
  };
  const request = { model: 'a/one', messages: [], stream: true };
  if (way === 'pulled') await gather(storing(stream, keeper)(request));
  else await storingPushed(pushOf({ streamCompletion: stream }), keeper)(request, {}, { see: () => undefined });
  expect(ends).toEqual([{ text: answer, isLong: false }]);
});

test('a pushed answer is stored, whether it ends or breaks off', async () => {
  const broken = new OrxError('cut', { kind: 'network' });
  const log: string[] = [];
  const keeper: AnswerKeeper = {
    begin: ({ model }) => void log.push(`begin ${model}`),
    append: () => undefined,
    finish: ({ text: stored }, { isComplete, error }) => void log.push(`finish ${stored} ${isComplete} ${String(error)}`),
    keepsText: false,
    sleep: () => new Promise(() => undefined),
  };
  const seen: string[] = [];
  const store = (error?: OrxError): Promise<void> =>
    storingPushed(async (_, __, sink) => {
      sink.see(text('some words'));
      if (error !== undefined) throw error;
      sink.see({ type: 'response-end', finishReason: 'stop' });
    }, keeper)({ model: 'a/one', messages: [], stream: true }, {}, { see: ({ type }) => void seen.push(type) });
  await store();
  await expect(store(broken)).rejects.toBe(broken);
  expect(log).toEqual([
    'begin a/one',
    'finish some words true undefined',
    'begin a/one',
    `finish some words false ${String(broken)}`,
  ]);
  expect(seen).toEqual(['text-delta', 'response-end', 'text-delta']);
});
