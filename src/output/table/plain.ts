import CliTable3 from 'cli-table3';
import type { Table } from './table.ts';
import { textWidth } from '../text/width.ts';

const NO_FRAME = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};
/** ASCII, and the marks of orx itself. */
const MEASURED_RIGHT = /^[\x20-\x7e–→×]*$/;
const NO_STYLE = { head: [], border: [], 'padding-left': 0, 'padding-right': 0 };
const STAND_IN = '\ue000';
const STAND_INS = new RegExp(`${STAND_IN}+`, 'g');

/** cli-table3's time grows with the square of the rows: a long table is drawn in parts. */
const PART = 50;

/** The table for a pipe: whole cells, no escape code, two spaces between columns. Ends with a newline; nothing without rows. */
export function plainTable({ columns, rows }: Table): string {
  if (rows.length === 0) return '';
  // cli-table3 measures with an older Unicode: other text is replaced by as many plain characters as it is wide, and put
  // back into the finished lines, where it comes in the same order.
  const texts: string[] = [];
  const measured = (text: string): string => {
    if (MEASURED_RIGHT.test(text)) return text;
    texts.push(text);
    return STAND_IN.repeat(Math.max(1, textWidth(text)));
  };
  const cells = [columns.map(({ heading }) => heading), ...rows.map((row) => row.map(({ text }) => text))].map((row) =>
    row.map(measured),
  );
  const colWidths = columns.map((_, index) => cells.reduce((widest, row) => Math.max(widest, row[index]!.length), 0));
  let drawn = '';
  for (let start = 0; start < cells.length; start += PART) {
    const part = new CliTable3({ colWidths, colAligns: columns.map(({ align }) => align), chars: NO_FRAME, style: NO_STYLE });
    part.push(...cells.slice(start, start + PART));
    drawn += `${part.toString()}\n`;
  }
  return drawn.replace(STAND_INS, () => texts.shift() ?? '').replace(/ +$/gm, '');
}
