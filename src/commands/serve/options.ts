import type { ConnectionSettings, LedgerSettings } from '../../core/settings/groups.ts';
import { usageError } from '../../errors.ts';
import type { CommandInput } from '../register.ts';
import type { ServeFlags } from './flags.ts';

export interface ServeOptions {
  settings: ConnectionSettings & LedgerSettings;
  /** 0: any free one. */
  port: number;
  isQuiet: boolean;
}

export function parseServe({ options, settings }: CommandInput<ServeFlags>): ServeOptions {
  return { settings, port: parsePort(options.port), isQuiet: options.quiet === true };
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw usageError(`--port takes a number from 0 to 65535, not "${text}"`, 'take any free port with --port 0');
}
