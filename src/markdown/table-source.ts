export type Alignment = 'left' | 'right' | 'center';

/** The cells of a table's line. `\|` is no border. */
export function tableCells(line: string): string[] {
  const inner = line.trim().replace(/^\|/, '');
  const cells = inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
  // What stands behind the last border is a cell only when there is something.
  if (cells.length > 1 && cells.at(-1) === '') cells.pop();
  return cells;
}

/** The alignments that the line under a table's head gives; undefined when it is no such line. */
export function tableAlignments(line: string): Alignment[] | undefined {
  if (!line.includes('-') || !line.includes('|')) return undefined;
  const cells = tableCells(line);
  if (!cells.every((cell) => /^:?-+:?$/.test(cell))) return undefined;
  return cells.map((cell) => (!cell.endsWith(':') ? 'left' : cell.startsWith(':') ? 'center' : 'right'));
}
