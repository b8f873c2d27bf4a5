const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Returns a duration with units, such as `6m0s`, `1h30m`, `120ms` or `7.66s`, in milliseconds. Undefined for any other text. */
export function waitText(text: string | undefined): number | undefined {
  const value = text?.trim() ?? '';
  if (value === '' || !/^(\d{1,9}(\.\d{1,9})?(ms|h|m|s))+$/.test(value)) return undefined;
  let ms = 0;
  for (const [, digits, unit] of value.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)) ms += Number(digits) * UNITS[unit!]!;
  return ms;
}
