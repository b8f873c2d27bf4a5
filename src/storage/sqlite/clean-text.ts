const NEEDS_CLEANING = /[\0\uD800-\uDFFF]/;

/** Returns text that SQLite returns unchanged: SQLite ends a text at a NUL, and cannot store half a surrogate pair. */
export function clean(text: string): string {
  return NEEDS_CLEANING.test(text) ? Buffer.from(text).toString().replaceAll('\0', '\uFFFD') : text;
}
