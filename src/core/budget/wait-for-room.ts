import type { BudgetStanding } from '../../storage/ledger/budgets/budget.ts';

/** Requests of others are seldom under way for longer without one of them being settled. */
const LONGEST_MS = 30_000;
/** For a longer answer than now fits: then a shorter one will do. */
const FOR_MORE_MS = 5_000;
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 400;

/** Waits while others hold what a request needs: most of it comes back when they are settled. */
export interface RoomWait {
  /**
   * Waits a little, and says so; false when it has been waited long enough. As long as something changes, others are being settled, and it
   * goes on. `isNeeded`: without more room the request is refused.
   */
  pause: (standings: readonly BudgetStanding[], isNeeded: boolean) => Promise<boolean>;
}

export function waitForRoom(
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>,
  signal: AbortSignal | undefined,
): RoomWait {
  let seen = '';
  let pauseMs = FIRST_PAUSE_MS;
  let [unchangedMs, allMs] = [0, 0];
  return {
    async pause(standings, isNeeded) {
      const now = standings.map(({ spent, reserved }) => `${spent} ${reserved}`).join(' ');
      if (now !== seen) [seen, unchangedMs, pauseMs] = [now, 0, FIRST_PAUSE_MS];
      if (unchangedMs >= LONGEST_MS || (!isNeeded && allMs >= FOR_MORE_MS)) return false;
      // Not all at once: of many who wait, each gets its turn.
      const ms = pauseMs * (0.5 + Math.random());
      pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS);
      unchangedMs += ms;
      allMs += ms;
      await sleep(ms, signal);
      return true;
    },
  };
}
