import { readSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { IPty } from '@lydell/node-pty';

/** Used only where a terminal does not report immediately that it is closed. */
const END_REST_MS = 400;

/**
 * Lets the reader of a pseudo-terminal receive everything that its program has written, however late it reads. Two things lose the end of the
 * output on a busy machine: libuv reports the end of a closed terminal after the first read that leaves its buffer partly empty, although Linux
 * returns at most 4 KB per read; and node-pty stops reading 200 ms after the program has ended, for systems on which a terminal does not report
 * that it is closed. Call it immediately after the program starts.
 */
export function readToTheEnd(pty: IPty): void {
  const { _socket: socket, fd } = pty as unknown as { _socket: Socket; fd: number };
  // The socket closes the file after this event.
  socket.prependOnceListener('end', () => {
    for (let piece = readPiece(fd); piece !== undefined; piece = readPiece(fd)) socket.emit('data', piece);
  });
  const destroy = socket.destroy.bind(socket);
  socket.destroy = (error) => {
    if (error !== undefined || socket.readableEnded) return destroy(error);
    let reads = 0;
    socket.on('data', () => (reads += 1));
    const rest = (): void => {
      const before = reads;
      // An immediate runs after all available data has been read, however late the timer is.
      setTimeout(() => setImmediate(() => (reads === before ? destroy() : rest())), END_REST_MS);
    };
    rest();
    return socket;
  };
}

/** Returns what a closed terminal still holds, or undefined: reading then fails with EIO on Linux and returns nothing elsewhere. */
function readPiece(fd: number): Buffer | undefined {
  const buffer = Buffer.alloc(65_536);
  try {
    const length = readSync(fd, buffer);
    return length === 0 ? undefined : buffer.subarray(0, length);
  } catch {
    return undefined;
  }
}
