/** Returns a function that tests whether a text matches a pattern in which `*` stands for any text. Ignores case. */
export function patternMatcher(pattern: string): (text: string) => boolean {
  const [first = '', ...rest] = pattern.toLowerCase().split('*');
  const last = rest.pop();
  return (text) => {
    const lower = text.toLowerCase();
    if (last === undefined) return lower === first;
    if (!lower.startsWith(first) || lower.length < first.length + last.length || !lower.endsWith(last)) return false;
    // Matching each part at its first position leaves most room for the parts after it.
    let from = first.length;
    for (const part of rest) {
      const at = lower.indexOf(part, from);
      if (at === -1) return false;
      from = at + part.length;
    }
    return from <= lower.length - last.length;
  };
}
