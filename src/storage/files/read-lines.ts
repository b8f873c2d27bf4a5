import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { isUtf8 } from 'node:buffer';
import { OrxError, usageError } from '../../errors.ts';
import { notUtf8, STANDARD_INPUT, type TextSource, withoutMark } from '../../text/utf8.ts';

const STDIN = 0;
const PIECE = 256 * 1024;
/** A line of a ledger has some hundred characters. */
const LONGEST_LINE = 4 * 1024 * 1024;
const AGAIN_MS = 10;

/**
 * Yields the lines of a text file, or of standard input if there is no path. The file is never in memory as a whole. Throws kind `usage` for a
 * file that cannot be opened, a folder, a line that is too long, and text that is not UTF-8.
 */
export function* readLines(path: string | undefined): Generator<string> {
  const descriptor = path === undefined ? STDIN : open(path);
  try {
    if (fstatSync(descriptor).isDirectory()) throw usageError(`${path ?? 'standard input'} is a folder`, 'use a file');
    const source = { name: path ?? STANDARD_INPUT, path };
    const piece = Buffer.alloc(PIECE);
    let rest: Buffer = Buffer.alloc(0);
    let known = 0;
    for (let size = read(descriptor, piece); size > 0; size = read(descriptor, piece)) {
      const bytes = Buffer.concat([rest, piece.subarray(0, size)]);
      const end = bytes.lastIndexOf('\n') + 1;
      rest = bytes.subarray(end);
      if (rest.length > LONGEST_LINE) throw usageError(`${source.name} has a line longer than 4 MB`, 'check the file name');
      if (end === 0) continue;
      const lines = textOf(source, bytes.subarray(0, end - 1), known).split('\n');
      yield* lines;
      known += lines.length;
    }
    if (rest.length > 0) yield textOf(source, rest, known);
  } finally {
    if (descriptor !== STDIN) closeSync(descriptor);
  }
}

/** Decodes whole lines; `known` is the number of lines before them. */
function textOf(source: TextSource, bytes: Buffer, known: number): string {
  if (!isUtf8(bytes) || bytes.includes(0)) throw notUtf8(source, bytes, known);
  const text = bytes.toString('utf8');
  return known === 0 ? withoutMark(text) : text;
}

function open(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw usageError(
      `cannot read ${path} (${(error as NodeJS.ErrnoException).code ?? String(error)})`,
      'check its name and permissions',
    );
  }
}

function read(descriptor: number, piece: Buffer): number {
  for (;;) {
    try {
      return readSync(descriptor, piece);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN')
        throw new OrxError(`cannot read the input (${code ?? String(error)})`, { kind: 'unexpected', cause: error });
      // Another process made the pipe non-blocking, and it has no data yet.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, AGAIN_MS);
    }
  }
}
