import { fstatSync, readSync } from 'node:fs';

/** A line of a file, without its line end, and where it is. */
export interface PlacedLine {
  offset: number;
  /** In bytes. */
  length: number;
  text: string;
}

const PIECE = 256 * 1024;
const LINE_END = 0x0a;
/** A longer line cannot be an answer, so it is skipped, so that a damaged file cannot fill the memory. */
const LONGEST_LINE = 256 * 1024 * 1024;

/**
 * Yields the lines of an open file. Only one line is in memory at a time. A last line without a line end, torn by a kill or a full
 * disk, is yielded like the others; the caller decides whether it is whole.
 */
export function* journalLines(descriptor: number): Generator<PlacedLine> {
  const { size } = fstatSync(descriptor);
  const piece = Buffer.alloc(PIECE);
  let parts: Buffer[] = [];
  let length = 0;
  let start = 0;
  for (let at = 0; at < size;) {
    const count = readSync(descriptor, piece, 0, PIECE, at);
    if (count === 0) break;
    let from = 0;
    for (let end = piece.indexOf(LINE_END); end !== -1 && end < count; end = piece.indexOf(LINE_END, from)) {
      length += end - from;
      if (length > 0 && length <= LONGEST_LINE) yield { offset: start, length, text: joined(parts, piece.subarray(from, end)) };
      from = end + 1;
      [parts, length, start] = [[], 0, at + from];
    }
    length += count - from;
    if (length <= LONGEST_LINE) parts.push(Buffer.from(piece.subarray(from, count)));
    else parts = [];
    at += count;
  }
  if (length > 0 && length <= LONGEST_LINE) yield { offset: start, length, text: joined(parts, Buffer.alloc(0)) };
}

function joined(parts: readonly Buffer[], last: Buffer): string {
  return parts.length === 0 ? last.toString('utf8') : Buffer.concat([...parts, last]).toString('utf8');
}
