import { isUtf8 } from 'node:buffer';
import { usageError } from '../errors.ts';
import { notUtf8, type TextSource, withoutMark } from './utf8.ts';

/** In bytes. */
const LONGEST_LINE = 4 * 1024 * 1024;

/** Splits the bytes of a text into lines. Throws kind `usage` for a line that is too long, and for text that is not UTF-8. */
export class LineSplitter {
  readonly #source: TextSource;
  #rest: Buffer = Buffer.alloc(0);
  #known = 0;

  constructor(source: TextSource) {
    this.#source = source;
  }

  /** Returns the lines that the bytes complete. The bytes may be overwritten afterwards. */
  push(piece: Uint8Array): readonly string[] {
    const bytes = Buffer.concat([this.#rest, piece]);
    const end = bytes.lastIndexOf('\n') + 1;
    this.#rest = bytes.subarray(end);
    if (this.#rest.length > LONGEST_LINE)
      throw usageError(`${this.#source.name} has a line longer than 4 MB`, 'check the file name');
    return end === 0 ? [] : this.#linesOf(bytes.subarray(0, end - 1));
  }

  /** Returns the last line, if it does not end with a line break. */
  end(): readonly string[] {
    return this.#rest.length === 0 ? [] : this.#linesOf(this.#rest);
  }

  #linesOf(bytes: Buffer): readonly string[] {
    if (!isUtf8(bytes) || bytes.includes(0)) throw notUtf8(this.#source, bytes, this.#known);
    const text = bytes.toString('utf8');
    const lines = (this.#known === 0 ? withoutMark(text) : text).split('\n');
    this.#known += lines.length;
    return lines;
  }
}
