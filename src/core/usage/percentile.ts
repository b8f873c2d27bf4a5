import type { Distribution } from '../../storage/ledger/reports/report.ts';

/**
 * Returns, for each share (0 to 1), the smallest value that at least this share of the requests does not exceed; undefined without requests. Does
 * not interpolate.
 */
export function percentiles({ values, counts }: Distribution, ...shares: readonly number[]): (number | undefined)[] {
  let total = 0;
  for (const count of counts) total += count;
  return shares.map((share) => valueAt(values, counts, Math.max(1, Math.ceil(share * total))));
}

/** Returns the value of the request with this number, from 1. */
function valueAt(values: readonly number[], counts: readonly number[], rank: number): number | undefined {
  let seen = 0;
  for (let index = 0; index < values.length; index += 1) if ((seen += counts[index]!) >= rank) return values[index];
  return undefined;
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
