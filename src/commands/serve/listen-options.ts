import { usageError } from '../../errors.ts';
import { isLoopbackName } from '../../gateway/guard.ts';
import type { ListenOptions } from '../../gateway/listen.ts';
import type { Context } from '../context.ts';
import type { ServeFlags } from './flags.ts';

/** Where the gateway listens, and which hosts and origins it accepts. */
export interface ServedPlace {
  /** 0: any free port. */
  port: number;
  /** Undefined: only this machine. */
  address: string | undefined;
  /** Paths of a certificate and its key. */
  tls: { certificate: string; privateKey: string } | undefined;
  allowedHosts: readonly string[];
  allowedOrigins: readonly string[];
}

const HOST_NAME = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$|^\[[0-9a-f:.]+\]$/i;
const ORIGIN = /^https?:\/\/[^/\s?#@]+$/i;

export function parseServedPlace({ port, host, tlsCert, tlsKey, allowHost = [], allowOrigin = [] }: ServeFlags): ServedPlace {
  if ((tlsCert === undefined) !== (tlsKey === undefined))
    throw usageError(
      '--tls-cert and --tls-key must be used together',
      'name both files: orx serve --tls-cert CERT.pem --tls-key KEY.pem',
    );
  const wrongHost = allowHost.find((name) => !HOST_NAME.test(name));
  if (wrongHost !== undefined)
    throw usageError(`--allow-host must be a host name without a port, such as llm.example, not "${wrongHost}"`);
  const wrongOrigin = allowOrigin.find((origin) => !ORIGIN.test(origin));
  if (wrongOrigin !== undefined)
    throw usageError(`--allow-origin must be an origin such as https://app.example, not "${wrongOrigin}"`);
  return {
    port: parsePort(port),
    address: host?.trim().replace(/^\[(.*)\]$/, '$1'),
    tls: tlsCert === undefined || tlsKey === undefined ? undefined : { certificate: tlsCert, privateKey: tlsKey },
    allowedHosts: allowHost,
    allowedOrigins: allowOrigin,
  };
}

/**
 * Returns the options with the contents of the files. Throws a usage error for a file that cannot be read, and for an address
 * that other machines can reach if there are no keys.
 */
export async function openServedPlace(
  place: ServedPlace,
  hasValidKey: () => boolean,
  { files }: Context,
): Promise<ListenOptions & Pick<ServedPlace, 'allowedHosts' | 'allowedOrigins'>> {
  const { address, tls } = place;
  if (isReachable(place) && !hasValidKey())
    throw usageError(
      `--host ${address} exposes the gateway to other machines without a valid client key`,
      'add a client key first: orx serve keys add laptop',
      'serve only this machine: orx serve',
    );
  if (tls === undefined) return { ...place, tls: undefined };
  const [certificate, privateKey] = await Promise.all([files.readFileText(tls.certificate), files.readFileText(tls.privateKey)]);
  return { ...place, tls: { certificate, privateKey } };
}

/** Returns whether other machines can reach the address. */
export function isReachable({ address }: Pick<ServedPlace, 'address'>): boolean {
  return address !== undefined && !isLoopbackName(address);
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw usageError(`--port must be a number from 0 to 65535, not "${text}"`, 'use any free port: --port 0');
}
