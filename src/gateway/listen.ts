import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import { type AddressInfo, isIPv6, type Socket } from 'node:net';
import { createSecureContext } from 'node:tls';
import { OrxError, usageError } from '../errors.ts';
import { breakConnection, closeSilent } from './broken-connection.ts';
import { LOOPBACK_ADDRESS } from './guard.ts';

export interface ListenOptions {
  /** 0: any free port. */
  port: number;
  /** An address of this machine, or a name of one. Default: the loopback address. */
  address?: string | undefined;
  tls?: TlsFiles | undefined;
}

/** PEM texts of a certificate with its chain, and of its private key. */
export interface TlsFiles {
  certificate: string;
  privateKey: string;
}

interface ListenerLimits {
  headMs: number;
  requestMs: number;
}

const CHECK_MS = 5000;
const KEEP_ALIVE_MS = 65_000;
const MAX_HEADERS = 100;
const ANY_ADDRESS = /^(?:0\.0\.0\.0|::)$/;

/** Creates a server that does not listen yet. Throws kind `usage` for a certificate and a key that do not match. */
export function createListener({ tls }: ListenOptions, limits: ListenerLimits, onRequest: RequestListener): Server {
  const options = {
    headersTimeout: limits.headMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: Math.min(CHECK_MS, limits.headMs, limits.requestMs),
    keepAliveTimeout: KEEP_ALIVE_MS,
    noDelay: true,
  };
  const server =
    tls === undefined
      ? createServer(options, onRequest)
      : createTlsServer({ ...options, ...secureOptions(tls), handshakeTimeout: limits.headMs }, onRequest);
  // Node would answer an unknown expectation by itself, without a body.
  server.on('checkExpectation', onRequest);
  server.on('clientError', breakConnection);
  server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => closeSilent(socket, limits.headMs));
  server.maxHeadersCount = MAX_HEADERS;
  return server;
}

/** Uses another certificate for new connections. Throws kind `usage` as createListener does, and for a server without TLS. */
export function replaceTls(server: Server, tls: TlsFiles): void {
  if (!(server instanceof TlsServer)) throw usageError('the gateway was started without TLS');
  server.setSecureContext(secureOptions(tls));
}

/** Starts listening. Returns the origin for clients. Throws kind `usage` when it cannot listen. */
export async function listen(server: Server, options: ListenOptions): Promise<{ port: number; origin: string }> {
  const { address = LOOPBACK_ADDRESS, tls } = options;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(options, error)));
    server.listen(options.port, address, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const name = ANY_ADDRESS.test(address) ? 'localhost' : isIPv6(address) ? `[${address}]` : address;
  return { port, origin: `${tls === undefined ? 'http' : 'https'}://${name}:${port}` };
}

function secureOptions({ certificate, privateKey }: TlsFiles): { cert: string; key: string } {
  const files = { cert: certificate, key: privateKey };
  try {
    // With empty texts, the server would start but accept no connection.
    if (certificate.trim() === '' || privateKey.trim() === '') throw new Error('a file is empty');
    createSecureContext(files);
    return files;
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    const reason = /KEY_VALUES_MISMATCH/.test(code)
      ? 'the private key does not match the certificate'
      : `one of the files is invalid (${message})`;
    throw usageError(
      `cannot use TLS: ${reason}`,
      'use a certificate with its chain and its private key, both as PEM without a passphrase: --tls-cert FILE --tls-key FILE',
    );
  }
}

function cannotListen({ port, address }: ListenOptions, error: NodeJS.ErrnoException): OrxError {
  switch (error.code) {
    case 'EADDRINUSE':
      return usageError(`port ${port} is in use by another program`, 'use any free port: --port 0');
    case 'EACCES':
      return usageError(`no permission to use port ${port}`, 'use any free port: --port 0');
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return usageError(`this machine has no address ${address}`, 'listen on all addresses: --host 0.0.0.0');
    default:
      return new OrxError(`cannot listen on port ${port}: ${error.message}`, {
        kind: 'unexpected',
        code: error.code,
        cause: error,
      });
  }
}
