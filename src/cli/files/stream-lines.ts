import { createReadStream, fstatSync } from 'node:fs';
import { OrxError, usageError } from '../../errors.ts';
import { LineSplitter } from '../../text/line-splitter.ts';
import { STANDARD_INPUT } from '../../text/utf8.ts';
import { readFailure } from '../../text/file-failure.ts';

/** Yields the lines of a file, or of standard input, as they arrive. See Files.streamLines. */
export async function* streamLines(
  path: string | undefined,
  { stdin, signal }: { stdin: NodeJS.ReadStream; signal: AbortSignal },
): AsyncGenerator<readonly string[], void, undefined> {
  const splitter = new LineSplitter({ name: path ?? STANDARD_INPUT, path });
  const stream = path === undefined ? inputStream(stdin) : createReadStream(path);
  if (stream === undefined) return;
  // Ends the wait for input that never comes.
  const stop = (): void => void stream.destroy();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    for await (const piece of stream) {
      const lines = splitter.push(piece as Buffer);
      if (lines.length > 0) yield lines;
    }
    const last = splitter.end();
    if (last.length > 0) yield last;
  } catch (error) {
    if (signal.aborted) return;
    throw error instanceof OrxError ? error : unreadable(path, error as NodeJS.ErrnoException);
  } finally {
    signal.removeEventListener('abort', stop);
    stream.destroy();
  }
}

/** Undefined when standard input is closed. */
function inputStream(stdin: NodeJS.ReadStream): NodeJS.ReadStream | undefined {
  try {
    if (!stdin.isTTY && fstatSync(0).isDirectory()) throw usageError('standard input is a folder', 'use a file: -f FILE');
    return stdin;
  } catch (error) {
    if (error instanceof OrxError) throw error;
    return undefined;
  }
}

function unreadable(path: string | undefined, error: NodeJS.ErrnoException): OrxError {
  if (path === undefined) return new OrxError('cannot read standard input', { kind: 'unexpected', cause: error });
  return error.code === 'EISDIR'
    ? usageError(`${path} is a folder`, 'use a file')
    : usageError(`cannot read ${path} (${readFailure(error)})`, 'check its name and permissions');
}
