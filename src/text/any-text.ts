/**
 * Returns a value from outside as text, objects and lists as JSON. `String` throws for an object whose member `toString` is not a function, which
 * JSON can contain.
 */
export function anyText(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

/** Returns a value from outside as a number, NaN for objects and lists: `Number` throws for the same objects as `String`. */
export function anyNumber(value: unknown): number {
  return typeof value === 'object' && value !== null ? Number.NaN : Number(value);
}
