import { stripVTControlCharacters } from 'node:util';
import { graphemes } from '../../core/graphemes.ts';
import { HIDE_CURSOR, inkErase } from '../screen/ink-writes.ts';
import { graphemeWidth, textWidth } from '../../output/text/width.ts';

/**
 * The part of the screen below the transcript that Ink redraws. It is erased from the cursor up to the first row of the frame,
 * together with everything below. A terminal keeps the cursor on its row when its size changes. Ink itself moves down to the last
 * row and up by a count, which erases other rows if the terminal has dropped rows below the cursor or broken rows that no longer
 * fit.
 */
export interface LivePart {
  /** Returns what to write instead of Ink's output, with rows of the transcript above the frame. */
  rewrite: (written: string, transcript?: string) => string;
  /** Returns the output that writes rows of the transcript above the last frame. */
  insert: (transcript: string) => string;
  /**
   * Returns the output that draws the last frame again after the terminal's size has changed, because Ink writes nothing if its
   * frame is the same. Returns an empty string if the frame does not fit in `rows`: the next frame is then a different one.
   */
  redraw: (rows: number) => string;
}

/** Does not start at the upper left corner: tmux would treat the whole screen as erased and move it to the scrollback first. */
const ERASE_BELOW = '\u001b[2K\u001b[2G\u001b[J\r';
// These match in the text behind the last row, which consists of escape sequences only.
const LAST_UP = /\[(\d*)A(?!.*\[\d*A)/;
const LAST_COLUMN = /\[(\d*)G(?!.*\[\d*G)/;
// oxlint-disable-next-line no-control-regex -- what Ink writes are control sequences
const CURSOR_ONLY = /^(?:\u001b\[\?25l)?(?:(?:\u001b\[\d*B)?\u001b\[1?G)?(?:\u001b\[\d*A)?(\u001b\[\d*G\u001b\[\?25h)$/;

/**
 * Creates the live part. Calls `columns` for every write, because the terminal's size may have changed without a resize event
 * yet.
 */
export function createLivePart(columns: () => number): LivePart {
  let rows: readonly string[] = [];
  let frame = '';
  /** Rows from the cursor to the row behind the last one, and the column of the cursor. */
  let below = 0;
  let column = 0;

  const seeCursor = (end: string): void => {
    below = numberOf(LAST_UP.exec(end), 0);
    column = numberOf(LAST_COLUMN.exec(end), 1) - 1;
  };
  const seeFrame = (written: string): void => {
    const end = written.lastIndexOf('\n');
    // The transcript is written the same way, immediately followed by the live part.
    rows = end === -1 ? [] : stripVTControlCharacters(written.slice(0, end)).split('\n');
    frame = written;
    seeCursor(end === -1 ? '' : written.slice(end));
  };
  const takeOff = (): string => {
    const width = columns();
    const at = Math.max(0, rows.length - below);
    const above = rows.slice(0, at).reduce((sum, row) => sum + breaksIn(row, width) + 1, 0);
    return `\r${up(above + breaksIn(rows[at] ?? '', width, column))}${ERASE_BELOW}`;
  };
  const replace = (transcript: string, next: string): string => {
    const off = rows.length === 0 ? `\r${ERASE_BELOW}` : takeOff();
    seeFrame(next);
    return off + transcript + next;
  };
  return {
    rewrite(written, transcript = '') {
      const erase = inkErase(written);
      if (erase !== undefined) return (erase.hides ? HIDE_CURSOR : '') + replace(transcript, erase.rest);
      const moved = CURSOR_ONLY.exec(written);
      if (moved !== null && rows.length > 0) {
        const before = below;
        seeCursor(written);
        return HIDE_CURSOR + (before < below ? up(below - before) : down(before - below)) + moved[1]!;
      }
      if (written.includes('\n')) seeFrame(written);
      return transcript + written;
    },
    insert: (transcript) => replace(transcript, frame),
    redraw: (height) => (rows.length === 0 || rows.length >= height ? '' : HIDE_CURSOR + takeOff() + frame),
  };
}

/**
 * Returns how often a terminal of this width breaks a row, up to the character at column `end`. A wide character is never split.
 */
function breaksIn(row: string, columns: number, end = Number.POSITIVE_INFINITY): number {
  if (end === Number.POSITIVE_INFINITY && textWidth(row) <= columns) return 0;
  let [breaks, column, passed] = [0, 0, 0];
  for (const { segment } of graphemes(row)) {
    const wide = graphemeWidth(segment);
    if (column + wide > columns) [breaks, column] = [breaks + 1, 0];
    if (passed >= end) return breaks;
    column += wide;
    passed += wide;
  }
  return end === Number.POSITIVE_INFINITY ? breaks : breaks + Math.floor((column + end - passed) / columns);
}

function numberOf(match: RegExpExecArray | null, standard: number): number {
  return match === null ? (standard === 1 ? 1 : 0) : Number(match[1] || 1);
}

function up(rows: number): string {
  return rows === 0 ? '' : `\u001b[${rows}A`;
}

function down(rows: number): string {
  return rows === 0 ? '' : `\u001b[${rows}B`;
}
