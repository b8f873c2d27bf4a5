import { randomUUID } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';
import { onTestFinished } from 'vitest';
import { cleanEnvironment } from './run-orx.ts';
import { tempFolder } from './temp-home.ts';

const HOST = fileURLToPath(new URL('orx-host.js', import.meta.url));

export interface TerminalCall {
  args: readonly string[];
  home: string;
  env: Record<string, string>;
}

/** What a run wrote to its terminal, and its exit code. */
export interface Written {
  code: number;
  bytes: Buffer;
}

export interface TerminalHost {
  run: (call: TerminalCall) => Promise<Written>;
}

/** A process in a pseudo-terminal that runs the built program again and again, one run at a time (orx-host.js). Nobody types. */
export async function openTerminalHost(columns: number): Promise<TerminalHost> {
  const socketPath = join(tempFolder(), 'jobs');
  // No text from outside can pretend to be the end of a run.
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
    // Without an encoding it gives bytes, whatever its types say.
    bytes = Buffer.concat([bytes, Buffer.from(data)]);
    const match = new RegExp(`${end} (\\d+)\\r?\\n`).exec(bytes.subarray(-200).toString('latin1'));
    if (match === null) return;
    finish?.({ code: Number(match[1]), bytes: bytes.subarray(0, bytes.length - match[0].length) });
    bytes = Buffer.alloc(0);
  });
  pty.onExit(({ exitCode }) => finish?.({ code: exitCode, bytes }));
  onTestFinished(() => {
    server.close();
    try {
      pty.kill('SIGKILL');
    } catch {
      // It has ended already.
    }
  });
  const socket = await connection;
  return {
    run: ({ args, home, env }) =>
      new Promise((resolve) => {
        finish = resolve;
        socket.write(
          `${JSON.stringify({ args, folder: home, env: { ...cleanEnvironment(home, env), TERM: 'xterm-256color' } })}\n`,
        );
      }),
  };
}
