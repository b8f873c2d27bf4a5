import { graphemes } from '../../core/graphemes.ts';
import { graphemeWidth } from './width.ts';

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

export interface WrapOptions {
  /** A word wider than a row has a row of its own and is cut at so many columns: at the width of a row, if not said. */
  longest?: number | undefined;
  /**
   * Where a row may end. `words`: at spaces and between wide characters. `spaces`: at spaces only. `columns`: at any character, so that
   * blanks stay; each push then has whole characters.
   */
  breaks?: 'words' | 'spaces' | 'columns' | undefined;
}

/** How wide a row is, and how wide a word that stands alone in one. */
interface Limits {
  row: number;
  word: number;
  breaks: 'words' | 'spaces' | 'columns';
}

const EMPTY_LINE: OpenLine = { row: '', rowWidth: 0, gap: '', word: '', wordWidth: 0, last: '' };
const TAB_STOP = 4;
/** In UTF-16 units. No character that people write is longer; without a limit one endless character would cost quadratic time. */
const LONGEST_GRAPHEME = 64;
const LONGEST_BLOCK = 256;
const PLAIN = /^[\n\t\u0020-\u007e]*$/;
const CLOSING = /^[\p{Pe}\p{Pf}\p{Po}]/u;
const OPENING = /^[\p{Ps}\p{Pi}]/u;

/**
 * Wraps text that arrives in pieces into rows of at most `width` columns (at least 2), each character looked at once. The one place where
 * text is wrapped by its width on the screen. Expects visible text without styles (visibleTextStream). How the text was cut into pieces
 * makes no difference to the rows.
 */
export function createRowWrapper(width: number, { longest = width, breaks = 'words' }: WrapOptions = {}): RowWrapper {
  const limits: Limits = { row: Math.max(2, Math.floor(width)), word: Math.max(2, Math.floor(Math.max(width, longest))), breaks };
  let line = { ...EMPTY_LINE };
  // The last character of a piece may still be joined by marks, or be half of a flag.
  let pending = '';

  return {
    push(text) {
      const rows: Row[] = [];
      for (const block of blocksOf(text)) {
        const pieces = splitGraphemes(pending + block);
        pending = pieces.at(-1) === '\n' ? '' : (pieces.pop() ?? '');
        for (const piece of pieces) place(line, piece, limits, rows);
      }
      if (breaks === 'columns' && pending !== '') {
        place(line, pending, limits, rows);
        pending = '';
      }
      return rows;
    },
    tail() {
      return closed({ ...line }, pending, limits);
    },
    end() {
      const rows = closed(line, pending, limits);
      line = { ...EMPTY_LINE };
      pending = '';
      return rows;
    },
  };
}

/** All rows of a whole text. */
export function wrapRows(text: string, width: number, options?: WrapOptions): Row[] {
  const wrapper = createRowWrapper(width, options);
  return [...wrapper.push(text), ...wrapper.end()];
}

/** A line broken at its spaces into lines of fewer than `columns` columns, each indented as the first one is. No word is cut. */
export function wrapWords(line: string, columns = Number.POSITIVE_INFINITY): string[] {
  if (columns === Number.POSITIVE_INFINITY) return [line];
  const indent = /^ */.exec(line)![0];
  const rows = wrapRows(line.trim(), columns - 1 - indent.length, { longest: Number.POSITIVE_INFINITY, breaks: 'spaces' });
  return rows.length === 0 ? [line] : rows.map(({ text }) => indent + text);
}

function closed(line: OpenLine, pending: string, limits: Limits): Row[] {
  const rows: Row[] = [];
  if (pending !== '') place(line, pending, limits, rows);
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

function place(line: OpenLine, grapheme: string, limits: Limits, rows: Row[]): void {
  if (limits.breaks === 'columns') return placeInRow(line, grapheme, limits, rows);
  if (grapheme === '\n') {
    finishWord(line);
    rows.push({ text: line.row, after: `${line.gap}\n` });
    Object.assign(line, EMPTY_LINE);
  } else if (grapheme === ' ' || grapheme === '\t') {
    finishWord(line);
    line.gap += grapheme === ' ' ? ' ' : ' '.repeat(TAB_STOP - ((line.rowWidth + line.gap.length) % TAB_STOP));
  } else {
    const width = graphemeWidth(grapheme);
    if (width > limits.row) for (const point of grapheme) placeInWord(line, point, graphemeWidth(point), limits, rows);
    else placeInWord(line, grapheme, width, limits, rows);
  }
}

function placeInRow(line: OpenLine, grapheme: string, limits: Limits, rows: Row[]): void {
  const text = grapheme === '\t' ? ' '.repeat(TAB_STOP - (line.rowWidth % TAB_STOP)) : grapheme === '\n' ? '' : grapheme;
  const width = grapheme === '\t' ? text.length : text === '' ? 0 : graphemeWidth(text);
  if (grapheme === '\n' || (line.rowWidth > 0 && line.rowWidth + width > limits.row)) {
    rows.push({ text: line.row, after: grapheme === '\n' ? '\n' : '' });
    line.row = '';
    line.rowWidth = 0;
  }
  line.row += text;
  line.rowWidth += width;
}

function placeInWord(line: OpenLine, grapheme: string, width: number, limits: Limits, rows: Row[]): void {
  if (line.word !== '' && limits.breaks === 'words' && mayBreakBetween(line.last, grapheme, width)) finishWord(line);
  if (line.rowWidth + line.gap.length + line.wordWidth + width > limits.row) makeRoom(line, width, limits, rows);
  line.word += grapheme;
  line.wordWidth += width;
  line.last = grapheme;
}

/** Completes rows until `width` more columns fit behind the open word. */
function makeRoom(line: OpenLine, width: number, limits: Limits, rows: Row[]): void {
  if (line.row !== '') {
    rows.push({ text: line.row, after: line.gap });
    line.row = '';
    line.rowWidth = 0;
    line.gap = '';
    if (line.wordWidth + width <= limits.row) return;
  }
  // An address that is cut is of no use: it may reach to the edge of the screen.
  if (line.word !== '' && line.gap.length + line.wordWidth + width <= limits.word) return;
  // Indentation stays with the first word: a long word is cut rather than leaving a row of spaces alone.
  if (line.word === '') rows.push({ text: line.gap.slice(0, limits.row), after: line.gap.slice(limits.row) });
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
