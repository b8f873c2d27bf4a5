/**
 * Returns, for each share (0 to 1), the smallest value that at least this share of the values does not exceed; undefined without values. Ignores
 * undefined values and does not interpolate.
 */
export function percentiles(values: readonly (number | undefined)[], ...shares: readonly number[]): (number | undefined)[] {
  // Sorts a typed array: a compare function would take ten times as long for fifty thousand values.
  const sorted = Float64Array.from(values.filter((value) => value !== undefined)).sort();
  return shares.map((share) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]);
}
