import { spawn } from 'node:child_process';
import { endGroup, endWithLeader } from './process-group.ts';

export interface ProcessRun {
  /** The program and its arguments, as they are: no shell reads them. */
  argv: readonly [string, ...string[]];
  folder: string;
  env: Readonly<Record<string, string>>;
  /** Ends the program and all that it started. */
  signal: AbortSignal;
  timeoutMs: number;
  /** Of each of the two outputs no more than this is buffered. */
  maxBytes: number;
}

export interface ProcessEnd {
  /** Undefined when a signal ended it. */
  code: number | undefined;
  stdout: string;
  stderr: string;
  /** It ran longer than it may and was ended. */
  isTimedOut: boolean;
}

/**
 * Runs a program to its end with nothing to read, in a process group of its own, which is ended with it. Rejects when it cannot be started, and
 * with the signal's reason once the program is gone.
 */
export function runProcess({ argv, folder, env, signal, timeoutMs, maxBytes }: ProcessRun): Promise<ProcessEnd> {
  const [program, ...args] = argv;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const child = spawn(program, args, { cwd: folder, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    endWithLeader(child);
    const stdout = keepStart(child.stdout, maxBytes);
    const stderr = keepStart(child.stderr, maxBytes);
    let isTimedOut = false;
    const onAbort = (): void => endGroup(child);
    const timer = setTimeout(() => {
      isTimedOut = true;
      endGroup(child);
    }, timeoutMs);
    const settle = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    child.on('error', (error) => {
      settle();
      reject(error);
    });
    child.on('close', (code) => {
      settle();
      if (signal.aborted) return reject(signal.reason as Error);
      resolve({ code: code ?? undefined, stdout: stdout(), stderr: stderr(), isTimedOut });
    });
  });
}

/** The first bytes of a stream; the rest is read and dropped, so that the program is not blocked. */
function keepStart(stream: NodeJS.ReadableStream, maxBytes: number): () => string {
  const pieces: Buffer[] = [];
  let size = 0;
  stream.on('data', (piece: Buffer) => {
    // One byte more than may be shown says that there was more.
    if (size <= maxBytes) pieces.push(piece.subarray(0, maxBytes + 1 - size));
    size += piece.length;
  });
  return () => Buffer.concat(pieces).toString();
}
