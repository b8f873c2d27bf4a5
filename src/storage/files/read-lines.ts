import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { OrxError, usageError } from '../../errors.ts';
import { LineSplitter } from '../../text/line-splitter.ts';
import { STANDARD_INPUT } from '../../text/utf8.ts';
import { readFailure } from '../../text/file-failure.ts';

const STDIN = 0;
const PIECE = 256 * 1024;
const AGAIN_MS = 10;

/**
 * Yields the lines of a text file, or of standard input if there is no path. The file is never in memory as a whole. Throws kind `usage` for a
 * file that cannot be opened, a folder, a line that is too long, and text that is not UTF-8.
 */
export function* readLines(path: string | undefined): Generator<string> {
  const descriptor = path === undefined ? STDIN : open(path);
  try {
    if (fstatSync(descriptor).isDirectory()) throw usageError(`${path ?? 'standard input'} is a folder`, 'use a file');
    const splitter = new LineSplitter({ name: path ?? STANDARD_INPUT, path });
    const piece = Buffer.alloc(PIECE);
    for (let size = read(descriptor, piece); size > 0; size = read(descriptor, piece))
      yield* splitter.push(piece.subarray(0, size));
    yield* splitter.end();
  } finally {
    if (descriptor !== STDIN) closeSync(descriptor);
  }
}

function open(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw usageError(`cannot read ${path} (${readFailure(error)})`, 'check its name and permissions');
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
        throw new OrxError(`cannot read the input (${readFailure(error)})`, { kind: 'unexpected', cause: error });
      // Another process made the pipe non-blocking, and it has no data yet.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, AGAIN_MS);
    }
  }
}
