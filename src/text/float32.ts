const BYTES = 4;
/** Nine significant digits identify every 32-bit float. */
const MOST_DIGITS = 9;
const LEAST_DIGITS = 6;

/** Returns the bytes of 32-bit floats, little-endian, in base64. */
export function floatsToBase64(values: readonly number[]): string {
  const bytes = Buffer.allocUnsafe(values.length * BYTES);
  for (const [at, value] of values.entries()) bytes.writeFloatLE(value, at * BYTES);
  return bytes.toString('base64');
}

/** Returns the numbers of such a text. Undefined when it is not base64 of whole floats. */
export function base64ToFloats(text: string): number[] | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length === 0 || bytes.length % BYTES !== 0) return undefined;
  return Array.from({ length: bytes.length / BYTES }, (_, at) => bytes.readFloatLE(at * BYTES));
}

/**
 * Returns numbers as a JSON list. A 32-bit float is written with the digits that it has, instead of the 17 digits that a double
 * with the same value needs.
 */
export function floatListText(values: readonly number[]): string {
  return `[${values.map((value) => (Math.fround(value) === value ? shortest(value) : JSON.stringify(value))).join(',')}]`;
}

function shortest(value: number): string {
  const whole = JSON.stringify(value);
  if (whole.length <= MOST_DIGITS) return whole;
  for (let digits = LEAST_DIGITS; digits <= MOST_DIGITS; digits += 1) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return JSON.stringify(rounded);
  }
  return whole;
}
