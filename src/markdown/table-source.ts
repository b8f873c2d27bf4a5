export type Alignment = 'left' | 'right' | 'center';

/** Returns the cells of a table line. `\|` does not separate cells. */
export function tableCells(line: string): string[] {
  const trimmed = line.trim();
  const inner = trimmed.startsWith('|') ? trimmed.slice(1) : trimmed;
  const cells = inner.includes('\\')
    ? inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'))
    : inner.split('|').map((cell) => cell.trim());
  // Text after the last border is a cell only if it is not empty.
  if (cells.length > 1 && cells.at(-1) === '') cells.pop();
  return cells;
}

/** Returns the alignments of a delimiter row, or undefined for any other line. */
export function tableAlignments(line: string): Alignment[] | undefined {
  if (!line.includes('-') || !line.includes('|')) return undefined;
  const cells = tableCells(line);
  if (!cells.every((cell) => /^:?-+:?$/.test(cell))) return undefined;
  return cells.map((cell) => (!cell.endsWith(':') ? 'left' : cell.startsWith(':') ? 'center' : 'right'));
}
