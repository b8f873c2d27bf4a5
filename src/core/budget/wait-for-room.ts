import type { BudgetStanding } from '../../storage/ledger/budgets/budget.ts';

/** Longest wait without any change: some request of the others is usually settled earlier. */
const LONGEST_MS = 30_000;
/** Longest wait for a longer answer than fits now; after that, a shorter one is used. */
const FOR_MORE_MS = 5_000;
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 400;

/** Waits while other requests reserve the money that a request needs: most of it returns when they are settled. */
export interface RoomWait {
  /**
   * Waits briefly and returns true; returns false after the longest wait. Any change means that others are being settled, and the wait starts
   * again. `isNeeded`: without more money the request fails.
   */
  pause: (standings: readonly BudgetStanding[], isNeeded: boolean) => Promise<boolean>;
}

/** Returns a wait for money that other requests have reserved, with pauses that grow while nothing changes. */
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
      // Random, so that waiting processes do not all try at the same time.
      const ms = pauseMs * (0.5 + Math.random());
      pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS);
      unchangedMs += ms;
      allMs += ms;
      await sleep(ms, signal);
      return true;
    },
  };
}
