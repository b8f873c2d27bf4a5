import { isBusy } from './errors.ts';
import { sleep } from '../files/sleep.ts';
import { monotonicMs } from '../../monotonic.ts';

/** Other processes hold a database only for milliseconds each, but many of them on a busy machine hold it much longer in total. */
const PATIENCE_MS = 60_000;
const LONGEST_PAUSE_MS = 25;

/**
 * Calls `work` again and again while another process holds the database. SQLite has no queue, and the pauses of its own busy handler grow longer
 * each time: a process would miss its turn too often.
 */
export function patiently<Result>(work: () => Result, patienceMs = PATIENCE_MS): Result {
  let end: number | undefined;
  for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error)) throw error;
      end ??= monotonicMs() + patienceMs;
      if (monotonicMs() > end) throw error;
    }
    sleep(pauseMs * (0.5 + Math.random()));
  }
}
