import { graphemeWidth } from './width.ts';

/** One row of wrapped text. The `text + after` of all rows in order is the source, tabs expanded. */
export interface Row {
  /** The visible text, at most as wide as the wrapper's width. */
  text: string;
  /** The source behind `text` that is not shown: a newline, the spaces at which the line was wrapped, or nothing. */
  after: string;
}

/** An open line: the words in its last row, the spaces behind them, and the unfinished word. */
export interface OpenLine {
  row: string;
  rowWidth: number;
  gap: string;
  word: string;
  wordWidth: number;
  /** The last grapheme of `word`, to decide whether a break may follow it. */
  last: string;
}

/** The maximum width of a row, and of a word that is alone in a row. */
export interface WrapLimits {
  row: number;
  word: number;
  breaks: 'words' | 'spaces' | 'columns';
}

export function emptyLine(): OpenLine {
  return { row: '', rowWidth: 0, gap: '', word: '', wordWidth: 0, last: '' };
}

/** Not a spread: the hidden class of such a copy is collected with the last copy, and code that was optimized for it is lost. */
export function copyLine({ row, rowWidth, gap, word, wordWidth, last }: OpenLine): OpenLine {
  return { row, rowWidth, gap, word, wordWidth, last };
}

const TAB_STOP = 4;
const SPACE = 0x20;
const isClosing = (text: string): boolean => /^[\p{Pe}\p{Pf}\p{Po}]/u.test(text);
const isOpening = (text: string): boolean => /^[\p{Ps}\p{Pi}]/u.test(text);

/** Returns the rows of an open line as if it ended behind `pending`. Changes the line. */
export function closedRows(line: OpenLine, pending: string, limits: WrapLimits): Row[] {
  const rows: Row[] = [];
  addClosed(line, pending, limits, rows);
  return rows;
}

/** Adds the rows of an open line as if it ended behind `pending`. Changes the line. */
export function addClosed(line: OpenLine, pending: string, limits: WrapLimits, rows: Row[]): void {
  if (pending !== '') placeGrapheme(line, pending, limits, rows);
  if (line.word !== '') rows.push({ text: line.row + line.gap + line.word, after: '' });
  else if (line.row !== '' || line.gap !== '') rows.push({ text: line.row, after: line.gap });
}

/** Places text whose characters have one column each, newlines and tabs. */
export function placePlain(line: OpenLine, text: string, limits: WrapLimits, rows: Row[]): void {
  const isWhole = limits.breaks === 'columns';
  let stop = -1;
  for (let at = 0; at < text.length;) {
    if (!isWhole) {
      if (at > stop) stop = nextControl(text, at);
      at = placeFitting(line, text, at, stop, limits);
    }
    let end = at;
    while (end < text.length && isInWord(text.charCodeAt(end), isWhole)) end += 1;
    if (end > at) placeWord(line, text.slice(at, end), limits, rows);
    if (end < text.length) placeGrapheme(line, text[end]!, limits, rows);
    at = end + 1;
  }
}

/** Returns the index of the next newline or tab, or the length of the text. */
function nextControl(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  const tab = text.indexOf('\t', from);
  if (newline === -1) return tab === -1 ? text.length : tab;
  return tab === -1 ? newline : Math.min(newline, tab);
}

/**
 * Places the words and spaces before `to` that fit into the row, all at once: most text needs nothing else. Returns the index of what
 * is left, a word that does not fit or the space before it.
 */
function placeFitting(line: OpenLine, text: string, from: number, to: number, limits: WrapLimits): number {
  const room = limits.row - line.rowWidth - line.gap.length - line.wordWidth;
  if (room <= 0 || from >= to) return from;
  const end = to - from <= room ? to : text.lastIndexOf(' ', from + room);
  if (end <= from) return from;
  // Only a wide character may be separated from the word after it.
  if (line.word !== '' && limits.breaks === 'words' && mayBreakBetween(line.last, text[from]!, 1)) finishWord(line);
  const space = text.lastIndexOf(' ', end - 1);
  if (space < from) {
    line.word += text.slice(from, end);
    line.wordWidth += end - from;
    line.last = text[end - 1]!;
    return end;
  }
  let wordsEnd = space;
  while (wordsEnd > from && text.charCodeAt(wordsEnd - 1) === SPACE) wordsEnd -= 1;
  if (wordsEnd === from) {
    finishWord(line);
    line.gap += text.slice(from, space + 1);
  } else {
    line.row += line.gap + line.word + text.slice(from, wordsEnd);
    line.rowWidth += line.gap.length + line.wordWidth + wordsEnd - from;
    line.gap = text.slice(wordsEnd, space + 1);
  }
  line.word = text.slice(space + 1, end);
  line.wordWidth = end - space - 1;
  if (line.word !== '') line.last = text[end - 1]!;
  return end;
}

/** Where rows break at columns, blanks are like any other character. */
function isInWord(code: number, isWhole: boolean): boolean {
  return code > SPACE || (isWhole && code === SPACE);
}

/** Places characters of one column each. */
function placeWord(line: OpenLine, word: string, limits: WrapLimits, rows: Row[]): void {
  if (limits.breaks === 'columns') {
    for (let at = 0; at < word.length;) {
      if (line.rowWidth >= limits.row) placeInRow(line, word[at++]!, limits, rows);
      const part = word.slice(at, at + limits.row - line.rowWidth);
      line.row += part;
      line.rowWidth += part.length;
      at += part.length;
    }
    return;
  }
  placeInWord(line, word[0]!, 1, limits, rows);
  if (line.rowWidth + line.gap.length + line.wordWidth + word.length - 1 > limits.row) {
    for (let at = 1; at < word.length; at += 1) placeInWord(line, word[at]!, 1, limits, rows);
    return;
  }
  line.word += word.slice(1);
  line.wordWidth += word.length - 1;
  line.last = word.at(-1)!;
}

/** Places one character. Adds the rows that it completes to `rows`. */
export function placeGrapheme(line: OpenLine, grapheme: string, limits: WrapLimits, rows: Row[]): void {
  if (limits.breaks === 'columns') return placeInRow(line, grapheme, limits, rows);
  if (grapheme === '\n') {
    finishWord(line);
    rows.push({ text: line.row, after: `${line.gap}\n` });
    line.row = '';
    line.rowWidth = 0;
    line.gap = '';
  } else if (grapheme === ' ' || grapheme === '\t') {
    finishWord(line);
    line.gap += grapheme === ' ' ? ' ' : ' '.repeat(TAB_STOP - ((line.rowWidth + line.gap.length) % TAB_STOP));
  } else {
    const width = graphemeWidth(grapheme);
    if (width > limits.row) for (const point of grapheme) placeInWord(line, point, graphemeWidth(point), limits, rows);
    else placeInWord(line, grapheme, width, limits, rows);
  }
}

function placeInRow(line: OpenLine, grapheme: string, limits: WrapLimits, rows: Row[]): void {
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

function placeInWord(line: OpenLine, grapheme: string, width: number, limits: WrapLimits, rows: Row[]): void {
  if (line.word !== '' && limits.breaks === 'words' && mayBreakBetween(line.last, grapheme, width)) finishWord(line);
  if (line.rowWidth + line.gap.length + line.wordWidth + width > limits.row) makeRoom(line, width, limits, rows);
  line.word += grapheme;
  line.wordWidth += width;
  line.last = grapheme;
}

/** Completes rows until `width` more columns fit behind the open word. */
function makeRoom(line: OpenLine, width: number, limits: WrapLimits, rows: Row[]): void {
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
  return !isClosing(after) && !isOpening(before);
}
