import type { ScreenSettings } from '../../core/settings/groups.ts';
import { MOST_LANES } from '../../core/compare/most-lanes.ts';
import { RANK_MEASURES, type RankMeasure } from '../../core/compare/rank-measures.ts';
import { usageError } from '../../errors.ts';
import { isAnimated, type Screen } from '../is-drawable.ts';

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
  if (models.length < 2) throw usageError(`all names mean one model, ${models[0]}`, 'name another with -m: orx models <words>');
  const repeated = models.filter((model) => ids.indexOf(model) !== ids.lastIndexOf(model));
  return { ...options, models, repeated: [...new Set([...options.repeated, ...repeated])] };
}

export function compareOptions(
  options: Readonly<Record<string, unknown>>,
  settings: Pick<ScreenSettings, 'markdown'>,
  screen: Screen,
): CompareRunOptions {
  const named = ((options['model'] ?? []) as readonly string[]).flatMap((list) => list.split(',')).map((model) => model.trim());
  const models = [...new Set(named.filter((model) => model !== ''))];
  const hint = 'name each with -m, such as: orx compare "…" -m deepseek/deepseek-chat -m openai/gpt-4o-mini';
  if (models.length < 2)
    throw usageError(`compare needs two models or more${models.length === 0 ? '' : `, not only ${models[0]}`}`, hint);
  if (models.length > MOST_LANES)
    throw usageError(`compare takes at most ${MOST_LANES} models, not ${models.length}`, 'compare them in two runs');
  const format = options['json'] === true ? 'json' : (options['output'] as 'text' | 'json' | undefined);
  return {
    models,
    repeated: models.filter((model) => named.filter((other) => other === model).length > 1),
    format: format ?? 'text',
    rankBy: RANK_MEASURES.find((measure) => measure === options['rankBy']) ?? 'cost',
    isQuiet: options['quiet'] === true,
    showsReceipts: options['quiet'] !== true && options['usage'] === true,
    isMarkdown: settings.markdown && options['raw'] !== true,
    isLive: format === undefined && isAnimated(screen),
  };
}
