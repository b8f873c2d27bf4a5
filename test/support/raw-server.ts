import { createServer, type AddressInfo, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request as a raw server received it. */
export interface RawRequest {
  /** Request line and headers. */
  head: string;
  body: string;
  /** Number of the request, from 1, across all connections. */
  count: number;
}

export interface RawServer {
  /** Base URL with `/api/v1`. */
  url: string;
  /** Completion requests. */
  completions: RawRequest[];
}

/**
 * Starts a TCP server on a loopback port that answers each completion request with the bytes that `reply` writes, whether valid HTTP or not. Other
 * requests get a 404. A connection may carry several requests in sequence. A request after the last reply of a connection is not read.
 */
export async function startRawServer(reply: (socket: Socket, request: RawRequest) => void | Promise<void>): Promise<RawServer> {
  const completions: RawRequest[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    let received = Buffer.alloc(0);
    socket.on('data', (piece: Buffer) => {
      received = Buffer.concat([received, piece]);
      const end = received.indexOf('\r\n\r\n');
      if (end === -1) return;
      const head = received.subarray(0, end).toString();
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (received.length < end + 4 + length) return;
      const body = received.subarray(end + 4, end + 4 + length).toString();
      received = received.subarray(end + 4 + length);
      // The client may send on a connection before it learns that the server has closed it. A server that has closed reads no more.
      if (socket.writableEnded) return;
      if (!head.includes('/chat/completions')) return void socket.write('HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\n{}');
      const request = { head, body, count: completions.length + 1 };
      completions.push(request);
      void reply(socket, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`, completions };
}

/** Writes the whole text in pieces of `size` bytes, as fast as the peer reads. */
export async function writeSlices(socket: Socket, text: string, size: number): Promise<void> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length && !socket.destroyed; at += size) {
    if (socket.write(bytes.subarray(at, at + size))) continue;
    await new Promise<void>((resolve) => {
      socket.once('drain', resolve);
      socket.once('close', () => resolve());
    });
  }
}

/** Returns a body in HTTP's chunked coding, one chunk per piece. */
export function chunkedBody(pieces: readonly string[], trailer = ''): string {
  const chunks = pieces.map((piece) => `${Buffer.byteLength(piece).toString(16)}\r\n${piece}\r\n`);
  return `${chunks.join('')}0\r\n${trailer}\r\n`;
}
