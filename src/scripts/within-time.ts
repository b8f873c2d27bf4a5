import { createContext, Script } from 'node:vm';

/** Real patterns need some microseconds; a process on a busy machine may wait longer than it works. */
const TIME_MS = 500;
const CALL = new Script('work()');

let box: { work: () => unknown } | undefined;
let context: ReturnType<typeof createContext> | undefined;

/**
 * Returns what `work` returns, or undefined if it takes longer than half a second: for regular expressions from the user's files, whose backtracking may
 * take years. `work` is orx's own code. It runs outside of the context, which only carries the time limit: a limit ends compiled code and regular
 * expressions alike.
 */
export function withinTime<T>(work: () => T): { value: T } | undefined {
  // A context takes a millisecond and 150 kB: one is enough for all calls, because it only carries the limit.
  box ??= { work };
  box.work = work;
  context ??= createContext(box);
  try {
    return { value: CALL.runInContext(context, { timeout: TIME_MS }) as T };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
    throw error;
  }
}
