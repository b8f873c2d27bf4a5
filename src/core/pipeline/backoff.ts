const FIRST_WAIT_MS = 500;

/** The wait after the failed attempt of this number, from 1: half a second doubled each time, with jitter, 30 s at most. */
export function backoffMs(attempt: number, random: () => number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1) * (0.5 + random()));
}

/** A server that asks for a longer wait before a retry has its error passed on. */
export const LONGEST_WAIT_MS = 30_000;
