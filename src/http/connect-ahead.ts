import { connect, type LookupFunction, type Socket } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { buildConnector } from 'undici';
import undiciConnector from 'undici/lib/core/connect.js';
import { monotonicMs } from '../monotonic.ts';

type Connector = buildConnector.connector;

export interface ConnectorOptions {
  /** To establish a connection, TLS included, in ms. */
  timeout: number;
  lookup?: LookupFunction;
  /** Default: Node's. */
  secureContext?: SecureContext;
}

/** A connection that was begun before anything was known to send over it. */
export interface AheadSocket {
  socket: Socket;
  /** When it was begun, on the clock of `monotonicMs`. */
  begunAt: number;
}

/** Servers close connections on which no request comes. */
const KEPT_MS = 15_000;

/** Begins a TCP connection to an origin. Sends nothing. Its failure is not reported: the request then connects by itself. */
export function connectAhead({ hostname, protocol, port }: URL): AheadSocket {
  const socket = connect({
    host: hostname.replaceAll(/^\[|\]$/g, ''),
    port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
    // As undici does.
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: 60_000,
  });
  socket.on('error', ignore);
  return { socket, begunAt: monotonicMs() };
}

/**
 * Returns a connector for undici that uses the connection begun ahead, if it still works. `take` returns that connection once.
 * Calls `onOpen` with each connection.
 */
export function connectorWithAhead(
  options: ConnectorOptions,
  take: () => AheadSocket | undefined,
  onOpen: (socket: Socket) => void,
): Connector {
  const connectAnew = undiciConnector(options);
  return (target, told) => {
    const callback: typeof told = (...result) => {
      if (result[0] === null) onOpen(result[1]);
      told(...result);
    };
    const ahead = take();
    if (ahead === undefined) return connectAnew(target, callback);
    const { socket, begunAt } = ahead;
    const ageMs = monotonicMs() - begunAt;
    if (ageMs > Math.min(KEPT_MS, options.timeout) || socket.destroyed || socket.readableEnded || !socket.writable) {
      socket.destroy();
      return connectAnew(target, callback);
    }
    const isSecure = target.protocol === 'https:';
    // Node 20 takes 26 ms to prepare TLS. It does so while the network works.
    const secureContext = isSecure ? (options.secureContext ?? createSecureContext()) : undefined;
    const patience = setTimeout(() => stopWaiting(new ConnectTimeoutError()), options.timeout - ageMs);
    const onFailure = (): void => stopWaiting();
    let isOver = false;
    const onConnect = (): void => {
      if (isOver) return;
      release();
      if (!isSecure) return callback(null, socket);
      undiciConnector({ ...options, secureContext })({ ...target, httpSocket: socket }, callback);
    };
    const release = (): void => {
      isOver = true;
      clearTimeout(patience);
      socket.off('connect', onConnect).off('error', onFailure).off('close', onFailure).off('error', ignore);
    };
    const stopWaiting = (timeout?: Error): void => {
      release();
      socket.on('error', ignore).destroy();
      if (timeout === undefined) connectAnew(target, callback);
      else callback(timeout, null);
    };
    socket.once('error', onFailure).once('close', onFailure);
    // undici expects its callback later, as after connecting.
    if (socket.connecting) socket.once('connect', onConnect);
    else setImmediate(onConnect);
  };
}

class ConnectTimeoutError extends Error {
  readonly code = 'UND_ERR_CONNECT_TIMEOUT';
}

function ignore(): void {}
