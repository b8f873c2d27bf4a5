/** Most lanes of a comparison. */
export const MOST_LANES = 16;
/** Most requests of a comparison: its lanes times their repetitions. */
export const MOST_REQUESTS = 64;
