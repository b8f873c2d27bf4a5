import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LimitQueue, type SharedAttempt } from '../../../src/core/routing/limit-queue.ts';
import { type ModelLimit, openSharedLimits } from '../../../src/storage/limits/shared-limits.ts';
import { failure, ManualClock } from '../../support/scripted-targets.ts';
import { tempFolder } from '../../support/temp-home.ts';

const RATE = { requests: 2, windowMs: 10_000 };
const refusal = (more: object = {}) => ({ ageMs: 0, retryAfterMs: 0, rate: undefined, ...more });

/** The queue of a gateway, and the limit as another process sees it. */
function machine() {
  const clock = new ManualClock();
  const folder = join(tempFolder(), 'limits');
  const limit = (): ModelLimit => openSharedLimits({ folder, now: () => 1_800_000_000_000 + clock.now }).of('account')('a/b');
  let asked = 0;
  const own = limit();
  const counted: ModelLimit = { ...bound(own), ask: (id) => (asked++, own.ask(id)) };
  const queue = new LimitQueue(counted, { monotonic: clock.monotonic, sleep: clock.sleep, random: Math.random });
  return { clock, queue, other: limit(), asked: () => asked };
}

function bound(limit: ModelLimit): ModelLimit {
  return {
    ask: (id) => limit.ask(id),
    expect: (ahead) => limit.expect(ahead),
    succeed: (id) => limit.succeed(id),
    refuse: (one) => limit.refuse(one),
    note: (one) => limit.note(one),
    leave: (id) => limit.leave(id),
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a queue of requests under a shared limit', () => {
  test('asks for nothing as long as nothing is known', async () => {
    const { queue, asked } = machine();
    expect([queue.isLimited, queue.expectedMs()]).toEqual([false, 0]);
    expect(await queue.take(0, undefined)).toBeDefined();
    expect(asked()).toBe(0);
  });

  test('starts requests in their order within the rate, and only the first one asks', async () => {
    const { clock, queue, other, asked } = machine();
    await other.refuse(refusal({ rate: RATE }));
    const starts: { name: number; at: number }[] = [];
    await Promise.all(
      Array.from({ length: 6 }, async (_, name) => {
        await queue.take(60_000, undefined);
        starts.push({ name, at: clock.now });
      }),
    );
    expect(starts.map(({ name }) => name)).toEqual([0, 1, 2, 3, 4, 5]);
    for (let index = 2; index < 6; index += 1)
      expect(starts[index]!.at - starts[index - 2]!.at).toBeGreaterThanOrEqual(RATE.windowMs);
    expect(starts[5]!.at).toBeLessThan(2.2 * RATE.windowMs);
    // Each request asks once more after its wait.
    expect(asked()).toBeLessThanOrEqual(12);
  });

  test('refuses at once a request that would have to wait for too long, also behind others', async () => {
    const { clock, queue, other } = machine();
    await other.refuse(refusal({ rate: RATE }));
    for (const id of ['1', '2']) expect(await other.ask(id)).toBe(0);
    const waiting = [queue.take(15_000, undefined), queue.take(15_000, undefined)];
    await settled();
    expect(await queue.take(15_000, undefined)).toBeUndefined();
    expect(await queue.take(0, undefined)).toBeUndefined();
    expect(clock.now).toBe(0);
    expect(await Promise.all(waiting)).not.toContain(undefined);
  });

  test('lets several requests that come at once use a free limit without waiting', async () => {
    const { queue, other } = machine();
    await other.refuse(refusal({ rate: RATE }));
    const taken = await Promise.all([1, 2, 3].map(() => queue.take(0, undefined)));
    expect(taken.map((one) => one !== undefined)).toEqual([true, true, false]);
  });

  test('starts the next request when one ends, without a rate', async () => {
    const { clock, queue, other } = machine();
    await other.refuse(refusal());
    const first = (await queue.take(0, undefined)) as SharedAttempt;
    let started = 0;
    const next = [1, 2].map(() => queue.take(60_000, undefined).then(() => (started += 1)));
    await settled();
    expect(started).toBe(0);
    first.succeed();
    await Promise.all(next);
    expect(clock.now).toBeLessThan(2000);
  });

  test('lets the others go on if a request that waits is stopped', async () => {
    const { queue, other } = machine();
    await other.refuse(refusal({ rate: RATE }));
    for (const id of ['1', '2']) await other.ask(id);
    const stop = new AbortController();
    const stopped = queue.take(60_000, stop.signal).catch((error: unknown) => error);
    const behind = queue.take(60_000, stop.signal).catch((error: unknown) => error);
    const last = queue.take(60_000, undefined);
    await settled();
    const reason = failure('the client has left');
    stop.abort(reason);
    expect([await stopped, await behind]).toEqual([reason, reason]);
    expect(await last).toBeDefined();
  });

  test('teaches other processes how many requests ran when one was refused', async () => {
    const { clock, queue, other } = machine();
    const attempts = await Promise.all([1, 2, 3, 4].map(() => queue.take(0, undefined)));
    attempts[0]!.fail(failure('slow down', { kind: 'rate-limit', status: 429, isRetryable: true, retryAfterMs: 1000 }), 4);
    await settled();
    expect(await other.ask('1')).toBe(1000);
    clock.now += 1000;
    expect([await other.ask('1'), await other.ask('2')]).toEqual([0, 0]);
    expect(await other.ask('3')).toBeGreaterThan(0);
  });
});
