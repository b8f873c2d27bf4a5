import { PassThrough } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { showWaits } from '../../../src/commands/turn/show-waits.ts';
import type { Context } from '../../../src/commands/context.ts';
import { EMPTY_ANSWER } from '../../../src/core/answer/answer.ts';
import { OrxError } from '../../../src/errors.ts';
import { silentView } from '../../../src/output/chat/answer-view.ts';

const RETRY = {
  type: 'retry',
  attempt: 1,
  error: new OrxError('slow down \u001b[31m', { kind: 'rate-limit' }),
  waitMs: 30_000,
} as const;

function opened(isTTY: boolean) {
  const stderr = Object.assign(new PassThrough(), { isTTY, rows: 24, columns: 80 });
  let written = '';
  stderr.on('data', (piece: Buffer) => (written += piece.toString()));
  const clock = { now: 0 };
  const context = {
    terminal: { streams: { stderr }, isScreenReader: false },
    env: { TERM: 'xterm' },
    clock: { monotonic: () => clock.now },
  } as unknown as Context;
  return { view: showWaits(silentView, context), clock, written: () => written };
}

test('a pipe gets one line for each wait', async () => {
  const { view, written } = opened(false);
  await view.see(RETRY);
  await view.see({ type: 'waiting', waitMs: 1500 });
  expect(written()).toBe(
    'warning: slow down ␛[31m: attempt 2 in 30.0 s\nwarning: request limit of this model: next attempt in 1.50 s\n',
  );
});

test('a terminal counts down in place until the next event, and keeps the line', async () => {
  const { view, clock, written } = opened(true);
  await view.see(RETRY);
  expect(written()).toBe('\u001b[1G\u001b[Kretry in 30 s: slow down ␛[31m');
  clock.now = 2500;
  await vi.waitFor(() => expect(written()).toContain('\u001b[Kretry in 28 s: '));
  await view.see({ type: 'text-delta', text: 'yes' });
  const end = '\u001b[1G\u001b[Kwarning: slow down ␛[31m: attempt 2 in 30.0 s\n';
  expect(written().endsWith(end)).toBe(true);
  await view.end({ answer: EMPTY_ANSWER });
  expect(written().endsWith(end)).toBe(true);
});

test('a wait that Ctrl-C stops leaves its line when the answer ends', async () => {
  const { view, written } = opened(true);
  await view.see({ type: 'waiting', waitMs: 30_000 });
  await view.end({ answer: EMPTY_ANSWER });
  expect(written().endsWith('warning: request limit of this model: next attempt in 30.0 s\n')).toBe(true);
});
