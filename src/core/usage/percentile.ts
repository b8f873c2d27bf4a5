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
