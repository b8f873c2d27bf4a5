/** One row of a CSV text, before anything is known about its columns. */
export interface CsvRecord {
  fields: string[];
  /** The line on which it begins, from 1. */
  line: number;
}

const QUOTE = 34;
const LF = 10;
const CR = 13;

/**
 * Splits CSV text that comes in pieces into rows. The first line end outside of quotes is that of the whole file; other ones are
 * text. A quote inside an unquoted field is text, and so are the quotes of a field with text behind its closing quote.
 */
export class CsvSplitter {
  readonly #delimiter: string;
  /** `\n`, `\r\n` or `\r`; undefined before the first line end. */
  #lineEnd: string | undefined;
  #text = '';
  /** Where the next row begins in `#text`. */
  #at = 0;
  #line = 1;
  /** A row that does not end in this many characters is not split again before the text is twice as long. */
  #enough = 0;

  constructor(delimiter: string) {
    this.#delimiter = delimiter;
  }

  /** Returns the line on which the next row begins. */
  get line(): number {
    return this.#line;
  }

  /** Number of characters of the row that is not complete. */
  get pending(): number {
    return this.#text.length - this.#at;
  }

  /** Yields the rows that are complete with this piece. */
  *push(piece: string): Generator<CsvRecord> {
    this.#text = this.#text.slice(this.#at) + piece;
    this.#at = 0;
    if (this.#text.length < this.#enough) return;
    yield* this.#rows(false);
    this.#enough = 2 * this.pending;
  }

  /** Yields the last rows. One whose last quote is not closed is left out, and stays pending. */
  end(): Iterable<CsvRecord> {
    return this.#rows(true);
  }

  *#rows(isEnd: boolean): Generator<CsvRecord> {
    while (this.#at < this.#text.length) {
      const { line } = this;
      const fields = this.#row(isEnd);
      if (fields === undefined) return;
      yield { fields, line };
    }
  }

  /** Takes the next row; undefined if it is not complete. */
  #row(isEnd: boolean): string[] | undefined {
    const text = this.#text;
    const fields: string[] = [];
    let lines = 0;
    let at = this.#at;
    for (;;) {
      let field = '';
      if (text.charCodeAt(at) === QUOTE) {
        const end = closingQuote(text, at + 1);
        // The closing quote may be the first one of a pair, and a carriage return behind it the first part of a line end.
        if (end === -1 || (!isEnd && end + 2 >= text.length)) return undefined;
        const content = text.slice(at + 1, end);
        lines += lineEndsIn(content);
        field = content.includes('"') ? content.replaceAll('""', '"') : content;
        at = end + 1;
        if (!this.#isEndOfField(at)) field = `"${field}"`;
      }
      const end = this.#endOfField(at);
      if (end === text.length && !isEnd) return undefined;
      if (end > at) {
        const rest = text.slice(at, end);
        if (this.#lineEnd !== '\n') lines += lineEndsIn(rest);
        field += rest;
      }
      fields.push(field);
      at = end;
      if (at < text.length && text.startsWith(this.#delimiter, at)) {
        at += this.#delimiter.length;
        continue;
      }
      if (at < text.length) {
        // The next character decides whether a carriage return at the end is a whole line end.
        if (this.#lineEnd === undefined && !isEnd && at + 1 === text.length) return undefined;
        this.#lineEnd ??= lineEndAt(text, at);
        at += this.#lineEnd.length;
        lines += 1;
      }
      this.#at = at;
      this.#line += lines;
      return fields;
    }
  }

  #isEndOfField(at: number): boolean {
    return at === this.#text.length || this.#text.startsWith(this.#delimiter, at) || this.#isLineEnd(at);
  }

  #isLineEnd(at: number): boolean {
    if (this.#lineEnd !== undefined) return this.#text.startsWith(this.#lineEnd, at);
    const code = this.#text.charCodeAt(at);
    return code === LF || code === CR;
  }

  /** Returns where an unquoted field ends: at a delimiter, a line end or the end of the text. */
  #endOfField(from: number): number {
    const text = this.#text;
    const delimiter = this.#delimiter.charCodeAt(0);
    const { length } = text;
    for (let at = from; at < length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === delimiter || ((code === LF || code === CR) && this.#isLineEnd(at))) return at;
    }
    return length;
  }
}

/** Returns the index of the quote that closes a quoted field, or -1. */
function closingQuote(text: string, start: number): number {
  let at = text.indexOf('"', start);
  while (at !== -1 && text.charCodeAt(at + 1) === QUOTE) at = text.indexOf('"', at + 2);
  return at;
}

function lineEndAt(text: string, at: number): string {
  if (text.charCodeAt(at) === LF) return '\n';
  return text.charCodeAt(at + 1) === LF ? '\r\n' : '\r';
}

function lineEndsIn(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === LF || (code === CR && text.charCodeAt(at + 1) !== LF)) count += 1;
  }
  return count;
}
