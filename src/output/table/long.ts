import stringWidth from 'string-width';
import type { Table } from './table.ts';

const GAP = '  ';
/** ASCII, and the marks of orx itself: as wide as it is long. */
const MEASURED = /^[\x20-\x7e–→×]*$/;

/** The same as plainTable, to the letter, for tables of many rows. */
export function longTable({ columns, rows }: Table): string {
  if (rows.length === 0) return '';
  const lines = [columns.map(({ heading }) => heading), ...rows.map((row) => row.map(({ text }) => text))];
  const widths = columns.map((_, index) => lines.reduce((widest, line) => Math.max(widest, widthOf(line[index]!)), 0));
  const drawn = lines.map((line) =>
    line
      .map((text, index) => {
        const space = ' '.repeat(widths[index]! - widthOf(text));
        return columns[index]!.align === 'right' ? space + text : text + space;
      })
      .join(GAP)
      .trimEnd(),
  );
  return `${drawn.join('\n')}\n`;
}

function widthOf(text: string): number {
  return MEASURED.test(text) ? text.length : stringWidth(text);
}
