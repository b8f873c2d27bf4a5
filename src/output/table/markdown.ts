import type { Table } from './table.ts';

/**
 * Returns a table in Markdown. Characters with a meaning in Markdown or HTML are escaped; a line break within a cell becomes a
 * space.
 */
export function markdownTable({ columns, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return (
    line(columns.map(({ heading }) => markdownCell(heading))) +
    line(columns.map(({ align }) => (align === 'right' ? '--:' : '---'))) +
    rows.map((row) => line(row.map(({ text }) => markdownCell(text)))).join('')
  );
}

/** Returns a text as one line of Markdown without markup. */
export function markdownCell(text: string): string {
  return text
    .trim()
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .replace(/[\\`*_[\]|~]/g, String.raw`\$&`)
    .replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
