import { graphemes } from '../../output/text/graphemes.ts';
import stringWidth from 'string-width';

/** One row of wrapped text. The `text + after` of all rows in order is the source, tabs expanded. */
export interface Row {
  /** What is shown: never wider than the wrapper's width. */
  text: string;
  /** What stands in the source behind it and is not shown: a newline, the spaces at which the line was wrapped, or nothing. */
  after: string;
}

export interface RowWrapper {
  /** Takes the next piece of text; returns the rows that are complete with it, which never change again. */
  push: (text: string) => Row[];
  /** The rows of the still open part, as they would be if nothing more came. */
  tail: () => Row[];
  /** Completes the open part and starts anew. */
  end: () => Row[];
}

/** An open line: the words that stand in its last row, the spaces behind them, and the word that is not finished yet. */
interface OpenLine {
  row: string;
  rowWidth: number;
  gap: string;
  word: string;
  wordWidth: number;
  /** Last grapheme of `word`, to decide whether a break may follow it. */
  last: string;
}

/** How wide a row is, and how wide a word that stands alone in one. */
interface Columns {
  row: number;
  word: number;
}

const EMPTY_LINE: OpenLine = { row: '', rowWidth: 0, gap: '', word: '', wordWidth: 0, last: '' };
const TAB_STOP = 4;
/** In UTF-16 units. No character that people write is longer; without a limit one endless character would cost quadratic time. */
const LONGEST_GRAPHEME = 64;
const LONGEST_BLOCK = 256;
const PLAIN = /^[\n\t\u0020-\u007e]*$/;
const CLOSING = /^[\p{Pe}\p{Pf}\p{Po}]/u;
const OPENING = /^[\p{Ps}\p{Pi}]/u;
const MOST_KNOWN_WIDTHS = 10_000;
const knownWidths = new Map<string, number>();

/**
 * Wraps text that arrives in pieces into rows of at most `width` columns (at least 2), each character looked at once. Breaks at
 * spaces and between wide characters; a word wider than a row has a row of its own, and is cut at `longest` columns. Expects text that is visible already (visibleTextStream).
 * How the text was cut into pieces makes no difference to the rows.
 */
export function createRowWrapper(width: number, longest = width): RowWrapper {
  const columns: Columns = { row: Math.max(2, Math.floor(width)), word: Math.max(2, Math.floor(Math.max(width, longest))) };
  let line = { ...EMPTY_LINE };
  // The last character of a piece may still be joined by marks, or be half of a flag.
  let pending = '';

  return {
    push(text) {
      const rows: Row[] = [];
      for (const block of blocksOf(text)) {
        const pieces = splitGraphemes(pending + block);
        pending = pieces.at(-1) === '\n' ? '' : (pieces.pop() ?? '');
        for (const piece of pieces) place(line, piece, columns, rows);
      }
      return rows;
    },
    tail() {
      return closed({ ...line }, pending, columns);
    },
    end() {
      const rows = closed(line, pending, columns);
      line = { ...EMPTY_LINE };
      pending = '';
      return rows;
    },
  };
}

/** All rows of a whole text. */
export function wrapRows(text: string, width: number, longest?: number): Row[] {
  const wrapper = createRowWrapper(width, longest);
  return [...wrapper.push(text), ...wrapper.end()];
}

function closed(line: OpenLine, pending: string, columns: Columns): Row[] {
  const rows: Row[] = [];
  if (pending !== '') place(line, pending, columns, rows);
  if (line.word !== '') rows.push({ text: line.row + line.gap + line.word, after: '' });
  else if (line.row !== '' || line.gap !== '') rows.push({ text: line.row, after: line.gap });
  return rows;
}

/** The segmenter's time for each character grows with the length of the text: it is given short ones only. */
function* blocksOf(text: string): Generator<string> {
  for (let start = 0; start < text.length;) {
    const end = start + LONGEST_BLOCK;
    // A surrogate pair stays whole.
    const next = /[\ud800-\udbff]/.test(text.charAt(end - 1)) ? end + 1 : end;
    yield text.slice(start, next);
    start = next;
  }
}

function splitGraphemes(text: string): string[] {
  if (PLAIN.test(text)) return text.split('');
  const matches: string[] = [];
  for (const { segment, index } of graphemes(text)) {
    if (segment.length > LONGEST_GRAPHEME) {
      // From the cut on it is read anew, as it would be if the piece had ended here.
      const cut = Array.from(segment)
        .slice(0, LONGEST_GRAPHEME / 2)
        .join('');
      return [...matches, cut, ...splitGraphemes(text.slice(index + cut.length))];
    }
    matches.push(segment);
  }
  return matches;
}

function place(line: OpenLine, grapheme: string, columns: Columns, rows: Row[]): void {
  if (grapheme === '\n') {
    finishWord(line);
    rows.push({ text: line.row, after: `${line.gap}\n` });
    Object.assign(line, EMPTY_LINE);
  } else if (grapheme === ' ' || grapheme === '\t') {
    finishWord(line);
    line.gap += grapheme === ' ' ? ' ' : ' '.repeat(TAB_STOP - ((line.rowWidth + line.gap.length) % TAB_STOP));
  } else {
    const width = graphemeWidth(grapheme);
    if (width > columns.row) for (const point of grapheme) placeInWord(line, point, graphemeWidth(point), columns, rows);
    else placeInWord(line, grapheme, width, columns, rows);
  }
}

function placeInWord(line: OpenLine, grapheme: string, width: number, columns: Columns, rows: Row[]): void {
  if (line.word !== '' && mayBreakBetween(line.last, grapheme, width)) finishWord(line);
  if (line.rowWidth + line.gap.length + line.wordWidth + width > columns.row) makeRoom(line, width, columns, rows);
  line.word += grapheme;
  line.wordWidth += width;
  line.last = grapheme;
}

/** Completes rows until `width` more columns fit behind the open word. */
function makeRoom(line: OpenLine, width: number, columns: Columns, rows: Row[]): void {
  if (line.row !== '') {
    rows.push({ text: line.row, after: line.gap });
    line.row = '';
    line.rowWidth = 0;
    line.gap = '';
    if (line.wordWidth + width <= columns.row) return;
  }
  // An address that is cut is of no use: it may reach to the edge of the screen.
  if (line.word !== '' && line.gap.length + line.wordWidth + width <= columns.word) return;
  // Indentation stays with the first word: a long word is cut rather than leaving a row of spaces alone.
  if (line.word === '') rows.push({ text: line.gap.slice(0, columns.row), after: line.gap.slice(columns.row) });
  else rows.push({ text: line.gap + line.word, after: '' });
  line.gap = '';
  line.word = '';
  line.wordWidth = 0;
}

function finishWord(line: OpenLine): void {
  if (line.word === '') return;
  line.row += line.gap + line.word;
  line.rowWidth += line.gap.length + line.wordWidth;
  line.gap = '';
  line.word = '';
  line.wordWidth = 0;
}

/** Scripts without spaces (their characters are wide) break anywhere but before closing and after opening punctuation. */
export function mayBreakBetween(before: string, after: string, afterWidth: number): boolean {
  if (afterWidth < 2 && graphemeWidth(before) < 2) return false;
  return !CLOSING.test(after) && !OPENING.test(before);
}

/** How many columns one character takes. */
export function graphemeWidth(grapheme: string): number {
  if (grapheme.length === 1 && grapheme >= ' ' && grapheme <= '~') return 1;
  let width = knownWidths.get(grapheme);
  if (width === undefined) {
    width = stringWidth(grapheme);
    // No text has so many different characters but one that is made to fill the memory.
    if (knownWidths.size >= MOST_KNOWN_WIDTHS) knownWidths.clear();
    knownWidths.set(grapheme, width);
  }
  return width;
}
