import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { OrxError } from '../errors.ts';
import { wireError } from './wire-error.ts';

/** Why the gateway has broken off a connection. */
const reasons = new WeakMap<object, OrxError>();

/**
 * Answers a request that is not valid HTTP or arrives too slowly, and closes its connection. Node would send only a status line, and the log would
 * say that the client has disconnected.
 */
export function breakConnection(error: NodeJS.ErrnoException, socket: Duplex): void {
  const reason = reasonOf(error);
  // Node's own handler reads this field too: the response that the connection is used for, if there is one.
  const { _httpMessage: current } = socket as { _httpMessage?: ServerResponse | null };
  if (reason !== undefined && socket.writable && current?.headersSent !== true) {
    const { status = 400 } = reason;
    // A client that has closed its side has left, although it can still be told why.
    if (error.code !== 'HPE_INVALID_EOF_STATE') reasons.set(socket, reason);
    const body = JSON.stringify({ error: wireError(reason) });
    socket.write(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }
  socket.destroy(error);
}

/** Closes a connection on which nothing arrives for `ms`. Node limits the time for a request only from its first byte on. */
export function closeSilent(socket: Socket, ms: number): void {
  const timer = setTimeout(() => {
    if (socket.bytesRead === 0) socket.destroy();
  }, ms);
  timer.unref();
  socket.once('close', () => clearTimeout(timer));
}

/** Returns why the gateway has broken off the connection of a request. Undefined: it has not. */
export function brokenRequest({ socket }: IncomingMessage): OrxError | undefined {
  return reasons.get(socket);
}

/**
 * Makes a response emit `close` when its connection closes while another response still uses it. Node emits the event only for the response that is
 * being written, so a pipelined request would never end; since Node 24 for all of them, so listen with `once`.
 */
export function closeWithConnection({ socket }: IncomingMessage, response: ServerResponse): void {
  const onClose = (): void => {
    response.destroy();
    response.emit('close');
  };
  socket.once('close', onClose);
  // It gets the connection: from here on Node emits the event.
  response.once('socket', () => socket.off('close', onClose));
}

function reasonOf({ code = '' }: NodeJS.ErrnoException): OrxError | undefined {
  const reason = (message: string, status: number, name = 'invalid_request'): OrxError =>
    new OrxError(message, { kind: 'usage', code: name, status });
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return reason('the request did not arrive completely in time', 408, 'request_timeout');
    case 'HPE_HEADER_OVERFLOW':
      return reason('the headers of the request are too large', 431, 'headers_too_large');
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return reason('the chunk extensions of the request are too large', 413, 'payload_too_large');
    default:
      // Errors of the connection and of TLS have other codes. Nobody could read a reply.
      return code.startsWith('HPE_') ? reason('the request is not valid HTTP', 400) : undefined;
  }
}
