import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { cleanEnvironment, keepHost, ORX, takeHost } from './run-orx.ts';

export interface ServeOptions {
  /** ORX_HOME. Default: a new empty folder. */
  home?: string;
  /** Added to an otherwise nearly empty environment. */
  env?: Readonly<Record<string, string>>;
  /** Runs in a separate process: for signals other than SIGINT and SIGHUP, and for tests that kill it. */
  isAlone?: boolean;
  /** Receives the function that stops the server. Default: vitest's onTestFinished. */
  cleanUp?: (work: () => Promise<void>) => void;
}

/** A running `orx serve` that stops at the end of the test. */
export interface RunningServe {
  /** The URL that it printed. */
  url: string;
  stdout: () => string;
  stderr: () => string;
  /** Resolves when standard error contains this text. */
  told: (text: string) => Promise<void>;
  /** Sends a signal and waits for the exit. Default: SIGINT. Resolves to the exit code. */
  stop: (signal?: NodeJS.Signals) => Promise<number | null>;
  signal: (signal: NodeJS.Signals) => void;
}

/** Milliseconds that a gateway in a shared process may take to stop after its test before the process is killed. */
const ENDS_MS = 2000;
const SHARED_SIGNALS: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGHUP']);

/**
 * Starts the built `orx serve` on a free port. It runs in a process that has already loaded the program (orx-host.js): starting a process takes
 * several times longer than most tests of the server.
 */
export async function runServe(args: readonly string[], options: ServeOptions = {}): Promise<RunningServe> {
  const ownHome = options.home === undefined ? mkdtempSync(join(tmpdir(), 'orx-serve-')) : undefined;
  const home = options.home ?? ownHome!;
  const all = ['serve', '--port', '0', ...args];
  const env = cleanEnvironment(home, options.env);
  const cleanUp = options.cleanUp ?? ((work: () => Promise<void>): void => onTestFinished(work));
  const output = new Output();
  const ending = options.isAlone === true ? startAlone(all, env, home, output) : startInHost(all, env, home, output);
  cleanUp(async () => {
    await ending.end();
    if (ownHome !== undefined) rmSync(ownHome, { recursive: true, force: true });
  });
  const url = await Promise.race([
    output.firstLine,
    ending.exit.then((code) => {
      throw new Error(`orx serve ended with ${code}: ${output.stderr}`);
    }),
  ]);
  return {
    url,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    told: (text) => output.told(text),
    stop(signal = 'SIGINT') {
      ending.signal(signal);
      return ending.exit;
    },
    signal: ending.signal,
  };
}

class Output {
  stdout = '';
  stderr = '';
  readonly firstLine: Promise<string>;
  #gotLine!: (line: string) => void;
  readonly #waiting: { text: string; resolve: () => void }[] = [];

  constructor() {
    this.firstLine = new Promise((resolve) => (this.#gotLine = resolve));
  }

  take(name: 'stdout' | 'stderr', piece: Uint8Array): void {
    this[name] += Buffer.from(piece).toString();
    if (name === 'stdout' && this.stdout.includes('\n')) this.#gotLine(this.stdout.slice(0, this.stdout.indexOf('\n')));
    for (const one of this.#waiting) if (this.stderr.includes(one.text)) one.resolve();
  }

  told(text: string): Promise<void> {
    return new Promise((resolve) => (this.stderr.includes(text) ? resolve() : void this.#waiting.push({ text, resolve })));
  }
}

interface Ending {
  signal: (signal: NodeJS.Signals) => void;
  exit: Promise<number | null>;
  end: () => Promise<void>;
}

function startAlone(args: readonly string[], env: Record<string, string>, cwd: string, output: Output): Ending {
  const child = spawn(process.execPath, [ORX, ...args], { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const name of ['stdout', 'stderr'] as const) child[name].on('data', (piece: Buffer) => output.take(name, piece));
  const exit = new Promise<number | null>((resolve) => child.on('close', resolve));
  return {
    signal: (signal) => void child.kill(signal),
    exit,
    async end() {
      child.kill('SIGKILL');
      await exit;
    },
  };
}

function startInHost(args: readonly string[], env: Record<string, string>, folder: string, output: Output): Ending {
  const host = takeHost();
  let isOver = false;
  const exit = new Promise<number | null>((resolve) => {
    const finish = (code: number | null): void => {
      isOver = true;
      host.off('message', onMessage).off('exit', finish);
      resolve(code);
    };
    const onMessage = (message: { stdout?: Uint8Array; stderr?: Uint8Array; code?: number }): void => {
      for (const name of ['stdout', 'stderr'] as const) if (message[name] !== undefined) output.take(name, message[name]);
      if (message.code === undefined) return;
      finish(message.code);
      keepHost(host);
    };
    host.on('message', onMessage).on('exit', finish);
  });
  host.send({ args, env, folder, isServing: true });
  const signal = (name: NodeJS.Signals): void => {
    if (!SHARED_SIGNALS.has(name)) throw new Error(`${name} needs isAlone`);
    if (!isOver) host.send({ signal: name });
  };
  return { signal, exit, end: () => endInHost(host, signal, exit) };
}

async function endInHost(host: ChildProcess, signal: Ending['signal'], exit: Ending['exit']): Promise<void> {
  signal('SIGINT');
  const timer = setTimeout(() => host.kill('SIGKILL'), ENDS_MS);
  await exit;
  clearTimeout(timer);
}
