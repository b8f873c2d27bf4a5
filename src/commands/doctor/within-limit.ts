import { OrxError } from '../../errors.ts';
import type { Context } from '../context.ts';
import { orInterrupted } from '../or-interrupted.ts';

const LIMIT_MS = 10_000;

/** The result of work, and how long it took in milliseconds. */
interface Timed<T> {
  value: T;
  ms: number;
}

/** Runs one check. Ends it with an error of kind `network` after ten seconds, and with the interrupt's reason at Ctrl-C. */
export async function withinLimit<T>(
  { clock, lifetime }: Pick<Context, 'clock' | 'lifetime'>,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<Timed<T>> {
  const limit = new AbortController();
  const isDone = new AbortController();
  clock.sleep(LIMIT_MS, isDone.signal).then(
    () => limit.abort(tooSlow()),
    () => undefined,
  );
  const start = clock.monotonic();
  try {
    const signal = AbortSignal.any([lifetime.interrupt, limit.signal]);
    return { value: await orInterrupted(work(signal), signal), ms: clock.monotonic() - start };
  } catch (error) {
    lifetime.interrupt.throwIfAborted();
    throw error;
  } finally {
    isDone.abort();
  }
}

function tooSlow(): OrxError {
  return new OrxError(`no result within ${LIMIT_MS / 1000} s`, {
    kind: 'network',
    code: 'check-timeout',
    hints: ['check the network connection, the base URL and the proxy: orx config list'],
  });
}
