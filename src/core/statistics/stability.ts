/** How stable the answers to the same prompt are. */
export interface Stability {
  /** Items with at least two repetitions. */
  items: number;
  /** Those of them whose repetitions all passed or all failed. */
  equal: number;
}

/** Returns how many items have the same result in all of their repetitions. Items with one answer do not count. */
export function stabilityOf(items: readonly (readonly boolean[])[]): Stability {
  const repeated = items.filter((results) => results.length > 1);
  return { items: repeated.length, equal: repeated.filter((results) => new Set(results).size === 1).length };
}

/**
 * Returns the probability that `k` of the `n` answers to an item, drawn at random, all passed (pass^k), if `c` of them passed.
 * Undefined if there are fewer than `k` answers.
 */
export function passAll(n: number, c: number, k: number): number | undefined {
  if (k > n) return undefined;
  let probability = 1;
  for (let drawn = 0; drawn < k; drawn += 1) probability *= Math.max(0, c - drawn) / (n - drawn);
  return probability;
}

/** Returns the probability that at least one of `k` answers, drawn at random from `n`, passed (pass@k), if `c` of them passed. */
export function passAny(n: number, c: number, k: number): number | undefined {
  const noneOf = passAll(n, n - c, k);
  return noneOf === undefined ? undefined : 1 - noneOf;
}
