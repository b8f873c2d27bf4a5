/** Most lanes of a comparison. */
export const MOST_LANES = 8;
