import { spawn } from 'node:child_process';
import { endGroup, endWithLeader } from './process-group.ts';
import { startFailure } from './start-failure.ts';

export interface ProcessRun {
  /** The program and its arguments, passed without a shell. */
  argv: readonly [string, ...string[]];
  folder: string;
  env: Readonly<Record<string, string>>;
  /** Ends the program and everything that it started. */
  signal: AbortSignal;
  timeoutMs: number;
  /** Maximum buffered size of each of the two outputs. */
  maxBytes: number;
}

export interface ProcessEnd {
  /** Undefined when a signal ended the program. */
  code: number | undefined;
  stdout: string;
  stderr: string;
  /** The program exceeded its time limit and was ended. */
  isTimedOut: boolean;
}

/**
 * Runs a program to its end with empty input, in its own process group, which is killed when the program exits. Rejects when the
 * program cannot be started, and with the signal's reason once the program is gone.
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
      reject(startFailure(error, program));
    });
    child.on('close', (code) => {
      settle();
      if (signal.aborted) return reject(signal.reason as Error);
      resolve({ code: code ?? undefined, stdout: stdout(), stderr: stderr(), isTimedOut });
    });
  });
}

/** Buffers the first bytes of a stream. Reads and drops the rest, so that the program is not blocked. */
function keepStart(stream: NodeJS.ReadableStream, maxBytes: number): () => string {
  const pieces: Buffer[] = [];
  let size = 0;
  stream.on('data', (piece: Buffer) => {
    // One more byte than the limit shows that the output was longer.
    if (size <= maxBytes) pieces.push(piece.subarray(0, maxBytes + 1 - size));
    size += piece.length;
  });
  return () => Buffer.concat(pieces).toString();
}
