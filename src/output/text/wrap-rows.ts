import { graphemes } from '../../core/graphemes.ts';
import { graphemeWidth } from './width.ts';

/** One row of wrapped text. The `text + after` of all rows in order is the source, tabs expanded. */
export interface Row {
  /** The visible text, at most as wide as the wrapper's width. */
  text: string;
  /** The source behind `text` that is not shown: a newline, the spaces at which the line was wrapped, or nothing. */
  after: string;
}

export interface RowWrapper {
  /** Adds a piece of text. Returns the rows that are now complete and will not change. */
  push: (text: string) => Row[];
  /** Returns the rows of the open part as if nothing more arrived. */
  tail: () => Row[];
  /** Returns the rows of the open part and starts a new text. */
  end: () => Row[];
}

/** An open line: the words in its last row, the spaces behind them, and the unfinished word. */
interface OpenLine {
  row: string;
  rowWidth: number;
  gap: string;
  word: string;
  wordWidth: number;
  /** The last grapheme of `word`, to decide whether a break may follow it. */
  last: string;
}

export interface WrapOptions {
  /** A word wider than a row gets its own row and is cut at this many columns. Default: the width of a row. */
  longest?: number | undefined;
  /**
   * Where a row may end. `words`: at spaces and between wide characters. `spaces`: only at spaces. `columns`: at any character,
   * so that spaces are kept; each push must then contain whole characters.
   */
  breaks?: 'words' | 'spaces' | 'columns' | undefined;
}

/** The maximum width of a row, and of a word that is alone in a row. */
interface Limits {
  row: number;
  word: number;
  breaks: 'words' | 'spaces' | 'columns';
}

const EMPTY_LINE: OpenLine = { row: '', rowWidth: 0, gap: '', word: '', wordWidth: 0, last: '' };
const TAB_STOP = 4;
/**
 * In UTF-16 units. No character that people write is longer. Without a limit, one endless character would take quadratic time.
 */
const LONGEST_GRAPHEME = 64;
const LONGEST_BLOCK = 256;
const PLAIN = /^[\n\t\u0020-\u007e]*$/;
const CLOSING = /^[\p{Pe}\p{Pf}\p{Po}]/u;
const OPENING = /^[\p{Ps}\p{Pi}]/u;

/**
 * Wraps text that arrives in pieces into rows of at most `width` columns (at least 2), in linear time. All text that is wrapped
 * by its width on the screen is wrapped here. Expects visible text without styles (visibleTextStream). How the text is split into
 * pieces does not affect the rows.
 */
export function createRowWrapper(width: number, { longest = width, breaks = 'words' }: WrapOptions = {}): RowWrapper {
  const limits: Limits = { row: Math.max(2, Math.floor(width)), word: Math.max(2, Math.floor(Math.max(width, longest))), breaks };
  let line = { ...EMPTY_LINE };
  // The last character of a piece may get combining marks from the next one, or be half of a flag.
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

/** Returns all rows of a whole text. */
export function wrapRows(text: string, width: number, options?: WrapOptions): Row[] {
  const wrapper = createRowWrapper(width, options);
  return [...wrapper.push(text), ...wrapper.end()];
}

/**
 * Returns a line broken at its spaces into lines of fewer than `columns` columns, each with the indentation of the first. Words
 * are never cut.
 */
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

/** Splits text into short blocks, because the segmenter's time per character grows with the length of the text. */
function* blocksOf(text: string): Generator<string> {
  for (let start = 0; start < text.length;) {
    const end = start + LONGEST_BLOCK;
    // Keep surrogate pairs whole.
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
      // Segment the text behind the cut again, as if the piece had ended here.
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
  // A cut URL is useless, so it may extend to the edge of the screen.
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

/**
 * Reports whether a row may end between two graphemes. Scripts without spaces, whose characters are wide, break anywhere except
 * before closing and after opening punctuation.
 */
export function mayBreakBetween(before: string, after: string, afterWidth: number): boolean {
  if (afterWidth < 2 && graphemeWidth(before) < 2) return false;
  return !CLOSING.test(after) && !OPENING.test(before);
}
