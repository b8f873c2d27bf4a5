import type { LookupFunction } from 'node:net';
import type { Dispatcher } from 'undici';
import Pool from 'undici/lib/dispatcher/pool.js';
import { type AheadSocket, connectorWithAhead } from './connect-ahead.ts';
import type { HttpLimits } from './limits.ts';
import type { ReadRhythm } from './read-rhythm.ts';
import { secureContextFor, type UserCertificates } from './tls.ts';

export interface DispatcherOptions {
  limits: HttpLimits;
  /** How to resolve host names of requests that use no proxy. Default: Node's `dns.lookup`. */
  lookup?: LookupFunction | undefined;
  /** Certificates of the user. Default: those of Node. */
  tls?: UserCertificates | undefined;
}

const MAX_HEADER_BYTES = 64 * 1024;

/**
 * Returns what connects to an origin, directly or through a proxy. `takeAhead` returns the connection that was begun ahead, once.
 * Loads a proxy's code only if there is one.
 */
export async function createDispatcher(
  origin: string,
  { limits, lookup, tls }: DispatcherOptions,
  proxy: string | undefined,
  takeAhead: () => AheadSocket | undefined,
  rhythm: ReadRhythm,
): Promise<Dispatcher> {
  const common = { headersTimeout: limits.firstByteMs, bodyTimeout: limits.idleMs, maxHeaderSize: MAX_HEADER_BYTES };
  const plain = { timeout: limits.connectMs };
  const secureContext = origin.startsWith('https:') ? secureContextFor(origin, tls) : undefined;
  const connect = secureContext === undefined ? plain : { ...plain, secureContext };
  if (proxy === undefined)
    return new Pool(origin, {
      ...common,
      connect: connectorWithAhead(lookup === undefined ? connect : { ...connect, lookup }, takeAhead, (socket) =>
        rhythm.add(socket),
      ),
    });
  const { default: buildConnector } = await import('undici/lib/core/connect.js');
  if (proxy.startsWith('socks')) {
    const { default: Socks5ProxyAgent } = await import('undici/lib/dispatcher/socks5-proxy-agent.js');
    // undici accepts only the scheme `socks5:`. With it, the proxy resolves host names.
    // Its types lack `requestTls`.
    const options = { ...common, connect: buildConnector(plain), requestTls: connect };
    return new Socks5ProxyAgent(proxy.replace(/^socks5?h?:/, 'socks5:'), options);
  }
  const [{ default: ProxyAgent }, { default: Dispatcher }, { default: connectThrough }] = await Promise.all([
    import('undici/lib/dispatcher/proxy-agent.js'),
    import('undici/lib/dispatcher/dispatcher.js'),
    import('undici/lib/api/api-connect.js'),
  ]);
  // The index of undici, which orx does not load, does this.
  Dispatcher.prototype.connect = connectThrough;
  // The proxy never gets the user's own certificate.
  const proxyContext = proxy.startsWith('https:') ? secureContextFor('', tls) : undefined;
  const proxyTls = proxyContext === undefined ? plain : { ...plain, secureContext: proxyContext };
  return new ProxyAgent({ uri: proxy, ...common, connect: proxyTls, proxyTls, requestTls: connect, proxyTunnel: false });
}
