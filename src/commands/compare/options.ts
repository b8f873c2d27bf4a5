import {
  type ChatSettings,
  LEDGER_SETTINGS,
  PARAMETER_SETTINGS,
  REQUEST_SETTINGS,
  ROUTING_SETTINGS,
  SCREEN_SETTINGS,
  type ScreenSettings,
} from '../../core/settings/groups.ts';
import { checkSettings } from '../../core/settings/resolve.ts';
import { MOST_LANES } from '../../core/compare/most-lanes.ts';
import type { RankMeasure } from '../../core/compare/rank-measures.ts';
import { usageError } from '../../errors.ts';
import { SEARCH_MODELS } from '../../hints.ts';
import type { TerminalFacts } from '../is-drawable.ts';
import type { CommandInput, SettingFlags } from '../register.ts';
import type { CompareFlags } from './flags.ts';

/** What a comparison requests, and how it shows the answers. */
export interface CompareRunOptions {
  /** Two to eight models without duplicates, in the order given. */
  models: readonly string[];
  /** Models that were named more than once. */
  repeated: readonly string[];
  format: 'text' | 'json';
  rankBy: RankMeasure;
  isQuiet: boolean;
  /** Prints a receipt for each lane on standard error. */
  showsReceipts: boolean;
  /** Renders the Markdown of the answers that remain after Ink has ended. */
  isMarkdown: boolean;
  /** Draw the lanes side by side with Ink. */
  isLive: boolean;
}

/** Returns the options with the ids that the names refer to. Throws a usage error if all refer to one model. */
export function lanesOf(options: CompareRunOptions, ids: readonly string[]): CompareRunOptions {
  const models = [...new Set(ids)];
  if (models.length < 2) throw usageError(`all names refer to one model, ${models[0]}`, SEARCH_MODELS);
  const repeated = models.filter((model) => ids.indexOf(model) !== ids.lastIndexOf(model));
  return { ...options, models, repeated: [...new Set([...options.repeated, ...repeated])] };
}

/** The options of `orx compare`: what to request, and how to show the answers. */
export interface CompareCommandOptions {
  settings: ChatSettings;
  words: readonly string[];
  /** Settings given as flags. */
  flags: SettingFlags;
  comparison: CompareRunOptions;
}

export function parseCompare({ words, options, flags, settings, terminal }: CommandInput<CompareFlags>): CompareCommandOptions {
  checkSettings(settings, [
    ...REQUEST_SETTINGS,
    ...PARAMETER_SETTINGS,
    ...ROUTING_SETTINGS,
    ...LEDGER_SETTINGS,
    ...SCREEN_SETTINGS,
  ]);
  const comparison = compareOptions(
    {
      names: options.model ?? [],
      format: options.json === true ? 'json' : options.output,
      rankBy: options.rankBy,
      isQuiet: options.quiet === true,
      showsReceipts: options.usage === true,
      isRaw: options.raw === true,
    },
    settings,
    terminal,
  );
  return { settings, words, flags, comparison };
}

/** The options of a comparison as given; all but the names are optional. */
export interface AskedComparison {
  /** As typed: a name may be a comma-separated list. */
  names: readonly string[];
  /** Undefined: text, drawn side by side where possible. */
  format?: 'text' | 'json' | undefined;
  rankBy?: RankMeasure;
  isQuiet?: boolean;
  showsReceipts?: boolean;
  isRaw?: boolean;
}

/** Returns the options of a comparison. Throws a usage error for fewer than two models, and for more than fit. */
export function compareOptions(
  { names, format, rankBy = 'cost', isQuiet = false, showsReceipts = false, isRaw = false }: AskedComparison,
  settings: Pick<ScreenSettings, 'markdown'>,
  terminal: Pick<TerminalFacts, 'stdout'>,
): CompareRunOptions {
  const named = names.flatMap((list) => list.split(',')).map((model) => model.trim());
  const models = [...new Set(named.filter((model) => model !== ''))];
  const hint = 'name each model: orx compare "PROMPT" -m deepseek/deepseek-chat -m openai/gpt-4o-mini';
  if (models.length < 2)
    throw usageError(`compare needs at least two models${models.length === 0 ? '' : `, not only ${models[0]}`}`, hint);
  if (models.length > MOST_LANES)
    throw usageError(`compare accepts at most ${MOST_LANES} models, not ${models.length}`, 'compare them in two commands');
  return {
    models,
    repeated: models.filter((model) => named.filter((other) => other === model).length > 1),
    format: format ?? 'text',
    rankBy,
    isQuiet,
    showsReceipts: !isQuiet && showsReceipts,
    isMarkdown: settings.markdown && !isRaw,
    isLive: format === undefined && terminal.stdout.isAnimated,
  };
}
