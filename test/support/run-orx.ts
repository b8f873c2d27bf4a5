import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { tempFolder } from './temp-home.ts';

export const ORX = fileURLToPath(new URL('../../bin/orx.js', import.meta.url));

export interface RunOptions {
  /** Standard input; `undefined` closes it at once, `'idle'` leaves an open pipe that never says anything. */
  stdin?: string | Uint8Array | 'idle' | undefined;
  /** Added to an otherwise almost empty environment. */
  env?: Record<string, string>;
  /** ORX_HOME; a new empty folder by default. */
  home?: string;
  /** Called once the program runs, to send signals or close pipes. */
  onStart?: (child: ChildProcessWithoutNullStreams) => void;
}

export interface RunResult {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** An environment in which nothing of the developer's own shows through. */
export function cleanEnvironment(home: string, extra: Record<string, string> = {}): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: home, ORX_HOME: home, TZ: 'UTC', LANG: 'C.UTF-8', ...extra };
}

/** Runs the built program with pipes on all three streams, as a script would. */
export function runOrx(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const home = options.home ?? tempFolder();
  const child = spawn(process.execPath, [ORX, ...args], {
    env: cleanEnvironment(home, options.env),
    cwd: home,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // What hangs does not outlive its test.
  onTestFinished(() => void child.kill('SIGKILL'));
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (piece: Buffer) => stdout.push(piece));
  child.stderr.on('data', (piece: Buffer) => stderr.push(piece));
  child.stdin.on('error', () => undefined);
  if (options.stdin !== 'idle') child.stdin.end(options.stdin ?? '');
  options.onStart?.(child);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({ code, signal, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() });
    });
  });
}
