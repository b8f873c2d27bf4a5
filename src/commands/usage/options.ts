import { parseLimit } from '../../core/settings/parse-count.ts';
import { parsePeriod, type UsagePeriod } from '../../core/usage/parse-period.ts';
import type { UsageGrouping } from '../../core/usage/usage-report.ts';
import { usageError } from '../../errors.ts';
import type { PricesOf } from '../../output/usage/what-if.ts';
import type { EntryFilter } from '../../storage/ledger/entry.ts';
import type { Context } from '../context.ts';
import { isAnimated } from '../is-drawable.ts';
import type { ReportPlace } from '../write-report.ts';

export const USAGE_FORMATS = ['table', 'json', 'csv', 'markdown', 'html'] as const;
export type UsageFormat = (typeof USAGE_FORMATS)[number];

/** Ends of file names that say what is in the file. */
const FORMATS_OF_FILES: Readonly<Record<string, UsageFormat>> = { html: 'html', json: 'json', csv: 'csv', md: 'markdown' };

/** What one run of usage asks the ledger and how it shows the answer. */
export interface UsageOptions {
  period: UsagePeriod;
  /** As it was asked for. */
  typed: { since?: string | undefined; until?: string | undefined };
  by: UsageGrouping;
  filter: Omit<EntryFilter, 'since' | 'until'>;
  limit: number | undefined;
  format: UsageFormat;
  place: ReportPlace;
  /** Models to price the past on; undefined when that is not asked. */
  whatIf: readonly string[] | undefined;
  prices: PricesOf;
  advise: boolean;
  /** The dashboard is drawn. */
  isLive: boolean;
  watch: boolean;
}

type Typed = Readonly<Record<string, unknown>>;

export function usageOptions(options: Typed, context: Context): UsageOptions {
  const text = (name: string): string | undefined => options[name] as string | undefined;
  const whatIf = text('whatIf')
    ?.split(',')
    .map((model) => model.trim())
    .filter((model) => model !== '');
  const typed = { since: text('since'), until: text('until') };
  checkTogether(options, whatIf);
  const out = text('outFile');
  const format = options['json'] === true ? 'json' : ((options['output'] as UsageFormat | undefined) ?? formatOf(out));
  const isShown = format === undefined && out === undefined && whatIf === undefined && options['advise'] !== true;
  const canLive = isAnimated(context) && context.terminal.streams.stdin.isTTY === true;
  const watch = options['watch'] === true;
  if (watch && !(isShown && canLive && options['static'] !== true)) {
    throw usageError(
      '--watch needs a terminal that can be drawn on, and nothing else to write',
      'leave out --watch, or run orx usage --watch on a terminal',
    );
  }
  return {
    period: parsePeriod(typed, context.clock.now()),
    typed,
    by: (options['by'] as UsageGrouping | undefined) ?? 'model',
    filter: {
      model: text('model'),
      provider: text('provider'),
      project: options['project'] === undefined ? undefined : context.files.projectFolder(text('project')),
      profile: text('profile'),
      command: text('command'),
    },
    limit: options['limit'] === undefined ? undefined : parseLimit('--limit', text('limit')!),
    format: format ?? 'table',
    place: { out, force: options['force'] === true },
    whatIf,
    prices: (options['prices'] as PricesOf | undefined) ?? 'today',
    advise: options['advise'] === true,
    isLive: isShown && canLive && options['static'] !== true,
    watch,
  };
}

function checkTogether(options: Typed, whatIf: readonly string[] | undefined): void {
  if (whatIf !== undefined && options['advise'] === true)
    throw usageError('--what-if and --advise are two reports', 'ask for one after the other');
  if (whatIf?.length === 0)
    throw usageError('--what-if names no model', 'name one or more: --what-if deepseek/deepseek-chat,openai/gpt-4o');
  if (whatIf === undefined && options['prices'] !== undefined)
    throw usageError('--prices says at which prices --what-if counts', 'name the models with --what-if');
  if (options['outFile'] === undefined && options['force'] === true)
    throw usageError('--force lets --out-file replace a file', 'name the file with --out-file');
}

function formatOf(out: string | undefined): UsageFormat | undefined {
  return out === undefined ? undefined : FORMATS_OF_FILES[/\.(\w+)$/.exec(out.toLowerCase())?.[1] ?? ''];
}
