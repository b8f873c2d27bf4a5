/** Returns the result of `read`, or an empty list if it throws: completion does not report damaged files. */
export function orEmpty<T>(read: () => readonly T[]): readonly T[] {
  try {
    return read();
  } catch {
    return [];
  }
}
