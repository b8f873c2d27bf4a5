import type { ConnectionSettings } from '../../core/settings/groups.ts';
import { periodSpans } from '../../core/time/periods.ts';
import { parseStart } from '../../core/time/parse-time.ts';
import { parsePeriod } from '../../core/usage/parse-period.ts';
import { usageError } from '../../errors.ts';
import type { CommandInput } from '../register.ts';
import type { JsonFlags } from '../with-json.ts';
import type { ExportFlags, PruneFlags } from './flags.ts';

export interface LedgerOptions {
  settings: ConnectionSettings;
}

export interface ShownOptions extends LedgerOptions {
  isJson: boolean;
}

export interface ExportOptions extends LedgerOptions {
  isCsv: boolean;
  since: number | undefined;
  until: number | undefined;
}

export interface ImportOptions extends LedgerOptions {
  /** Undefined: standard input. */
  path: string | undefined;
}

export interface PruneOptions extends LedgerOptions {
  /** Entries before this are deleted: milliseconds since 1970. */
  before: number;
}

export function parseLedger({ settings }: CommandInput): LedgerOptions {
  return { settings };
}

export function parseShown({ settings, options }: CommandInput<JsonFlags>): ShownOptions {
  return { settings, isJson: options.json === true };
}

export function parseExport({ settings, options, now }: CommandInput<ExportFlags>): ExportOptions {
  const { since, until } = parsePeriod({ since: options.since ?? 'all', until: options.until }, now);
  return { settings, isCsv: options.output === 'csv', since, until };
}

export function parseImport({ settings, words: [path], terminal }: CommandInput): ImportOptions {
  const isPiped = path === undefined || path === '-';
  if (isPiped && terminal.hasKeyboard)
    throw usageError('nothing to import', 'name a file, or pipe it in: orx ledger import FILE');
  return { settings, path: isPiped ? undefined : path };
}

export function parsePrune({ settings, options, now }: CommandInput<PruneFlags>): PruneOptions {
  const before = parseStart('--before', options.before, now);
  if (before === undefined)
    throw usageError('--before all would delete everything', 'to start over, delete the file that this prints: orx ledger path');
  return { settings, before: Math.min(before, periodSpans(now).month.start, periodSpans(now).week.start) };
}
