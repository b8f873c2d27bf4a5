const NEEDS_CLEANING = /[\0\uD800-\uDFFF]/;

/** Text as SQLite gives it back: it ends at a NUL, and half a surrogate pair is none. */
export function clean(text: string): string {
  return NEEDS_CLEANING.test(text) ? Buffer.from(text).toString().replaceAll('\0', '\uFFFD') : text;
}
