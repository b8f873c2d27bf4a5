/**
 * For each share (0 to 1) the smallest of the values that at least this share of them does not exceed; undefined without values. Values that
 * are not defined are left out. Nothing is made up between two of them.
 */
export function percentiles(values: readonly (number | undefined)[], ...shares: readonly number[]): (number | undefined)[] {
  // Sorted as plain numbers: with a comparing function fifty thousand of them take ten times as long.
  const sorted = Float64Array.from(values.filter((value) => value !== undefined)).sort();
  return shares.map((share) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]);
}
