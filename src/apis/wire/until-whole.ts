import type { AnswerProgress, WireItem } from '../dialect.ts';

/** How long to wait for the end of the stream after the finish reason: before and after the usage has arrived. */
const PATIENCE_MS = 5000;
const PATIENCE_WITH_USAGE_MS = 1000;

/** Returns the longest time for the rest of an answer that has a finish reason, in milliseconds. Undefined: it has none yet. */
export function patienceMs({ isWhole, hasUsage }: AnswerProgress): number | undefined {
  if (!isWhole) return undefined;
  return hasUsage ? PATIENCE_WITH_USAGE_MS : PATIENCE_MS;
}

/**
 * Yields the same batches. When the answer is complete and the server neither ends the stream nor closes the connection, they end
 * after a short wait, and `release` releases the reply.
 */
export async function* untilWhole(
  batches: AsyncIterable<readonly WireItem[]>,
  progress: () => AnswerProgress,
  release: (() => void) | undefined,
): AsyncGenerator<readonly WireItem[], void, undefined> {
  const iterator = batches[Symbol.asyncIterator]();
  let isOver = false;
  try {
    for (;;) {
      const waitMs = patienceMs(progress());
      const next = iterator.next();
      const result = waitMs === undefined ? await next : await within(next, waitMs);
      if (result === undefined) {
        // Ignore what still arrives, including a failure.
        isOver = true;
        next.catch(() => undefined);
        release?.();
        return;
      }
      if (result.done === true) {
        isOver = true;
        return;
      }
      yield result.value;
    }
  } catch (error) {
    isOver = true;
    throw error;
  } finally {
    if (!isOver) await iterator.return?.();
  }
}

/** Resolves with undefined when the promise takes longer. */
async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), ms)));
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
