import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type IPty, spawn } from '@lydell/node-pty';
import { onTestFinished } from 'vitest';
import { readToTheEnd } from './read-to-the-end.ts';
import { cleanEnvironment } from './run-orx.ts';
import { V8_FLAGS } from './v8-flags.ts';

const HOST = fileURLToPath(new URL('orx-host.js', import.meta.url));
/** How long a program may take to end after its test. */
const LEAVING_MS = 5000;

export interface TerminalCall {
  args: readonly string[];
  home: string;
  env: Record<string, string>;
  /** Working directory. Default: the home. */
  folder?: string | undefined;
  columns: number;
  /** Default: 24. */
  rows?: number;
}

/** A program on a terminal. */
export interface TerminalProgram {
  pid: number;
  write: (text: string) => void;
  resize: (columns: number, rows: number) => void;
  kill: (signal?: string) => void;
  /** Resolves to the exit code when all output has been received. */
  exit: Promise<number>;
}

/** Terminal output and exit code of a run. */
export interface Written {
  code: number;
  bytes: Buffer;
}

interface Run {
  onData: (piece: Buffer) => void;
  onEnd: (code: number) => void;
}

interface TerminalHost {
  pty: IPty;
  send: (job: object) => void;
  /** The job that is running. */
  run: Run | undefined;
  hasEnded: boolean;
}

/** Idle hosts. They end with this process. */
const idleHosts: TerminalHost[] = [];

/** Runs the built program on a pseudo-terminal of 24 rows, in a process that has run it before. Types nothing. */
export async function runInTerminal(columns: number, call: Omit<TerminalCall, 'columns'>): Promise<Written> {
  const pieces: Buffer[] = [];
  const code = await startInHost({ ...call, columns }, (piece) => pieces.push(piece)).exit;
  return { code, bytes: Buffer.concat(pieces) };
}

/**
 * Starts the built program on a pseudo-terminal, in a process that has run it before (orx-host.js). When the test is finished, a program that still
 * runs is asked to end, as by a closed terminal.
 */
export function startInHost(call: TerminalCall, onData: (piece: Buffer) => void): TerminalProgram {
  const { args, home, env, folder = home, columns, rows = 24 } = call;
  const host = idleHosts.pop() ?? openHost();
  const { pty } = host;
  pty.resize(columns, rows);
  const exit = new Promise<number>((resolve) => {
    const onEnd = (code: number): void => {
      host.run = undefined;
      if (!host.hasEnded) idleHosts.push(host);
      resolve(code);
    };
    host.run = { onData, onEnd };
    host.send({ args, folder, env: { TERM: 'xterm-256color', ...cleanEnvironment(home, env) } });
  });
  onTestFinished(async () => {
    if (host.run === undefined || host.run.onData !== onData) return;
    // Nothing more is received, for example by an emulator that no longer exists.
    host.run.onData = () => undefined;
    host.send({ signal: 'SIGHUP' });
    const timer = setTimeout(() => pty.kill('SIGKILL'), LEAVING_MS);
    await exit;
    clearTimeout(timer);
  });
  return {
    pid: pty.pid,
    // Keys for a program that has ended would reach the next one.
    write: (text) => void (host.run?.onData === onData && pty.write(text)),
    resize: (newColumns, newRows) => pty.resize(newColumns, newRows),
    kill() {
      throw new Error('a program that gets a signal needs isAlone');
    },
    exit,
  };
}

function openHost(): TerminalHost {
  const folder = mkdtempSync(join(tmpdir(), 'orx-host-'));
  const socketPath = join(folder, 'jobs');
  // Random, so that no external text can look like the end of a run. Nothing else that orx writes has a NUL.
  const end = `\0${randomUUID()}`;
  let connected: (socket: Socket) => void = () => undefined;
  const connection = new Promise<Socket>((resolve) => (connected = resolve));
  const server = createServer((socket) => {
    server.close();
    rmSync(folder, { recursive: true });
    // An idle host does not keep this process alive, and it ends with this process.
    socket.unref();
    // A killed host may not have read everything.
    socket.on('error', () => undefined);
    connected(socket);
  });
  server.listen(socketPath);
  const pty = spawn(process.execPath, [...V8_FLAGS, HOST, socketPath, end.slice(1)], {
    name: 'xterm-256color',
    cwd: '/',
    env: cleanEnvironment('/'),
    encoding: null,
  });
  const host: TerminalHost = {
    pty,
    send: (job) => void connection.then((socket) => socket.write(`${JSON.stringify(job)}\n`)),
    run: undefined,
    hasEnded: false,
  };
  let held = Buffer.alloc(0);
  pty.onData((data) => {
    // Without an encoding it emits bytes, whatever its types say.
    held = Buffer.concat([held, Buffer.from(data)]);
    const text = held.toString('latin1');
    const ending = new RegExp(`${end} (\\d+)\\r?\\n$`).exec(text);
    // What may be the beginning of the end waits for more.
    const last = text.lastIndexOf('\0');
    const isBegun = last !== -1 && (end.startsWith(text.slice(last)) || text.startsWith(end, last));
    const output = held.subarray(0, ending?.index ?? (isBegun ? last : held.length));
    held = ending === null ? held.subarray(output.length) : Buffer.alloc(0);
    if (output.length > 0) host.run?.onData(output);
    if (ending !== null) host.run?.onEnd(Number(ending[1]));
  });
  readToTheEnd(pty);
  pty.onExit(({ exitCode }) => {
    host.hasEnded = true;
    host.run?.onEnd(exitCode);
  });
  void connection.then(() => (pty as unknown as { _socket: Socket })._socket.unref());
  return host;
}
