import { estimateTokens } from '../tokens/estimate-tokens.ts';
import type { InputRow } from './row.ts';

export interface BatchOptions {
  /** Maximum number of rows. */
  most: number;
  /** Maximum of the estimated tokens. A single row may have more. */
  mostTokens: number;
  /** Resolves when the input has been silent for so long that the rows so far are sent; `signal` ends the wait. */
  silence: (signal: AbortSignal) => Promise<void>;
  /** No further batch begins once this returns true. */
  isStopped: () => boolean;
}

/** Groups rows into batches for one request each. A batch is not held back while the input is silent. */
export async function* batchRows(
  chunks: AsyncIterable<readonly InputRow[]>,
  { most, mostTokens, silence, isStopped }: BatchOptions,
): AsyncGenerator<readonly InputRow[], void, undefined> {
  const reader = chunks[Symbol.asyncIterator]();
  let batch: InputRow[] = [];
  let tokens = 0;
  const take = (): readonly InputRow[] => {
    const taken = batch;
    batch = [];
    tokens = 0;
    return taken;
  };
  try {
    let next = reader.next();
    // A failure is thrown where it is awaited, maybe after a silence.
    next.catch(() => undefined);
    for (;;) {
      const arrived = batch.length === 0 ? await next : await orSilence(next, silence);
      if (isStopped()) return;
      if (arrived === undefined) {
        yield take();
        continue;
      }
      if (arrived.done === true) break;
      for (const row of arrived.value) {
        const size = estimateTokens(row.text);
        if (batch.length > 0 && (batch.length >= most || tokens + size > mostTokens)) {
          yield take();
          if (isStopped()) return;
        }
        batch.push(row);
        tokens += size;
      }
      next = reader.next();
      next.catch(() => undefined);
    }
    if (batch.length > 0) yield take();
  } finally {
    await reader.return?.();
  }
}

/** Resolves to undefined if the silence comes first. */
async function orSilence<T>(next: Promise<T>, silence: BatchOptions['silence']): Promise<T | undefined> {
  const over = new AbortController();
  try {
    return await Promise.race([
      next,
      silence(over.signal).then(
        () => undefined,
        () => next,
      ),
    ]);
  } finally {
    over.abort();
  }
}
