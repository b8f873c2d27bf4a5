import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A program that listens on ::1, prints its port, and accepts nothing more: its only thread waits. */
const LISTENER = `
require('node:net').createServer().listen({ host: '::1', port: 0, backlog: 1 }, function () {
  require('node:fs').writeSync(1, String(this.address().port));
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});`;

/** As many connections as the system accepts for a program with this backlog. */
const QUEUE = 2;

/** Returns whether this machine has IPv6. */
export async function hasIpv6(): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.on('error', () => resolve(false));
    server.listen(0, '::1', () => server.close(() => resolve(true)));
  });
}

/**
 * Returns a port on which ::1 never answers, as behind a firewall that drops packets: its queue is full, so the system drops every further
 * attempt to connect. It ends with the test.
 */
export async function silentIpv6Port(): Promise<number> {
  const child = spawn(process.execPath, ['-e', LISTENER], { stdio: ['ignore', 'pipe', 'ignore'] });
  const waiting: Socket[] = [];
  onTestFinished(() => {
    for (const socket of waiting) socket.destroy();
    child.kill('SIGKILL');
  });
  const [printed] = (await once(child.stdout, 'data')) as [Buffer];
  const port = Number(printed.toString());
  for (let count = 0; count < QUEUE; count += 1) {
    const socket = connect({ host: '::1', port });
    socket.on('error', () => undefined);
    waiting.push(socket);
    await once(socket, 'connect');
  }
  return port;
}
