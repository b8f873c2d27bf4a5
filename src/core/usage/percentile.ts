import type { Distribution } from '../../storage/ledger/reports/report.ts';

/**
 * Returns, for each share (0 to 1), the smallest value that at least this share of the requests does not exceed; undefined without requests. Does
 * not interpolate.
 */
export function percentiles({ values, counts }: Distribution, ...shares: readonly number[]): (number | undefined)[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return shares.map((share) => {
    const rank = Math.max(1, Math.ceil(share * total));
    let seen = 0;
    return values.find((_, index) => (seen += counts[index]!) >= rank);
  });
}

/** Returns the distribution of all requests of several ones. */
export function joinDistributions(all: readonly Distribution[]): Distribution {
  const [first] = all;
  if (first !== undefined && all.length === 1) return first;
  const counted = new Map<number, number>();
  for (const { values, counts } of all) {
    for (const [index, value] of values.entries()) counted.set(value, (counted.get(value) ?? 0) + counts[index]!);
  }
  // Sorts a typed array: a compare function would take ten times as long.
  const values = Float64Array.from(counted.keys()).sort();
  return { values: [...values], counts: Array.from(values, (value) => counted.get(value)!) };
}
