import type { WireItem } from '../dialect.ts';

/** How long a server that has said why the answer ended may take to end the stream, before and after it has told the usage. */
const PATIENCE_MS = 5000;
const PATIENCE_WITH_USAGE_MS = 1000;

/** How far an answer has come, by what its decoder has read. */
export interface AnswerProgress {
  /** It has ended, but for the end of its stream. */
  isWhole: boolean;
  hasUsage: boolean;
}

/**
 * The same batches. Where the answer is whole and its server neither says so nor closes the connection, they end after a short wait: `release`
 * lets go of the reply.
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
      const { isWhole, hasUsage } = progress();
      const next = iterator.next();
      const result = isWhole ? await within(next, hasUsage ? PATIENCE_WITH_USAGE_MS : PATIENCE_MS) : await next;
      if (result === undefined) {
        // What still comes is nobody's business, also its failure.
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

/** Undefined when it takes longer. */
async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), ms)));
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
