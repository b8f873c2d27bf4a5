import { HOST_NAME, ORIGIN } from '../../core/gateway-config/build-service.ts';
import type { ConfigFlag } from '../../core/gateway-config/field.ts';
import { usageError } from '../../errors.ts';
import { isLoopbackName } from '../../gateway/guard.ts';
import type { ListenOptions, TlsFiles } from '../../gateway/listen.ts';
import type { Context } from '../context.ts';
import type { ServeFlags } from './flags.ts';

/** Where the gateway listens, and which hosts and origins it accepts. */
export interface ServedPlace {
  /** 0: any free port. */
  port: number;
  address: string;
  /** Paths of a certificate and its key. */
  tls: TlsPaths | undefined;
  allowedHosts: readonly string[];
  allowedOrigins: readonly string[];
}

export interface TlsPaths {
  certificate: string;
  privateKey: string;
}

/** Parses the flags that say where the gateway listens. */
export function parsePlaceFlags({ port, host, tlsCert, tlsKey, allowHost, allowOrigin }: ServeFlags): ConfigFlag[] {
  const wrongHost = allowHost?.find((name) => !HOST_NAME.test(name));
  if (wrongHost !== undefined)
    throw usageError(`--allow-host must be a host name without a port, such as llm.example, not "${wrongHost}"`);
  const wrongOrigin = allowOrigin?.find((origin) => !ORIGIN.test(origin));
  if (wrongOrigin !== undefined)
    throw usageError(`--allow-origin must be an origin such as https://app.example, not "${wrongOrigin}"`);
  const flags: ConfigFlag[] = [
    { path: 'server.host', value: host, flag: '--host' },
    { path: 'server.port', value: port === undefined ? undefined : parsePort(port), flag: '--port' },
    { path: 'server.tls_cert', value: tlsCert, flag: '--tls-cert' },
    { path: 'server.tls_key', value: tlsKey, flag: '--tls-key' },
    { path: 'server.allow_hosts', value: allowHost, flag: '--allow-host' },
    { path: 'server.allow_origins', value: allowOrigin, flag: '--allow-origin' },
  ];
  return flags.filter(({ value }) => value !== undefined);
}

/**
 * Returns the options with the contents of the files. Throws a usage error for a file that cannot be read, and for an address
 * that other machines can reach if there are no keys.
 */
export async function openServedPlace(
  place: ServedPlace,
  hasValidKey: () => boolean,
  context: Context,
): Promise<ListenOptions & Pick<ServedPlace, 'allowedHosts' | 'allowedOrigins'>> {
  const { address, tls } = place;
  if (isReachable(place) && !hasValidKey())
    throw usageError(
      `--host ${address} exposes the gateway to other machines without a valid client key`,
      'add a client key first: orx serve keys add laptop',
      'serve only this machine: orx serve',
    );
  return { ...place, tls: tls && (await readCertificate(tls, context)) };
}

/** Throws a usage error for a file that cannot be read. */
export async function readCertificate(tls: TlsPaths, { files }: Context): Promise<TlsFiles> {
  const [certificate, privateKey] = await Promise.all([files.readFileText(tls.certificate), files.readFileText(tls.privateKey)]);
  return { certificate, privateKey };
}

/** Returns whether other machines can reach the address. */
export function isReachable({ address }: Pick<ServedPlace, 'address'>): boolean {
  return !isLoopbackName(address);
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw usageError(`--port must be a number from 0 to 65535, not "${text}"`, 'use any free port: --port 0');
}
