import { stripVTControlCharacters } from 'node:util';
import { graphemes } from '../../core/graphemes.ts';
import { graphemeWidth } from '../wrap-rows.ts';

/** What Ink has left on the screen below the transcript. Ink itself decides when it writes, and tells nobody. */
export interface LivePart {
  /** Looks at what is written. */
  see: (written: string) => void;
  /**
   * What takes it off a terminal that has become narrower, and puts the cursor where Ink believes it to be. Such a terminal has broken rows that
   * no longer fit in two; Ink counts them as one and would leave pieces behind.
   */
  afterNarrowing: (columns: number) => string;
}

const ERASED_ROW = '\u001b[2K';
// Of escape sequences alone: what stands behind the last row.
const LAST_UP = /\[(\d*)A(?!.*\[\d*A)/;
const LAST_COLUMN = /\[(\d*)G(?!.*\[\d*G)/;

export function createLivePart(): LivePart {
  let rows: readonly string[] = [];
  /** Rows from the cursor to the row behind the last one, and its column. */
  let below = 0;
  let column = 0;

  const seeCursor = (end: string): void => {
    below = numberOf(LAST_UP.exec(end), 0);
    column = numberOf(LAST_COLUMN.exec(end), 1) - 1;
  };
  return {
    see(written) {
      const end = written.lastIndexOf('\n');
      if (end !== -1) {
        // The transcript is written the same way, and followed by the live part at once.
        rows = stripVTControlCharacters(written.slice(0, end)).split('\n');
        seeCursor(written.slice(end));
      } else if (written.includes(ERASED_ROW)) {
        rows = [];
        seeCursor('');
      } else if (LAST_COLUMN.test(written)) {
        seeCursor(written);
      }
    },
    afterNarrowing(columns) {
      if (rows.length === 0) return '';
      const at = Math.max(0, rows.length - below);
      const above = rows.slice(0, at).reduce((sum, row) => sum + breaksIn(row, columns) + 1, 0);
      const before = breaksIn(rows[at] ?? '', columns, column);
      return `\r${up(above + before)}\u001b[J${'\n'.repeat(rows.length)}${up(below)}`;
    },
  };
}

/** How often a terminal of so many columns breaks a row, up to the character that was at `end`: a wide one is never cut in two. */
function breaksIn(row: string, columns: number, end = Number.POSITIVE_INFINITY): number {
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

function numberOf(found: RegExpExecArray | null, standard: number): number {
  return found === null ? (standard === 1 ? 1 : 0) : Number(found[1] || 1);
}

function up(rows: number): string {
  return rows === 0 ? '' : `\u001b[${rows}A`;
}
