import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { KeepAliveWatch } from '../../../src/apis/wire/keep-alive-watch.ts';
import { MAX_COMMENTS } from '../../../src/apis/wire/stream-failure.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['hrtime'] }));
afterEach(() => void vi.useRealTimers());
const STALLED = expect.objectContaining({ kind: 'network', code: 'stalled', isRetryable: false });

test('comments do not count as progress of the answer; its pieces do', () => {
  const watch = new KeepAliveWatch(10_000);
  watch.countComment();
  vi.advanceTimersByTime(9000);
  watch.countComment();
  watch.progress();
  vi.advanceTimersByTime(9000);
  watch.countComment();
  vi.advanceTimersByTime(9000);
  watch.check();
  vi.advanceTimersByTime(2000);
  expect(() => watch.check()).toThrow(STALLED);
  expect(() => watch.countComment()).toThrow(STALLED);
});

test('a long silence without any byte is not a stall: other limits apply to it', () => {
  const watch = new KeepAliveWatch(10_000);
  watch.progress();
  vi.advanceTimersByTime(60_000);
  expect(() => watch.countComment()).not.toThrow();
});

test('without a limit only the number of comments counts', () => {
  const watch = new KeepAliveWatch(undefined);
  for (let count = 0; count < MAX_COMMENTS; count += 1) watch.countComment();
  vi.advanceTimersByTime(1e9);
  expect(() => watch.check()).not.toThrow();
  expect(() => watch.countComment()).toThrow(expect.objectContaining({ code: 'comment-flood' }));
});
