import type { CellResult } from '../../core/matrix/cell-result.ts';
import type { Context } from '../context.ts';

/** Tells the process when the first of many results has come, and when all of them are handled. */
export function handledMany(cells: number, { lifetime }: Context): { begin: () => void; end: () => void } {
  let end: (() => void) | undefined;
  return {
    begin: () => void (end ??= lifetime.handleMany(cells)),
    end() {
      end?.();
      end = undefined;
    },
  };
}

/** Yields the results, and tells the process that many are handled meanwhile. */
export async function* asMany(results: AsyncIterable<CellResult>, cells: number, context: Context): AsyncGenerator<CellResult> {
  const many = handledMany(cells, context);
  try {
    for await (const result of results) {
      yield result;
      // The reader has loaded everything that it needs.
      many.begin();
    }
  } finally {
    many.end();
  }
}
