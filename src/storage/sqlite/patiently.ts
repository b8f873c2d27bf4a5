import { isBusy } from './errors.ts';
import { sleep } from '../files/sleep.ts';

/** Other processes hold a database for milliseconds each; on a busy machine with many of them, for much longer together. */
const PATIENCE_MS = 60_000;
const LONGEST_PAUSE_MS = 25;

/**
 * Does something with a database, again and again while another process holds it. There is no queue, and SQLite's own waiting grows longer each
 * time: one process would miss its turn too often.
 */
export function patiently<Result>(work: () => Result, patienceMs = PATIENCE_MS): Result {
  const end = performance.now() + patienceMs;
  for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || performance.now() > end) throw error;
    }
    sleep(pauseMs * (0.5 + Math.random()));
  }
}
