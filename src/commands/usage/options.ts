import type { CatalogueSettings, ConnectionSettings } from '../../core/settings/groups.ts';
import { parseLimit } from '../../core/settings/parse-count.ts';
import { parsePeriod, type UsagePeriod } from '../../core/usage/parse-period.ts';
import type { UsageGrouping } from '../../core/usage/usage-report.ts';
import { usageError } from '../../errors.ts';
import type { PricesOf } from '../../output/usage/what-if.ts';
import type { EntryFilter } from '../../storage/ledger/entry.ts';
import type { CommandInput } from '../register.ts';
import type { UsageFlags, USAGE_FORMATS } from './flags.ts';
import type { ReportPlace } from '../write-report.ts';

export type UsageFormat = (typeof USAGE_FORMATS)[number];

/** File name extensions that select a format. */
const FORMATS_OF_FILES: Readonly<Record<string, UsageFormat>> = { html: 'html', json: 'json', csv: 'csv', md: 'markdown' };

/** What `orx usage` reads from the ledger, and how it shows the result. */
export interface UsageOptions {
  settings: ConnectionSettings & CatalogueSettings;
  period: UsagePeriod;
  /** As typed. */
  typed: { since?: string | undefined; until?: string | undefined };
  by: UsageGrouping;
  /** As parsed; `project` is a folder as typed. */
  filter: Omit<EntryFilter, 'since' | 'until'>;
  limit: number | undefined;
  format: UsageFormat;
  place: ReportPlace;
  /** Models for which to calculate past costs; undefined if not requested. */
  whatIf: readonly string[] | undefined;
  prices: PricesOf;
  advise: boolean;
  /** Draw the dashboard. */
  isLive: boolean;
  watch: boolean;
}

/** Parses the flags. Throws a usage error for flags that cannot be combined. */
export function parseUsage({ options, settings, terminal, now }: CommandInput<UsageFlags>): UsageOptions {
  const { since, until, model, provider, project, profile, command, vendor, key, tag, outFile: out } = options;
  const whatIf = options.whatIf
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  checkTogether(options, whatIf);
  const format = options.json === true ? 'json' : (options.output ?? formatOf(out));
  const isShown = format === undefined && out === undefined && whatIf === undefined && options.advise !== true;
  const isLive = isShown && options.static !== true && terminal.stdout.isAnimated && terminal.hasKeyboard;
  if (options.watch === true && !isLive) {
    throw usageError(
      '--watch needs an interactive terminal and cannot be combined with other output',
      'omit --watch, or watch on a terminal: orx usage --watch',
    );
  }
  return {
    settings,
    period: parsePeriod({ since, until }, now),
    typed: { since, until },
    by: options.by ?? 'model',
    filter: { model, provider, project, profile, command, vendor, clientKey: key, tag },
    limit: options.limit === undefined ? undefined : parseLimit('--limit', options.limit),
    format: format ?? 'table',
    place: { out, force: options.force === true },
    whatIf,
    prices: options.prices ?? 'today',
    advise: options.advise === true,
    isLive,
    watch: options.watch === true,
  };
}

function checkTogether(options: UsageFlags, whatIf: readonly string[] | undefined): void {
  if (whatIf?.length === 0)
    throw usageError('--what-if needs a model', 'name one or more: --what-if deepseek/deepseek-chat,openai/gpt-4o');
  if (whatIf === undefined && options.prices !== undefined)
    throw usageError('--prices needs --what-if', 'name the models: --what-if MODEL,MODEL');
  if (options.outFile === undefined && options.force === true)
    throw usageError('--force needs --out-file', 'name the file: --out-file FILE');
}

function formatOf(out: string | undefined): UsageFormat | undefined {
  return out === undefined ? undefined : FORMATS_OF_FILES[/\.(\w+)$/.exec(out.toLowerCase())?.[1] ?? ''];
}
