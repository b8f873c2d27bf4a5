import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { OrxError, usageError } from '../errors.ts';

const STDIN = 0;
const PIECE = 256 * 1024;
/** A line of a ledger has some hundred characters. */
const LONGEST_LINE = 4 * 1024 * 1024;
const AGAIN_MS = 10;

/**
 * The lines of a text file, or of standard input without a path, one after another: the file never stands in memory as a whole. Throws kind
 * `usage` for what cannot be opened, for a folder, and for a line that is too long to be one.
 */
export function* readLines(path: string | undefined): Generator<string> {
  const descriptor = path === undefined ? STDIN : open(path);
  try {
    if (fstatSync(descriptor).isDirectory()) throw usageError(`${path ?? 'standard input'} is a folder`, 'name a file');
    const decoder = new StringDecoder('utf8');
    const piece = Buffer.alloc(PIECE);
    let rest = '';
    for (let size = read(descriptor, piece); size > 0; size = read(descriptor, piece)) {
      const lines = (rest + decoder.write(piece.subarray(0, size))).split('\n');
      rest = lines.pop()!;
      if (rest.length > LONGEST_LINE) throw usageError(`${path ?? 'standard input'} has no lines`, 'is it the right file?');
      yield* lines;
    }
    rest += decoder.end();
    if (rest !== '') yield rest;
  } finally {
    if (descriptor !== STDIN) closeSync(descriptor);
  }
}

function open(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw usageError(
      `cannot read ${path} (${(error as NodeJS.ErrnoException).code ?? String(error)})`,
      'check its name and who may read it',
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
        throw new OrxError(`the input cannot be read (${code ?? String(error)})`, { kind: 'unexpected', cause: error });
      // A pipe that somebody else made non-blocking and that has nothing yet.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, AGAIN_MS);
    }
  }
}
