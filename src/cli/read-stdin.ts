import { fstatSync } from 'node:fs';
import { OrxError, usageError } from '../errors.ts';

/**
 * How long a silent input is waited for when there are words to work with: scripts, editors and schedulers often hand down a pipe that
 * nobody will ever write to or close.
 */
const SILENCE_MS = 2000;
const MAX_BYTES = 64 * 1024 * 1024;

export interface StdinOptions {
  words: readonly string[];
  isQuiet: boolean;
  signal: AbortSignal;
  stdin: NodeJS.ReadStream;
  stderr: NodeJS.WriteStream;
}

/** See Context.readStdin. */
export async function readStdin(options: StdinOptions): Promise<string | undefined> {
  const isDemanded = options.words.includes('-');
  if (!isDemanded && !mayHoldInput(options.stdin)) return undefined;
  const pieces: Buffer[] = [];
  let size = 0;
  const isRead = await new Promise<boolean>((resolve, reject) => {
    const { stdin, signal } = options;
    const timer =
      isDemanded || options.words.length === 0 ? undefined : setTimeout(() => settle(() => resolve(false)), SILENCE_MS);
    const onAbort = (): void => settle(() => reject(signal.reason as Error));
    const onData = (piece: Buffer): void => {
      clearTimeout(timer);
      size += piece.length;
      pieces.push(piece);
      if (size > MAX_BYTES) settle(() => reject(usageError(`standard input is larger than ${MAX_BYTES / 1024 / 1024} MB`)));
    };
    const onEnd = (): void => settle(() => resolve(true));
    const onError = (error: Error): void =>
      settle(() => reject(new OrxError('standard input cannot be read', { kind: 'unexpected', cause: error })));
    function settle(finish: () => void): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      stdin.off('data', onData).off('end', onEnd).off('error', onError);
      stdin.pause();
      finish();
    }
    stdin.on('data', onData).on('end', onEnd).on('error', onError);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
  });
  if (!isRead) {
    options.stdin.destroy();
    if (!options.isQuiet) {
      options.stderr.write(
        `orx: standard input stayed silent for ${SILENCE_MS / 1000} s and is left out; to wait for it add the word -\n`,
      );
    }
    return undefined;
  }
  return decode(Buffer.concat(pieces));
}

/** A terminal is for talking, a device such as /dev/null holds nothing; files, pipes and sockets may hold a prompt. */
function mayHoldInput(stdin: NodeJS.ReadStream): boolean {
  if (stdin.isTTY) return false;
  try {
    const stat = fstatSync(0);
    return stat.isFile() || stat.isFIFO() || stat.isSocket();
  } catch {
    // Standard input is closed.
    return false;
  }
}

function decode(bytes: Buffer): string | undefined {
  if (bytes.includes(0))
    throw usageError(
      'standard input is not text: it holds zero bytes',
      'pipe in text, or the output of a program that makes it one',
    );
  const text = new TextDecoder().decode(bytes);
  return text.trim() === '' ? undefined : text;
}
