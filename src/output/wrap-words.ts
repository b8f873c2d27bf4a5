/** A line broken at its spaces into lines of fewer than `columns` characters, each indented as the first one is. */
export function wrapWords(line: string, columns = Number.POSITIVE_INFINITY): string[] {
  if (line.length < columns) return [line];
  const indent = /^ */.exec(line)?.[0] ?? '';
  const lines: string[] = [];
  let current = '';
  for (const word of line.trim().split(' ')) {
    if (current !== '' && indent.length + current.length + 1 + word.length >= columns) {
      lines.push(indent + current);
      current = '';
    }
    current = current === '' ? word : `${current} ${word}`;
  }
  return [...lines, indent + current];
}
