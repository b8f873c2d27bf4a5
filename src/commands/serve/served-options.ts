import { dirname, isAbsolute, join } from 'node:path';
import type { ServiceSetup } from '../../core/gateway-config/build-service.ts';
import type { ConfigFlag } from '../../core/gateway-config/field.ts';
import type { ServedPlace } from './listen-options.ts';

/** What the terminal allows. */
export interface ServeTerminal {
  /** Standard output can show a screen. */
  isAnimated: boolean;
  /** Standard error is a terminal: a log would disturb the screen. */
  isErrorTerminal: boolean;
}

/** How the gateway runs: from flags, the configuration file and defaults. */
export interface ServedOptions {
  place: ServedPlace;
  /** The format of the request log on standard error; undefined: no log. */
  log: 'text' | 'json' | undefined;
  logsContent: boolean;
  /** Where answers are cached, and for how many milliseconds; undefined: no cache. */
  cache: ServiceSetup['cache'];
  /** Show the activity on the terminal. */
  isLive: boolean;
  budgets: ServiceSetup['budgets'];
}

/** Where the values come from: the paths of files that a configuration names are relative to its folder, those of flags are not. */
export interface ServiceSource {
  file: string;
  flags: readonly ConfigFlag[];
}

export function servedOptions(service: ServiceSetup, terminal: ServeTerminal, source?: ServiceSource): ServedOptions {
  const { host: address, port, tls, allowedHosts, allowedOrigins, logFormat, logsContent, cache, budgets } = service;
  const isLive = logFormat === undefined && terminal.isAnimated;
  const pathOf = (path: string, key: string): string =>
    source === undefined || isAbsolute(path) || source.flags.some((flag) => flag.path === key)
      ? path
      : join(dirname(source.file), path);
  return {
    place: {
      port,
      address,
      tls: tls && {
        certificate: pathOf(tls.certificate, 'server.tls_cert'),
        privateKey: pathOf(tls.privateKey, 'server.tls_key'),
      },
      allowedHosts,
      allowedOrigins,
    },
    // If standard error is redirected, it is a log in addition to the screen.
    log:
      logFormat === undefined
        ? isLive && terminal.isErrorTerminal
          ? undefined
          : 'text'
        : logFormat === 'none'
          ? undefined
          : logFormat,
    logsContent,
    cache,
    isLive,
    budgets,
  };
}
