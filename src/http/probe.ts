import { lookup, type LookupAddress } from 'node:dns';
import { connect, isIP, type Socket } from 'node:net';
import { connect as startTls } from 'node:tls';
import type { HttpLimits } from './limits.ts';
import { secureContextFor, type UserCertificates } from './tls.ts';
import { networkError } from './network-error.ts';

/** The steps of a connection, one after the other, to find the one that fails. No step sends anything of the user. */

/** Returns the addresses of the host of a URL. Throws OrxError of kind `network`, or the signal's reason. */
export function probeAddresses(url: URL, limits: HttpLimits, signal: AbortSignal): Promise<readonly LookupAddress[]> {
  const host = hostOf(url);
  const family = isIP(host);
  if (family !== 0) return Promise.resolve([{ address: host, family }]);
  return new Promise((resolve, reject) => {
    // The system's resolver cannot be interrupted.
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    lookup(host, { all: true }, (error, addresses) => {
      if (error === null) resolve(addresses);
      else reject(networkError(error, url, limits, undefined) as Error);
    });
  });
}

/** Opens a TCP connection to one of the addresses. Throws OrxError of kind `network`, or the signal's reason. */
export function probeTcp(
  url: URL,
  addresses: readonly LookupAddress[],
  limits: HttpLimits,
  signal: AbortSignal,
): Promise<Socket> {
  return settled(url, limits, signal, () =>
    connect({
      host: hostOf(url),
      port: Number(url.port) || (DEFAULT_PORTS[url.protocol] ?? 443),
      autoSelectFamily: true,
      lookup: (_host, options, callback) => {
        const [first] = addresses;
        if (options.all === true) callback(null, [...addresses]);
        else callback(null, first?.address ?? '', first?.family);
      },
    }),
  );
}

/** Starts TLS on a connection and verifies the certificate. Returns the version of TLS. Throws as `probeTcp`. */
export async function probeTls(
  socket: Socket,
  url: URL,
  limits: HttpLimits,
  signal: AbortSignal,
  tls?: UserCertificates,
): Promise<string> {
  const secureContext = secureContextFor(url.origin, tls);
  const host = hostOf(url);
  const secure = await settled(url, limits, signal, () =>
    startTls({
      socket,
      ...(secureContext !== undefined && { secureContext }),
      ...(isIP(host) === 0 ? { servername: host } : { host }),
      ALPNProtocols: ['http/1.1'],
    }),
  );
  return secure.getProtocol() ?? 'TLS';
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  'http:': 80,
  'https:': 443,
  'socks:': 1080,
  'socks5:': 1080,
  'socks5h:': 1080,
};

function settled<S extends Socket>(url: URL, limits: HttpLimits, signal: AbortSignal, open: () => S): Promise<S> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = open();
    const onAbort = (): void => {
      socket.destroy();
      reject(signal.reason as Error);
    };
    const ready = (): void => {
      signal.removeEventListener('abort', onAbort);
      resolve(socket);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('error', (error) => {
      signal.removeEventListener('abort', onAbort);
      reject(networkError(error, url, limits, undefined) as Error);
    });
    socket.once('close', () => reject(networkError(new ClosedError(), url, limits, undefined) as Error));
    socket.once('secureConnect', ready);
    if (!('encrypted' in socket)) socket.once('connect', ready);
  });
}

/** The other side closed the connection before it was ready. */
class ClosedError extends Error {
  readonly code = 'ECONNRESET';
}

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}
