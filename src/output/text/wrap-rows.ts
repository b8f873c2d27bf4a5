import { graphemes } from '../../core/graphemes.ts';
import {
  addClosed,
  closedRows,
  copyLine,
  emptyLine,
  type OpenLine,
  placeGrapheme,
  placePlain,
  type Row,
  type WrapLimits,
} from './open-line.ts';

export interface RowWrapper {
  /** Adds a piece of text. Returns the rows that are now complete and will not change. */
  push: (text: string) => Row[];
  /** Returns the rows of the open part as if nothing more arrived. */
  tail: () => Row[];
  /** Returns the rows of the open part and starts a new text. */
  end: () => Row[];
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

/**
 * In UTF-16 units. No character that people write is longer. Without a limit, one endless character would take quadratic time.
 */
const LONGEST_GRAPHEME = 64;
const LONGEST_BLOCK = 256;
const PLAIN = /^[\n\t\u0020-\u007e]*$/;
/** Plain characters, and those of frequent scripts that never combine with each other: in such text, each UTF-16 unit is a character. */
const ALONE =
  '\\n\\t\\u0020-\\u007e\\u00a1-\\u00ac\\u00ae-\\u02ff\\u0370-\\u0482\\u048a-\\u052f\\u1e00-\\u1fff\\u2010-\\u2027\\u2030-\\u205e\\u20a0-\\u20c0\\u3001-\\u3029\\u3041-\\u3096\\u309b-\\u30ff\\u3400-\\u9fff\\uac00-\\ud7a3\\uff01-\\uff9d';
/**
 * Text that needs the segmenter, with the characters beside it, which may belong to its first or last character. Between two
 * characters of the set a character always ends.
 */
const COMBINING = new RegExp(`[${ALONE}]?[^${ALONE}]+(?:[${ALONE}][^${ALONE}]+)*[${ALONE}]?`, 'g');
/** The characters of the set before this code are one column wide. */
const FIRST_WIDE = 0x1100;

/**
 * Wraps text that arrives in pieces into rows of at most `width` columns (at least 2), in linear time. All text that is wrapped
 * by its width on the screen is wrapped here. Expects visible text without styles (visibleTextStream). How the text is split into
 * pieces does not affect the rows.
 */
export function createRowWrapper(width: number, options: WrapOptions = {}): RowWrapper {
  return new LineWrapper(limitsOf(width, options));
}

function limitsOf(width: number, { longest = width, breaks = 'words' }: WrapOptions): WrapLimits {
  return { row: Math.max(2, Math.floor(width)), word: Math.max(2, Math.floor(Math.max(width, longest))), breaks };
}

/** A class, because each frame of a streamed answer makes wrappers. */
class LineWrapper implements RowWrapper {
  readonly #limits: WrapLimits;
  #line = emptyLine();
  /** The last character of a piece may get combining marks from the next one, or be half of a flag. */
  #pending = '';

  constructor(limits: WrapLimits) {
    this.#limits = limits;
  }

  push(text: string): Row[] {
    const rows: Row[] = [];
    if (text.length > LONGEST_BLOCK) for (const block of blocksOf(text)) this.#place(block, rows);
    else if (text !== '') this.#place(text, rows);
    if (this.#limits.breaks === 'columns' && this.#pending !== '') {
      placeGrapheme(this.#line, this.#pending, this.#limits, rows);
      this.#pending = '';
    }
    return rows;
  }

  tail(): Row[] {
    return closedRows(copyLine(this.#line), this.#pending, this.#limits);
  }

  end(): Row[] {
    const rows = closedRows(this.#line, this.#pending, this.#limits);
    this.#line = emptyLine();
    this.#pending = '';
    return rows;
  }

  #place(block: string, rows: Row[]): void {
    this.#pending = placeAllButLast(this.#line, this.#pending + block, this.#limits, rows);
  }
}

/** Returns all rows of a whole text. */
export function wrapRows(text: string, width: number, options: WrapOptions = {}): Row[] {
  const limits = limitsOf(width, options);
  if (PLAIN.test(text)) {
    const rows: Row[] = [];
    const line = emptyLine();
    placePlain(line, text, limits, rows);
    addClosed(line, '', limits, rows);
    return rows;
  }
  const wrapper = new LineWrapper(limits);
  const rows = wrapper.push(text);
  rows.push(...wrapper.end());
  return rows;
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

/** Splits text into short blocks, because the segmenter's time per character grows with the length of the text. */
function blocksOf(text: string): readonly string[] {
  const blocks: string[] = [];
  for (let start = 0; start < text.length;) {
    const end = start + LONGEST_BLOCK;
    // Keep surrogate pairs whole.
    const next = /[\ud800-\udbff]/.test(text.charAt(end - 1)) ? end + 1 : end;
    blocks.push(text.slice(start, next));
    start = next;
  }
  return blocks;
}

/** Places the characters of a text. Returns the last one instead, unless it is a newline: later text may continue it. */
function placeAllButLast(line: OpenLine, text: string, limits: WrapLimits, rows: Row[]): string {
  const isPlain = PLAIN.test(text);
  let at = 0;
  if (!isPlain) {
    for (const { 0: part, index } of text.matchAll(COMBINING)) {
      placeAlone(line, text.slice(at, index), limits, rows);
      at = index + part.length;
      const graphemes = splitGraphemes(part);
      const last = at === text.length && graphemes.at(-1) !== '\n' ? graphemes.pop() : undefined;
      for (const grapheme of graphemes) placeGrapheme(line, grapheme, limits, rows);
      if (last !== undefined) return last;
    }
  }
  const end = at === text.length || text.endsWith('\n') ? text.length : text.length - 1;
  if (isPlain) placePlain(line, text.slice(at, end), limits, rows);
  else placeAlone(line, text.slice(at, end), limits, rows);
  return text.slice(end);
}

/** Places text each of whose UTF-16 units is a character. */
function placeAlone(line: OpenLine, text: string, limits: WrapLimits, rows: Row[]): void {
  for (let at = 0; at < text.length;) {
    let end = at;
    while (end < text.length && text.charCodeAt(end) < FIRST_WIDE) end += 1;
    if (end > at) placePlain(line, text.slice(at, end), limits, rows);
    if (end < text.length) placeGrapheme(line, text[end]!, limits, rows);
    at = end + 1;
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
