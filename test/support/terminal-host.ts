import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';
import { onTestFinished } from 'vitest';
import { readToTheEnd } from './read-to-the-end.ts';
import { cleanEnvironment } from './run-orx.ts';

const HOST = fileURLToPath(new URL('orx-host.js', import.meta.url));

export interface TerminalCall {
  args: readonly string[];
  home: string;
  env: Record<string, string>;
}

/** Terminal output and exit code of a run. */
export interface Written {
  code: number;
  bytes: Buffer;
}

interface TerminalHost {
  run: (call: TerminalCall) => Promise<Written>;
  hasEnded: () => boolean;
  kill: () => void;
}

/** Idle hosts by number of columns; they end with this process. */
const idleHosts = new Map<number, TerminalHost[]>();

/** Runs the built program in a pseudo-terminal, in a process that has run it before (orx-host.js). Types nothing. */
export async function runInTerminal(columns: number, call: TerminalCall): Promise<Written> {
  const idle = idleHosts.get(columns) ?? [];
  idleHosts.set(columns, idle);
  const host = idle.pop() ?? (await openTerminalHost(columns));
  let isOver = false;
  // A hanging process does not outlive its test.
  onTestFinished(() => void (isOver || host.kill()));
  const written = await host.run(call);
  isOver = true;
  if (!host.hasEnded()) idle.push(host);
  return written;
}

async function openTerminalHost(columns: number): Promise<TerminalHost> {
  const folder = mkdtempSync(join(tmpdir(), 'orx-host-'));
  const socketPath = join(folder, 'jobs');
  // Random, so that no external text can look like the end of a run.
  const end = `end-${randomUUID()}`;
  let connected: (socket: Socket) => void = () => undefined;
  const connection = new Promise<Socket>((resolve) => (connected = resolve));
  const server = createServer((socket) => connected(socket));
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  const pty = spawn(process.execPath, [HOST, socketPath, end], {
    name: 'xterm-256color',
    cols: columns,
    rows: 24,
    cwd: '/',
    env: cleanEnvironment('/'),
    encoding: null,
  });
  let bytes = Buffer.alloc(0);
  let finish: ((written: Written) => void) | undefined;
  pty.onData((data) => {
    // Without an encoding it emits bytes, whatever its types say.
    bytes = Buffer.concat([bytes, Buffer.from(data)]);
    const match = new RegExp(`${end} (\\d+)\\r?\\n`).exec(bytes.subarray(-200).toString('latin1'));
    if (match === null) return;
    finish?.({ code: Number(match[1]), bytes: bytes.subarray(0, bytes.length - match[0].length) });
    bytes = Buffer.alloc(0);
  });
  readToTheEnd(pty);
  let hasEnded = false;
  pty.onExit(({ exitCode }) => {
    hasEnded = true;
    finish?.({ code: exitCode, bytes });
  });
  const socket = await connection;
  server.close();
  rmSync(folder, { recursive: true });
  // An idle host does not keep this process alive, and it ends with this process.
  socket.unref();
  (pty as unknown as { _socket: Socket })._socket.unref();
  return {
    run: ({ args, home, env }) =>
      new Promise((resolve) => {
        finish = resolve;
        const job = { args, folder: home, env: { ...cleanEnvironment(home, env), TERM: 'xterm-256color' } };
        socket.write(`${JSON.stringify(job)}\n`);
      }),
    hasEnded: () => hasEnded,
    kill() {
      if (!hasEnded) pty.kill('SIGKILL');
    },
  };
}
