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
/** ASCII and orx's own symbols. */
const MEASURED_RIGHT = /^[\x20-\x7e–→×]*$/;
const NO_STYLE = { head: [], border: [], 'padding-left': 0, 'padding-right': 0 };
const STAND_IN = '\ue000';
const STAND_INS = new RegExp(`${STAND_IN}+`, 'g');

/** The time of cli-table3 grows with the square of the rows, so a long table is drawn in parts. */
const PART = 50;

/**
 * Returns the table for a pipe: whole cells, no escape codes, two spaces between columns. Ends with a newline. Empty without
 * rows.
 */
export function plainTable({ columns, rows }: Table): string {
  if (rows.length === 0) return '';
  // cli-table3 measures text with an older version of Unicode. Other text is therefore replaced by placeholders of its width, and
  // inserted into the finished lines again, where it appears in the same order.
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
