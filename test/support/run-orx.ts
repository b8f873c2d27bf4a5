import { type ChildProcess, type ChildProcessWithoutNullStreams, fork, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { tempFolder } from './temp-home.ts';
import { V8_FLAGS } from './v8-flags.ts';

export const ORX = fileURLToPath(new URL('../../bin/orx.js', import.meta.url));
const HOST = fileURLToPath(new URL('orx-host.js', import.meta.url));

export interface RunOptions {
  /** Standard input; `undefined` closes it immediately, `'idle'` leaves a pipe open without writing to it. */
  stdin?: string | Uint8Array | 'idle' | undefined;
  /** Added to an otherwise nearly empty environment. */
  env?: Record<string, string>;
  /** ORX_HOME. Default: a new empty folder. */
  home?: string;
  /** Called once the program is running, to send signals or close pipes. */
  onStart?: (child: ChildProcessWithoutNullStreams) => void;
  /** Runs in a separate process, for tests of startup, exit or memory use. */
  isAlone?: boolean;
  /** A module with another `main`, instead of the built program. It runs in a process that has loaded it before. */
  program?: string;
}

export interface RunResult {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** Returns an environment without any of the developer's own settings. Compiled code is shared (see build-once.ts), but not with hosts: they have other flags of V8. */
export function cleanEnvironment(home: string, extra: Record<string, string> = {}): Record<string, string> {
  const own = { HOME: home, ORX_HOME: home, TZ: 'UTC', LANG: 'C.UTF-8' };
  return { PATH: process.env['PATH'] ?? '', ORX_CODE_CACHE: process.env['ORX_CODE_CACHE'] ?? '', ...own, ...extra };
}

/** Runs the built program with pipes on all three streams, as a script would. */
export async function runOrx(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const { both: _, ...result } = await runWithBoth(args, options);
  return result;
}

/** The same, with both streams in the order of the writes. A separate process has a pipe for each: then standard output comes first. */
export function runWithBoth(args: readonly string[], options: RunOptions = {}): Promise<RunResult & { both: string }> {
  const home = options.home ?? tempFolder();
  return options.program === undefined && needsProcess(args, options)
    ? runAlone(args, options, home).then((result) => ({ ...result, both: result.stdout + result.stderr }))
    : runInHost(args, options, home);
}

/**
 * Returns whether the run needs a separate process: for signals, closing pipes, a file descriptor as standard input, Node's own settings, and
 * variables that libraries read while they load.
 */
function needsProcess([first, second]: readonly string[], { isAlone, stdin, onStart, env = {} }: RunOptions): boolean {
  return (
    isAlone === true ||
    stdin === 'idle' ||
    onStart !== undefined ||
    first === '--complete' ||
    (first === 'ledger' && second === 'import') ||
    env['ORX_HOME'] === '' ||
    Object.keys(env).some((name) => name.startsWith('NODE_'))
  );
}

function runAlone(args: readonly string[], options: RunOptions, home: string): Promise<RunResult> {
  const child = spawn(process.execPath, [ORX, ...args], {
    env: cleanEnvironment(home, options.env),
    cwd: home,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // A hanging process does not outlive its test.
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

/** Processes that wait for a run, by the program that they have loaded; at most as many as one test has run at the same time. */
const idleHosts = new Map<string, ChildProcess[]>();
const BUILT = '';

function startHost(program: string): ChildProcess {
  const host = fork(HOST, program === BUILT ? [] : [program], {
    env: cleanEnvironment('/'),
    execArgv: V8_FLAGS,
    serialization: 'advanced',
    stdio: ['pipe', 'inherit', 'inherit', 'ipc'],
  });
  host.unref();
  host.channel?.unref();
  (host.stdin as unknown as { unref: () => void }).unref();
  return host;
}

/** Returns a process that waits for a run. It belongs to the caller until keepHost takes it back. */
export function takeHost(program = BUILT): ChildProcess {
  return idleHosts.get(program)?.pop() ?? startHost(program);
}

export function keepHost(host: ChildProcess, program = BUILT): void {
  if (host.killed) return;
  idleHosts.set(program, [...(idleHosts.get(program) ?? []), host]);
}

async function runInHost(
  args: readonly string[],
  { stdin = '', env, program }: RunOptions,
  home: string,
): Promise<RunResult & { both: string }> {
  const host = takeHost(program);
  let isOver = false;
  // A hanging process does not outlive its test.
  onTestFinished(() => void (isOver || host.kill('SIGKILL')));
  type Outcome = Record<'stdout' | 'stderr' | 'both', Uint8Array> & { code: number };
  const outcome = await new Promise<Outcome>((resolve, reject) => {
    const onExit = (): void => reject(new Error(`the process ended during: orx ${args.join(' ')}; such a run needs isAlone`));
    host.once('exit', onExit);
    host.once('message', (message) => {
      host.off('exit', onExit);
      resolve(message as Outcome);
    });
    host.send({ args, env: cleanEnvironment(home, env), folder: home, stdin });
  });
  isOver = true;
  keepHost(host, program);
  return {
    code: outcome.code,
    signal: null,
    stdout: Buffer.from(outcome.stdout).toString(),
    stderr: Buffer.from(outcome.stderr).toString(),
    both: Buffer.from(outcome.both).toString(),
  };
}
