import { expect, test } from 'vitest';
import type { CompletionEvent, StreamCompletion } from '../../../src/apis/completion.ts';
import { storing } from '../../../src/core/conversation/storing.ts';
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

test.each([['a short answer', 'whole'] as const, ['a long answer', `${MEGABYTE}whole`] as const])(
  '%s that was started again is stored as a whole, without what came before',
  async (_, answer) => {
    const stream: StreamCompletion = async function* () {
      yield text('half');
      yield failed;
      yield text(answer);
      yield { type: 'response-end', finishReason: 'stop' };
    };
    const ends: { text: string; isLong: boolean }[] = [];
    const stored = storing(stream, {
      begin: () => undefined,
      append: () => undefined,
      finish: (came, { isLong }) => void ends.push({ text: came.text, isLong }),
      keepsText: false,
      sleep: () => new Promise(() => undefined),
    });
    await gather(stored({ model: 'a/one', messages: [], stream: true }));
    expect(ends).toEqual([{ text: answer, isLong: false }]);
  },
);
