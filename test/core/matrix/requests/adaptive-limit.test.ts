import { expect, test } from 'vitest';
import { AdaptiveLimit } from '../../../../src/core/matrix/requests/adaptive-limit.ts';
import { turns } from '../../../support/turns.ts';

/** A clock that moves only when the test moves it. */
function clock() {
  let now = 0;
  const sleepers: { at: number; wake: () => void }[] = [];
  return {
    monotonic: () => now,
    random: () => 0.5,
    sleep: (ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        sleepers.push({ at: now + ms, wake: resolve });
        signal?.addEventListener('abort', () => reject(signal.reason as Error));
      }),
    async pass(ms: number) {
      now += ms;
      for (const { at, wake } of sleepers) if (at <= now) wake();
      await turns(5);
    },
  };
}

const NEVER = new AbortController().signal;

function entered(limit: AdaptiveLimit, count: number, names: string[] = [], options = {}): string[] {
  for (let index = 0; index < count; index += 1)
    void limit.enter(NEVER, options).then(
      () => names.push(`${names.length}`),
      () => undefined,
    );
  return names;
}

test('starts small, and admits one more for each answer up to the most', async () => {
  const limit = new AdaptiveLimit({ start: 2, most: 4, ...clock() });
  const names = entered(limit, 10);
  await turns(5);
  expect(names).toHaveLength(2);
  for (let index = 0; index < 3; index += 1) {
    limit.leave();
    limit.succeed();
  }
  await turns(5);
  expect([limit.limit, limit.running, names.length]).toEqual([4, 4, 7]);
});

test('a refusal halves the limit once for all requests sent before it, and pauses as long as the server asks', async () => {
  const time = clock();
  const limit = new AdaptiveLimit({ start: 8, most: 8, ...time });
  entered(limit, 8);
  await time.pass(10);
  for (let index = 0; index < 8; index += 1) {
    limit.leave();
    limit.refuse(0, 3_000);
  }
  expect([limit.limit, limit.pauseMs]).toEqual([4, 3_000]);
  const names = entered(limit, 6);
  await time.pass(2_999);
  expect(names).toHaveLength(0);
  await time.pass(1);
  expect(names).toHaveLength(4);
  limit.leave();
  limit.succeed();
  expect(limit.limit).toBe(4);
  for (let index = 0; index < 4; index += 1) limit.succeed();
  expect(limit.limit).toBe(5);
});

test('without a wait from the server, refusals in a row wait longer each time, and repeated requests come first', async () => {
  const time = clock();
  const limit = new AdaptiveLimit({ start: 1, most: 1, ...time });
  const waits: number[] = [];
  for (let index = 0; index < 9; index += 1) {
    limit.refuse(time.monotonic(), undefined);
    waits.push(limit.pauseMs);
    await time.pass(limit.pauseMs);
  }
  expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  entered(limit, 1);
  const order: string[] = [];
  void limit.enter(NEVER).then(() => order.push('new'));
  void limit.enter(NEVER, { isRepeated: true }).then(() => order.push('repeated'));
  await turns(5);
  for (let index = 0; index < 2; index += 1) {
    limit.leave();
    await turns(5);
  }
  expect(order).toEqual(['repeated', 'new']);
});

test('an abort ends a wait, and its place goes to the next', async () => {
  const limit = new AdaptiveLimit({ start: 1, most: 1, ...clock() });
  entered(limit, 1);
  const stop = new AbortController();
  const waiting = limit.enter(stop.signal);
  const names = entered(limit, 1);
  stop.abort(new Error('stopped'));
  await expect(waiting).rejects.toThrow('stopped');
  limit.leave();
  await turns(5);
  expect(names).toHaveLength(1);
  await expect(limit.enter(stop.signal)).rejects.toThrow('stopped');
});
