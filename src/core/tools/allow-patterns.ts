/**
 * Returns whether one of the patterns matches a tool's label: a pattern is a label, or text with `*` for any characters. A name without a server
 * means a local command, never a tool of the same name on a server.
 */
export function isToolNamed(label: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matches(label, pattern));
}

/** Searches the parts between the stars in order. It does not build a regular expression from user input, so it never backtracks. */
function matches(label: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return label === pattern;
  const last = rest.pop()!;
  if (!label.startsWith(first) || label.length < first.length + last.length || !label.endsWith(last)) return false;
  let at = first.length;
  const end = label.length - last.length;
  for (const piece of rest) {
    const match = label.indexOf(piece, at);
    if (match === -1 || match + piece.length > end) return false;
    at = match + piece.length;
  }
  return true;
}
