/**
 * The smallest of the values that at least this share of them (0 to 1) does not exceed; undefined without values. Not defined values are left
 * out. Nothing is made up between two of them.
 */
export function percentile(values: readonly (number | undefined)[], share: number): number | undefined {
  const sorted = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}
