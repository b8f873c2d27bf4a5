import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { onTestFinished } from 'vitest';
import { readToTheEnd } from './read-to-the-end.ts';
import { cleanEnvironment, ORX } from './run-orx.ts';
import { tempFolder } from './temp-home.ts';
import { startInHost, type TerminalCall, type TerminalProgram } from './terminal-host.ts';

export interface TerminalOptions {
  columns?: number;
  rows?: number;
  env?: Record<string, string>;
  home?: string;
  /** Working directory of the program. Default: the home folder. */
  folder?: string;
  /** Piped into the program's standard input with a newline; only its output is a terminal then. */
  pipedInput?: string;
  /** Receives the program's standard output; only its input and standard error are a terminal then. */
  outputFile?: string;
  /** Skips the emulator, which takes time; only the raw output is available. */
  isUnread?: boolean;
  /** Runs another program instead of orx. */
  program?: readonly string[];
  /** Runs in a separate process, for tests of startup, exit and signals. */
  isAlone?: boolean;
}

export interface TerminalRun {
  /** The program's output so far, including escape codes. */
  raw: () => string;
  /** The same output as bytes. */
  bytes: () => Buffer;
  /**
   * Returns the visible screen, one string per row, without trailing blanks. Waits until nothing has been written for a moment, so that a frame is
   * complete.
   */
  screen: () => Promise<string[]>;
  /** Scrollback and screen. */
  everything: () => Promise<string[]>;
  type: (text: string) => void;
  /** Resizes between two frames, and resolves once it has. */
  resize: (columns: number, rows: number) => Promise<void>;
  /** Resolves when `text` is anywhere in scrollback or screen; rejects after `ms` with the actual content. */
  waitFor: (text: string | RegExp, ms?: number) => Promise<void>;
  /** Process id of the program in the terminal. */
  pid: number;
  /** Resolves when the condition holds; rejects like waitFor. */
  until: (condition: () => boolean, ms?: number) => Promise<void>;
  /** Returns whether the program is suspended, by Ctrl-Z or a signal. */
  isStopped: () => boolean;
  exit: Promise<number>;
  hasEnded: () => boolean;
  kill: (signal?: string) => void;
}

/** Returns the process state as the system reports it; T is stopped. Undefined once the process has ended. */
function stateOf(pid: number): string | undefined {
  try {
    if (existsSync('/proc/self/stat')) return /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];
    return execFileSync('ps', ['-o', 'state=', '-p', String(pid)], { encoding: 'utf8' }).trim()[0];
  } catch {
    return undefined;
  }
}

/** Returns whether the program has nothing to do: it waits for an event, or is suspended. */
const isWaiting = (pid: number): boolean => /[STI]/.test(stateOf(pid) ?? '');

/** Resolves after the event loop has read what the program has written by now. */
const afterReading = (): Promise<void> => new Promise((resolve) => setTimeout(() => setImmediate(resolve), 1));

/** A busy machine may write a frame in two pieces this far apart. */
const REST_MS = 40;
/** The end of a row or of a frame. */
// oxlint-disable-next-line no-control-regex -- what programs write are control sequences
const WHOLE = /(?:^|\n|\u001b\[\?(?:2026l|25[hl]))$/;
const LONGEST_END = 8;
/** How long the rest of a row may take before a resize. A question has no rest. */
const REST_OF_ROW_MS = 3000;
/** A screen with a clock never rests. */
const LONGEST_UNREST_MS = 400;

/** Variables that libraries read while they load. */
const READ_AT_START = /^(?:NODE_.*|CI|CONTINUOUS_INTEGRATION|NO_COLOR|FORCE_COLOR|COLORTERM|TERM|INK_SCREEN_READER)$/;

const needsProcess = ({ isAlone, pipedInput, outputFile, program, env = {} }: TerminalOptions): boolean =>
  isAlone === true ||
  [pipedInput, outputFile, program].some((option) => option !== undefined) ||
  Object.keys(env).some((name) => READ_AT_START.test(name));

function startAlone(call: TerminalCall, options: TerminalOptions, onData: (piece: Buffer) => void): TerminalProgram {
  const { home, env, folder = home, columns, rows } = call;
  const command = [...(options.program ?? [process.execPath, ORX]), ...call.args];
  // The shell replaces itself with the program, so that signals and exit code are the program's own.
  const piped = ['/bin/sh', '-c', `exec "$@" <<'END'\n${options.pipedInput}\nEND`, 'sh', ...command];
  const redirected = ['/bin/sh', '-c', 'out=$1; shift; exec "$@" >"$out"', 'sh', options.outputFile ?? '', ...command];
  const [file, ...parameters] =
    options.outputFile !== undefined ? redirected : options.pipedInput === undefined ? command : piped;
  const pty = spawn(file!, parameters, {
    name: env['TERM'] ?? 'xterm-256color',
    cols: columns,
    rows: rows!,
    cwd: folder,
    // Ink shows no live frames if CI is set.
    env: cleanEnvironment(home, env),
    encoding: null,
  });
  readToTheEnd(pty);
  // Without an encoding it emits bytes, whatever its types say.
  pty.onData((data) => onData(Buffer.from(data)));
  const exit = new Promise<number>((resolve) => pty.onExit(({ exitCode }) => resolve(exitCode)));
  const kill = (signal?: string): void => pty.kill(signal);
  onTestFinished(() => {
    try {
      kill('SIGKILL');
    } catch {
      // The process has already ended.
    }
  });
  return { pid: pty.pid, write: (text) => pty.write(text), resize: (width, height) => pty.resize(width, height), kill, exit };
}

/**
 * Runs the built program in a real pseudo-terminal that a terminal emulator reads, in a process that has run it before if nothing needs a process of
 * its own.
 */
export function openTerminal(args: readonly string[], options: TerminalOptions = {}): TerminalRun {
  const columns = options.columns ?? 80;
  const rows = options.rows ?? 24;
  const home = options.home ?? tempFolder();
  // Output arrives in pieces that may end within a row. As in most terminals, a resize then breaks that row too instead of cutting it off.
  const reflow = { reflowCursorLine: true };
  const emulator = new xterm.Terminal({ cols: columns, rows, scrollback: 100_000, allowProposedApi: true, ...reflow });
  let raw = '';
  let ended = false;
  let isOver = false;
  const pieces: Buffer[] = [];
  const decoder = new StringDecoder('utf8');
  const isWhole = (): boolean => WHOLE.test(raw.slice(-LONGEST_END));
  const onData = (piece: Buffer): void => {
    pieces.push(piece);
    const text = decoder.write(piece);
    raw += text;
    // Text instead of bytes: the emulator loses the rest of a character such as • if it is cut after a second byte of 0x80.
    if (options.isUnread !== true && !isOver) emulator.write(text);
  };
  const call = { args, home, env: options.env ?? {}, folder: options.folder, columns, rows };
  const program = needsProcess(options) ? startAlone(call, options, onData) : startInHost(call, onData);
  // The program may query the terminal; this answers as a terminal does.
  emulator.onData((data) => program.write(data));
  const exit = program.exit.finally(() => (ended = true));
  onTestFinished(() => {
    isOver = true;
    emulator.dispose();
  });

  const atRest = async (): Promise<void> => {
    const end = Date.now() + LONGEST_UNREST_MS;
    for (let before = -1; before !== raw.length && Date.now() < end;) {
      before = raw.length;
      await new Promise((resolve) => setTimeout(resolve, REST_MS));
    }
  };
  const settled = () => new Promise<void>((resolve) => emulator.write('', resolve));
  const lines = (from: number, to: number): string[] => {
    const buffer = emulator.buffer.active;
    return Array.from({ length: to - from }, (_, index) => buffer.getLine(from + index)?.translateToString(true) ?? '');
  };
  const everything = async () => {
    await settled();
    return lines(0, emulator.buffer.active.length);
  };
  return {
    raw: () => raw,
    bytes: () => Buffer.concat(pieces),
    async screen() {
      await atRest();
      await settled();
      const top = emulator.buffer.active.baseY;
      return lines(top, top + emulator.rows);
    },
    everything,
    type: (text) => program.write(text),
    async resize(newColumns, newRows) {
      // The emulator reads later than this receives, and what it reads after a resize it lays out for the new size: a frame for the old size then
      // erases other rows than its own, and the rest of a row covers other text.
      const end = Date.now() + REST_OF_ROW_MS;
      for (let read = -1; ;) {
        await afterReading();
        if (ended) return;
        const isRead = read === raw.length;
        if ((isRead && isWhole() && isWaiting(program.pid)) || Date.now() > end) break;
        read = raw.length;
        await settled();
      }
      emulator.resize(newColumns, newRows);
      program.resize(newColumns, newRows);
    },
    async waitFor(text, ms = 120_000) {
      const end = Date.now() + ms;
      for (let seen = -1; ;) {
        // The screen has not changed if nothing was written.
        if (seen === raw.length && Date.now() <= end) {
          await new Promise((resolve) => setTimeout(resolve, 10));
          continue;
        }
        seen = raw.length;
        const shown = (await everything()).join('\n');
        if (typeof text === 'string' ? shown.includes(text) : text.test(shown)) return;
        if (Date.now() > end)
          throw new Error(`not on the screen within ${ms} ms: ${String(text)}\n--- screen ---\n${shown.trimEnd()}`);
        // Reading the screen takes longer than writing a letter; the next read shows any further output.
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    pid: program.pid,
    async until(condition, ms = 120_000) {
      for (const end = Date.now() + ms; !condition();) {
        if (Date.now() > end) throw new Error(`not so within ${ms} ms\n--- written ---\n${JSON.stringify(raw.slice(-2000))}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    exit,
    hasEnded: () => ended,
    isStopped: () => stateOf(program.pid) === 'T',
    kill: program.kill,
  };
}
