import { visibleLine, visibleText } from '../../output/text/visible.ts';
import type { Line, Tone } from '../screen/line.ts';
import { wrapRows } from '../../output/text/wrap-rows.ts';

/** Only the beginning of a long message is shown; all of it was sent. */
const MOST_PROMPT_ROWS = 12;
const INDENT = '  ';

/** Returns the lines of a text of orx or from outside, wrapped at words. A longer word may take `longest` columns. */
export function textLines(text: string, tone: Tone, width: number, longest: number): Line[] {
  const rows = wrapRows(visibleText(text.replace(/\n$/, '')), width, { longest });
  return rows.length === 0 ? [[]] : rows.map((row) => [{ text: row.text, tone }]);
}

/** Returns the lines of an answer's rows, which are already styled. */
export function rowLines(rows: readonly string[]): Line[] {
  // An empty line has no pieces.
  return rows.map((text) => (text === '' ? [] : [{ text, tone: 'painted' }]));
}

/** Returns the lines of a message of the user. */
export function userLines(text: string, width: number, longest: number): Line[] {
  // This many characters fill the visible rows, whichever characters they are.
  const beginning = text.slice(0, MOST_PROMPT_ROWS * width * 2);
  const rows = wrapRows(visibleText(beginning), Math.max(2, width - INDENT.length), { longest: longest - INDENT.length });
  const isCut = beginning.length < text.length || rows.length > MOST_PROMPT_ROWS;
  const shown = rows.slice(0, isCut ? MOST_PROMPT_ROWS - 1 : MOST_PROMPT_ROWS);
  const lines = shown.map((row, index): Line => [{ text: (index === 0 ? '› ' : INDENT) + row.text, tone: 'live' }]);
  if (!isCut) return lines;
  const count = text.split('\n').length;
  const whole = count === 1 ? `${text.length} characters` : `${count} lines`;
  return [...lines, [{ text: `${INDENT}… ${whole} in all`, tone: 'dim' }]];
}

/** Returns the lines that list the attachments of a message. */
export function attachedLines(attached: readonly string[], width: number): Line[] {
  if (attached.length === 0) return [];
  const rows = wrapRows(visibleLine(attached.join(' · ')), Math.max(2, width - INDENT.length));
  return rows.map((row): Line => [{ text: INDENT + row.text, tone: 'dim' }]);
}
