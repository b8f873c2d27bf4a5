import { serviceWithoutFile } from '../../core/gateway-config/load.ts';
import type { ConfigFlag } from '../../core/gateway-config/field.ts';
import { readDuration } from '../../core/gateway-config/scalars.ts';
import { LONGEST_CACHE_MS } from '../../core/gateway-config/service-fields.ts';
import type { ConnectionSettings, LedgerSettings } from '../../core/settings/groups.ts';
import { usageError } from '../../errors.ts';
import type { CommandInput } from '../register.ts';
import type { ServeFlags } from './flags.ts';
import { parsePlaceFlags } from './listen-options.ts';
import { type ServedOptions, servedOptions, type ServeTerminal } from './served-options.ts';

export interface ServeOptions {
  settings: ConnectionSettings & LedgerSettings;
  /** Typed flags, which override the configuration file. */
  flags: readonly ConfigFlag[];
  /** How the gateway runs if there is no configuration file. */
  served: ServedOptions | undefined;
  terminal: ServeTerminal;
  /** The path of the configuration file. */
  config: string | undefined;
  /** Only show the configuration. */
  isCheck: boolean;
}

export function parseServe({ options, settings, terminal: { stdout, stderr } }: CommandInput<ServeFlags>): ServeOptions {
  const { config, checkConfig: isCheck = false } = options;
  if (isCheck && config === undefined)
    throw usageError('--check-config needs --config', 'name the file: orx serve --config gateway.yaml --check-config');
  if (config !== undefined && settings.sandbox)
    throw usageError('--config cannot be combined with the sandbox', 'omit one of them');
  if (config === undefined) refuseLooseFlags(options);
  const flags = [...parsePlaceFlags(options), ...parseLogFlags(options), ...parseCacheFlags(options)];
  const terminal = { isAnimated: stdout.isAnimated, isErrorTerminal: stderr.isTerminal };
  return {
    settings,
    flags,
    served: config === undefined ? servedOptions(serviceWithoutFile(flags), terminal) : undefined,
    terminal,
    config,
    isCheck,
  };
}

/** Refuses flags that only make sense with another value, which a configuration file may have. */
function refuseLooseFlags({ tlsCert, tlsKey, logFormat, logContent, cache, cacheTtl }: ServeFlags): void {
  if ((tlsCert === undefined) !== (tlsKey === undefined))
    throw usageError(
      '--tls-cert and --tls-key must be used together',
      'name both files: orx serve --tls-cert CERT.pem --tls-key KEY.pem',
    );
  if (logContent === true && logFormat !== 'json')
    throw usageError('--log-content needs --log-format json', 'add the format: orx serve --log-format json --log-content');
  if (cacheTtl !== undefined && cache === undefined)
    throw usageError('--cache-ttl needs --cache', 'choose a cache: orx serve --cache memory --cache-ttl 12h');
}

function parseLogFlags({ logFormat, logContent, quiet }: ServeFlags): ConfigFlag[] {
  const isQuiet = quiet === true;
  if (isQuiet && logFormat !== undefined) throw usageError('-q cannot be combined with --log-format', 'omit one of them');
  return [
    ...(isQuiet ? [{ path: 'log.format', value: 'none', flag: '-q' }] : []),
    // The content is part of a log that -q turns off.
    ...(isQuiet && logContent !== true ? [{ path: 'log.content', value: false, flag: '-q' }] : []),
    ...(logFormat === undefined ? [] : [{ path: 'log.format', value: logFormat, flag: '--log-format' }]),
    ...(logContent === true ? [{ path: 'log.content', value: true, flag: '--log-content' }] : []),
    ...(logFormat === 'text' && logContent !== true ? [{ path: 'log.content', value: false, flag: '--log-format' }] : []),
  ];
}

/** Parses a duration as the configuration file does, in which `5m` is five minutes. */
function parseCacheTtl(text: string): number {
  const read = readDuration(text, LONGEST_CACHE_MS);
  if ('problem' in read) throw usageError(`--cache-ttl ${read.problem}, not "${text}"`);
  return read.value;
}

function parseCacheFlags({ cache, cacheTtl: ttl }: ServeFlags): ConfigFlag[] {
  return [
    ...(cache === undefined ? [] : [{ path: 'cache.store', value: cache, flag: '--cache' }]),
    ...(ttl === undefined ? [] : [{ path: 'cache.ttl', value: parseCacheTtl(ttl), flag: '--cache-ttl' }]),
  ];
}
