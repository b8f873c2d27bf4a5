/** What `read` gives, or nothing where it throws: whoever presses a key has not asked what is damaged. */
export function orEmpty<T>(read: () => readonly T[]): readonly T[] {
  try {
    return read();
  } catch {
    return [];
  }
}
