/** The agreement of two raters on the same items. */
export interface Agreement {
  n: number;
  /** The share of items with the same label. */
  share: number;
  /** Cohen's kappa: the agreement beyond chance. Undefined if chance alone would always agree. */
  kappa: number | undefined;
}

/** Returns how far two raters agree; undefined without items. */
export function agreementOf(pairs: readonly (readonly [one: string, other: string])[]): Agreement | undefined {
  const n = pairs.length;
  if (n === 0) return undefined;
  const share = pairs.filter(([one, other]) => one === other).length / n;
  const labels = new Set(pairs.flat());
  let chance = 0;
  for (const label of labels) {
    const ones = pairs.filter(([one]) => one === label).length;
    const others = pairs.filter(([, other]) => other === label).length;
    chance += (ones / n) * (others / n);
  }
  return { n, share, kappa: chance === 1 ? undefined : (share - chance) / (1 - chance) };
}
