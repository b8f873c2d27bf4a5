const FIRST_WAIT_MS = 500;

/** Returns the wait after the failed attempt of this number, from 1: half a second, doubled each time, with jitter, at most 30 s. */
export function backoffMs(attempt: number, random: () => number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1) * (0.5 + random()));
}

/** If a server asks for a longer wait, its error is passed on instead of a retry. */
export const LONGEST_WAIT_MS = 30_000;
