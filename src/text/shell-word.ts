/** Returns a text as one word for a POSIX shell. Quotes it only if that is necessary. */
export function shellWord(text: string): string {
  return /^[\w./:~@-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
