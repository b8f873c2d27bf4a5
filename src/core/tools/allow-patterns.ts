/**
 * Whether a tool's label is meant by one of the patterns: the label itself, or one with `*` for any characters. A plain name means a local
 * command, never the tool of the same name of some server.
 */
export function isToolNamed(label: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matches(label, pattern));
}

/** The pieces between the stars, in order: no expression is made of what a user typed, and nothing runs back. */
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
