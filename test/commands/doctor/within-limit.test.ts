import { expect, test } from 'vitest';
import { withinLimit } from '../../../src/commands/doctor/within-limit.ts';
import type { Clock, Context } from '../../../src/commands/context.ts';
import type { Lifetime } from '../../../src/commands/context/lifetime.ts';

/** A context whose ten seconds are over at once, or never. */
function contextWith(isOver: boolean, interrupt = new AbortController().signal): Pick<Context, 'clock' | 'lifetime'> {
  const clock: Clock = {
    now: () => 0,
    monotonic: () => 0,
    sleep: () => (isOver ? Promise.resolve() : new Promise(() => undefined)),
  };
  return { clock, lifetime: { interrupt } as Lifetime };
}

test('a check that hangs ends with an error, and its work is told to stop', async () => {
  let seen: AbortSignal | undefined;
  const hangs = (signal: AbortSignal): Promise<never> => {
    seen = signal;
    return new Promise(() => undefined);
  };
  await expect(withinLimit(contextWith(true), hangs)).rejects.toMatchObject({
    code: 'check-timeout',
    message: 'no result within 10 s',
  });
  expect(seen?.aborted).toBe(true);
});

test('an interrupt ends it with the reason of the interrupt', async () => {
  const reason = new Error('Ctrl-C');
  const interrupt = new AbortController();
  const ends = withinLimit(contextWith(false, interrupt.signal), () => {
    interrupt.abort(reason);
    return new Promise<never>(() => undefined);
  });
  await expect(ends).rejects.toBe(reason);
});
