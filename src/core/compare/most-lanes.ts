/** So many lanes a comparison has room for. */
export const MOST_LANES = 8;
