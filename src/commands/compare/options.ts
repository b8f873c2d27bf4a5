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

/** What one run of compare asks and how it shows what comes. */
export interface CompareRunOptions {
  /** Two to eight, each once, in the order given. */
  models: readonly string[];
  /** Those that were named more than once. */
  repeated: readonly string[];
  format: 'text' | 'json';
  rankBy: RankMeasure;
  isQuiet: boolean;
  /** A receipt for each lane on standard error. */
  showsReceipts: boolean;
  /** The answers that Ink leaves behind are shown as what their Markdown means. */
  isMarkdown: boolean;
  /** Ink draws the lanes side by side. */
  isLive: boolean;
}

/** The same with the ids that the names stand for. Throws a usage error when they are all one model. */
export function lanesOf(options: CompareRunOptions, ids: readonly string[]): CompareRunOptions {
  const models = [...new Set(ids)];
  if (models.length < 2) throw usageError(`all names refer to one model, ${models[0]}`, SEARCH_MODELS);
  const repeated = models.filter((model) => ids.indexOf(model) !== ids.lastIndexOf(model));
  return { ...options, models, repeated: [...new Set([...options.repeated, ...repeated])] };
}

/** `orx compare`: what is asked, and how the answers are shown. */
export interface CompareCommandOptions {
  settings: ChatSettings;
  words: readonly string[];
  /** Settings that were typed. */
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

/** What is said of a comparison; all but the names may be left out. */
export interface AskedComparison {
  /** As they were typed: a name may be a comma list. */
  names: readonly string[];
  /** Undefined: text, drawn side by side where that can be. */
  format?: 'text' | 'json' | undefined;
  rankBy?: RankMeasure;
  isQuiet?: boolean;
  showsReceipts?: boolean;
  isRaw?: boolean;
}

/** Throws a usage error for fewer than two models, and for more than there is room for. */
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
