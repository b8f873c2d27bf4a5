import type { ConnectionSettings, LedgerSettings } from '../../core/settings/groups.ts';
import { parseSpan } from '../../core/time/parse-time.ts';
import { usageError } from '../../errors.ts';
import type { CommandInput } from '../register.ts';
import type { CACHE_PLACES, LOG_FORMATS, ServeFlags } from './flags.ts';
import { parseServedPlace, type ServedPlace } from './listen-options.ts';

export interface ServeOptions {
  settings: ConnectionSettings & LedgerSettings;
  place: ServedPlace;
  /** The format of the request log on standard error; undefined: no log. */
  log: (typeof LOG_FORMATS)[number] | undefined;
  logsContent: boolean;
  /** Where answers are cached, and for how many milliseconds; undefined: no cache. */
  cache: { place: (typeof CACHE_PLACES)[number]; keptMs: number } | undefined;
  /** Show the activity on the terminal. */
  isLive: boolean;
  /** The path of the configuration file. */
  config: string | undefined;
  /** Only show the configuration. */
  isCheck: boolean;
}

export function parseServe({ options, settings, terminal: { stdout, stderr } }: CommandInput<ServeFlags>): ServeOptions {
  const { logFormat, logContent: logsContent = false, quiet: isQuiet = false, config, checkConfig: isCheck = false } = options;
  if (isCheck && config === undefined)
    throw usageError('--check-config needs --config', 'name the file: orx serve --config gateway.yaml --check-config');
  if (config !== undefined && settings.sandbox)
    throw usageError('--config cannot be combined with the sandbox', 'omit one of them');
  if (logsContent && logFormat !== 'json')
    throw usageError('--log-content needs --log-format json', 'add the format: orx serve --log-format json --log-content');
  if (isQuiet && logFormat !== undefined) throw usageError('-q cannot be combined with --log-format', 'omit one of them');
  const isLive = !isQuiet && logFormat === undefined && stdout.isAnimated;
  return {
    settings,
    place: parseServedPlace(options),
    // If standard error is redirected, it is a log in addition to the screen.
    log: logFormat ?? (isQuiet || (isLive && stderr.isTerminal) ? undefined : 'text'),
    logsContent,
    cache: parseCache(options),
    isLive,
    config,
    isCheck,
  };
}

function parseCache({ cache: place, cacheTtl: ttl }: ServeFlags): ServeOptions['cache'] {
  if (place !== undefined) return { place, keptMs: parseSpan('--cache-ttl', ttl ?? '1h') };
  if (ttl === undefined) return undefined;
  throw usageError('--cache-ttl needs --cache', 'choose a cache: orx serve --cache memory --cache-ttl 12h');
}
