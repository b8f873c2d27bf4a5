import { OrxError } from '../../errors.ts';

/** Rows that were sent in one request, and its reply or its failure. */
export type AskedPart<Row, Reply> = { rows: readonly Row[] } & ({ reply: Reply } | { error: unknown });

/** Kinds of failures that every further request would have, too. */
const FINAL: ReadonlySet<string> = new Set(['authentication', 'credits', 'no-endpoint', 'usage', 'interrupted', 'unexpected']);
const MOST_FAILURES_IN_A_ROW = 3;
const TOO_LARGE = 413;

/**
 * Sends rows in one request. If the API rejects it because it is too long, sends halves instead, down to the row that is too long:
 * a rejected request costs nothing. Never rejects.
 */
export async function askParts<Row, Reply>(
  rows: readonly Row[],
  ask: (rows: readonly Row[]) => Promise<Reply>,
): Promise<readonly AskedPart<Row, Reply>[]> {
  try {
    return [{ rows, reply: await ask(rows) }];
  } catch (error) {
    if (rows.length < 2 || !isSizeRejection(error)) return [{ rows, error }];
    const middle = Math.ceil(rows.length / 2);
    const first = await askParts(rows.slice(0, middle), ask);
    return [...first, ...(await askParts(rows.slice(middle), ask))];
  }
}

/** Returns whether a request failed because it was too long, so that parts of it may succeed. */
export function isSizeRejection(error: unknown): boolean {
  return error instanceof OrxError && (error.reason === 'context-length' || error.status === TOO_LARGE);
}

/** Decides when failures end a command: at once if every request would fail, otherwise after several in a row. */
export class FailureLimit {
  #inARow = 0;

  /** Returns whether no further request should be sent. */
  see(part: AskedPart<unknown, unknown>): boolean {
    if (!('error' in part)) {
      this.#inARow = 0;
      return false;
    }
    const { error } = part;
    if (isSizeRejection(error)) return false;
    if (!(error instanceof OrxError) || FINAL.has(error.kind)) return true;
    this.#inARow += 1;
    return this.#inARow >= MOST_FAILURES_IN_A_ROW;
  }
}
